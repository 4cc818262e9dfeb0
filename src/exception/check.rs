//! The errors of checks: who may not use something, where it may not be used, and for how long.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use twilight_model::guild::Permissions;

use crate::Exception;
use crate::exception::{CommandError, UserFacing};

/// A check did not let somebody use a command, a component or a modal.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the check `{check}` did not pass")]
#[facet(dyn UserFacing)]
pub struct CheckFailed {
    #[base]
    base: CommandError,
    check: Cow<'static, str>,
}

impl CheckFailed {
    /// Creates the failure of a check, by the check's name.
    #[must_use]
    pub fn new(check: impl Into<Cow<'static, str>>) -> Self {
        Self {
            base: CommandError::new("a check did not pass"),
            check: check.into(),
        }
    }

    /// Returns the check's name.
    #[must_use]
    pub fn check(&self) -> &str {
        &self.check
    }
}

impl UserFacing for CheckFailed {
    fn text(&self) -> String {
        "You cannot do that.".to_owned()
    }
}

/// Something for guilds only was used in a direct message.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("this works only in guilds")]
#[facet(dyn UserFacing)]
pub struct GuildOnly {
    #[base]
    base: CheckFailed,
}

impl GuildOnly {
    pub(crate) fn new() -> Self {
        Self {
            base: CheckFailed::new("guild_only"),
        }
    }
}

impl UserFacing for GuildOnly {
    fn text(&self) -> String {
        "That works only in servers.".to_owned()
    }
}

/// Something for direct messages only was used in a guild.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("this works only in direct messages")]
#[facet(dyn UserFacing)]
pub struct DirectOnly {
    #[base]
    base: CheckFailed,
}

impl DirectOnly {
    pub(crate) fn new() -> Self {
        Self {
            base: CheckFailed::new("direct_only"),
        }
    }
}

impl UserFacing for DirectOnly {
    fn text(&self) -> String {
        "That works only in direct messages.".to_owned()
    }
}

/// Something for the owners of the bot was used by somebody else.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("only the owners of the bot may use this")]
#[facet(dyn UserFacing)]
pub struct NotOwner {
    #[base]
    base: CheckFailed,
}

impl NotOwner {
    pub(crate) fn new() -> Self {
        Self {
            base: CheckFailed::new("owner_only"),
        }
    }
}

impl UserFacing for NotOwner {
    fn text(&self) -> String {
        "Only the owners of this bot can do that.".to_owned()
    }
}

/// Somebody used a component that belongs to somebody else.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the component belongs to another user")]
#[facet(dyn UserFacing)]
pub struct NotTheirs {
    #[base]
    base: CheckFailed,
}

impl NotTheirs {
    pub(crate) fn new() -> Self {
        Self {
            base: CheckFailed::new("owner of the component"),
        }
    }
}

impl UserFacing for NotTheirs {
    fn text(&self) -> String {
        "That is not for you.".to_owned()
    }
}

/// Whose permissions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Those of the person who used the command or component.
    User,
    /// Those of the bot.
    Bot,
}

/// The person or the bot lacks permissions in the channel.
///
/// Nothing was sent to Discord, which would answer [`MissingPermissions`](crate::exception::MissingPermissions).
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{} {}", lacks(*whose), names(*missing))]
#[facet(dyn UserFacing)]
pub struct LacksPermissions {
    #[base]
    base: CheckFailed,
    whose: Whose,
    missing: Permissions,
}

impl LacksPermissions {
    pub(crate) fn new(whose: Whose, missing: Permissions) -> Self {
        let check = match whose {
            Whose::User => "user_permissions",
            Whose::Bot => "bot_permissions",
        };
        Self {
            base: CheckFailed::new(check),
            whose,
            missing,
        }
    }

    /// Returns who lacks them.
    #[must_use]
    pub fn whose(&self) -> Whose {
        self.whose
    }

    /// Returns the permissions that are missing.
    #[must_use]
    pub fn missing(&self) -> Permissions {
        self.missing
    }
}

impl UserFacing for LacksPermissions {
    fn text(&self) -> String {
        let missing = names(self.missing);
        match self.whose {
            Whose::User => format!("You need {missing} to do that."),
            Whose::Bot => format!("I need {missing} to do that."),
        }
    }
}

fn lacks(whose: Whose) -> &'static str {
    match whose {
        Whose::User => "the user lacks",
        Whose::Bot => "the bot lacks",
    }
}

/// Names permissions as Discord's settings do: "Ban Members and Kick Members".
pub(crate) fn names(permissions: Permissions) -> String {
    let names = permissions.iter_names().map(|(name, _)| shown_name(name));
    let names: Vec<_> = names.collect();
    match names.as_slice() {
        [] => "no permission".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Names a permission as Discord's settings do: mostly by the words of its name.
fn shown_name(name: &str) -> String {
    let other = match name {
        "CREATE_GUILD_EXPRESSIONS" => "Create Expressions",
        "MANAGE_EMOJIS_AND_STICKERS" => "Manage Expressions",
        "MANAGE_GUILD" => "Manage Server",
        "MODERATE_MEMBERS" => "Timeout Members",
        "SEND_MESSAGES_IN_THREADS" => "Send Messages in Threads",
        "SEND_TTS_MESSAGES" => "Send Text-to-Speech Messages",
        "STREAM" => "Video",
        "USE_SLASH_COMMANDS" => "Use Application Commands",
        "USE_VAD" => "Use Voice Activity",
        "VIEW_CHANNEL" => "View Channels",
        _ => "",
    };
    if !other.is_empty() {
        return other.to_owned();
    }
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{first}{}", rest.to_lowercase())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Who shares a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    /// Each user has a limit of their own.
    User,
    /// Each guild has a limit of its own, and each private channel with the bot.
    Guild,
    /// Each channel has a limit of its own.
    Channel,
    /// Everybody shares one limit.
    Everybody,
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::Guild => "guild",
            Self::Channel => "channel",
            Self::Everybody => "everybody",
        })
    }
}

/// Something was used too often, and can be used again later.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("used too often (per {per}): try again in {retry_after:.1?}")]
#[facet(dyn UserFacing)]
pub struct OnCooldown {
    #[base]
    base: CheckFailed,
    retry_after: Duration,
    per: Per,
}

impl OnCooldown {
    pub(crate) fn new(retry_after: Duration, per: Per) -> Self {
        Self {
            base: CheckFailed::new("cooldown"),
            retry_after,
            per,
        }
    }

    /// Returns how long to wait.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }

    /// Returns who shares the limit.
    #[must_use]
    pub fn per(&self) -> Per {
        self.per
    }
}

impl UserFacing for OnCooldown {
    fn text(&self) -> String {
        format!("Try again in {}.", in_words(self.retry_after))
    }
}

/// Something is already in use as often at once as it may be.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("already running {most} times at once (per {per})")]
#[facet(dyn UserFacing)]
pub struct TooManyAtOnce {
    #[base]
    base: CheckFailed,
    most: u32,
    per: Per,
}

impl TooManyAtOnce {
    pub(crate) fn new(most: u32, per: Per) -> Self {
        Self {
            base: CheckFailed::new("max_concurrency"),
            most,
            per,
        }
    }

    /// Returns how many uses there may be at once.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.most
    }

    /// Returns who shares the limit.
    #[must_use]
    pub fn per(&self) -> Per {
        self.per
    }
}

impl UserFacing for TooManyAtOnce {
    fn text(&self) -> String {
        "That is still running. Try again when it is done.".to_owned()
    }
}

/// Says how long something takes, as people do: rounded up to seconds, minutes or hours.
pub(crate) fn in_words(time: Duration) -> String {
    let seconds = time.as_millis().div_ceil(1_000).max(1);
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_named_as_people_read_them() {
        let several =
            Permissions::KICK_MEMBERS | Permissions::BAN_MEMBERS | Permissions::MANAGE_GUILD;

        assert_eq!(names(Permissions::BAN_MEMBERS), "Ban Members");
        assert_eq!(names(Permissions::MODERATE_MEMBERS), "Timeout Members");
        assert_eq!(
            names(Permissions::MANAGE_GUILD_EXPRESSIONS),
            "Manage Expressions"
        );
        assert_eq!(
            names(several),
            "Kick Members, Ban Members and Manage Server"
        );
    }

    #[test]
    fn times_are_rounded_up_to_what_people_wait_for() {
        for (millis, words) in [
            (1, "1 second"),
            (1_001, "2 seconds"),
            (119_000, "119 seconds"),
            (120_001, "3 minutes"),
            (3_600_000, "60 minutes"),
            (7_200_000, "2 hours"),
        ] {
            assert_eq!(in_words(Duration::from_millis(millis)), words);
        }
    }
}
