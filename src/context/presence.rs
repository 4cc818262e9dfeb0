//! What people see of the bot beside its name.

use std::fmt;

use twilight_model::gateway::OpCode;
use twilight_model::gateway::payload::outgoing::UpdatePresence;
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;
use twilight_model::gateway::presence::{Activity, ActivityType, MinimalActivity, Status};

use crate::context::{Context, NotSent};

/// How many characters of a text are shown.
const MOST_SHOWN: usize = 128;
/// How long an address is taken.
const MOST_OF_URL: usize = 512;
/// What a status of its own is called. Nobody sees it. (Discord: Gateway Events, Activity Types.)
const CUSTOM: &str = "Custom Status";

/// What people see of the bot beside its name: whether it is there, and what it does.
///
/// Of activities there is one: another takes its place. Discord shows 128 characters of a text, and what is
/// longer is cut off here. A presence of more than this is sent as twilight's
/// [`UpdatePresence`], by [`Shard::command`](crate::context::Shard::command).
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn rests(ctx: &Context, _: &Ready) -> Result<()> {
///     ctx.set_presence(Presence::idle().custom("having a rest"))?;
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it is set by `ctx.set_presence(..)` or `BotBuilder::presence(..)`"]
pub struct Presence {
    status: Status,
    activity: Option<Activity>,
}

impl Presence {
    /// Creates a presence: the bot is there.
    pub fn online() -> Self {
        Self::new(Status::Online)
    }

    /// Creates a presence: the bot is there, and does nothing.
    pub fn idle() -> Self {
        Self::new(Status::Idle)
    }

    /// Creates a presence: the bot is there, and is not to be disturbed.
    pub fn do_not_disturb() -> Self {
        Self::new(Status::DoNotDisturb)
    }

    /// Creates a presence: the bot is there, and seems not to be.
    pub fn invisible() -> Self {
        Self::new(Status::Invisible)
    }

    fn new(status: Status) -> Self {
        Self {
            status,
            activity: None,
        }
    }

    /// Shows that the bot plays something.
    pub fn playing(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Playing, name.into(), None)
    }

    /// Shows that the bot streams something, at an address of Twitch's or `YouTube`'s: of others Discord
    /// shows that it plays.
    pub fn streaming(self, name: impl Into<String>, url: impl Into<String>) -> Self {
        let url = cut(url.into(), MOST_OF_URL);
        self.doing(ActivityType::Streaming, name.into(), Some(url))
    }

    /// Shows that the bot listens to something.
    pub fn listening_to(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Listening, name.into(), None)
    }

    /// Shows that the bot watches something.
    pub fn watching(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Watching, name.into(), None)
    }

    /// Shows that the bot competes in something.
    pub fn competing_in(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Competing, name.into(), None)
    }

    /// Shows a text by itself.
    pub fn custom(self, text: impl Into<String>) -> Self {
        let mut custom = self.doing(ActivityType::Custom, CUSTOM.to_owned(), None);
        if let Some(activity) = &mut custom.activity {
            activity.state = Some(cut(text.into(), MOST_SHOWN));
        }
        custom
    }

    fn doing(mut self, kind: ActivityType, name: String, url: Option<String>) -> Self {
        let name = cut(name, MOST_SHOWN);
        self.activity = Some(MinimalActivity { kind, name, url }.into());
        self
    }

    /// Returns it in the form in which the gateway is told.
    pub(crate) fn into_command(self) -> UpdatePresence {
        // twilight's own function wants an activity. Discord does not.
        UpdatePresence {
            d: UpdatePresencePayload {
                activities: self.activity.into_iter().collect(),
                afk: false,
                since: None,
                status: self.status,
            },
            op: OpCode::PresenceUpdate,
        }
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it says may be somebody's.
        f.debug_struct("Presence")
            .field("status", &self.status)
            .field(
                "activity",
                &self.activity.as_ref().map(|activity| activity.kind),
            )
            .finish()
    }
}

impl Context {
    /// Sets what people see of the bot, beside its name: by all its shards, at once and when they begin
    /// sessions.
    ///
    /// It does not wait. Of presences that are set one after the other the last is sent, and no more than
    /// the five in 20 seconds that Discord takes of a shard.
    ///
    /// # Errors
    ///
    /// [`NotSent::Closed`] if the bot is stopping.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// /// Say what the bot is doing.
    /// #[command]
    /// async fn play(ctx: &CommandContext, /** What does it play? */ game: String) -> Result<()> {
    ///     ctx.set_presence(Presence::online().playing(game))?;
    ///     ctx.reply("So be it.").await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn set_presence(&self, presence: Presence) -> Result<(), NotSent> {
        self.home.fleet().show(presence)
    }
}

/// Cuts off what is more than so many characters.
fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn activities(presence: Presence) -> serde_json::Value {
        serde_json::to_value(presence.into_command()).unwrap()["d"]["activities"].take()
    }

    #[test]
    fn each_activity_is_told_as_discord_knows_it() {
        let told = |kind: u8, url: Option<&str>| {
            let mut told = json!({ "created_at": null, "name": "x", "type": kind });
            if let Some(url) = url {
                told["url"] = json!(url);
            }
            json!([told])
        };
        let online = Presence::online;

        assert_eq!(activities(online().playing("x")), told(0, None));
        let url = "https://www.twitch.tv/x";
        assert_eq!(activities(online().streaming("x", url)), told(1, Some(url)));
        assert_eq!(activities(online().listening_to("x")), told(2, None));
        assert_eq!(activities(online().watching("x")), told(3, None));
        assert_eq!(activities(online().competing_in("x")), told(5, None));
        let custom = activities(online().playing("y").custom("x"));
        assert_eq!(
            (&custom[0]["type"], &custom[0]["state"], &custom[1]),
            (&json!(4), &json!("x"), &json!(null))
        );
        assert_eq!(activities(online()), json!([]));
    }

    #[test]
    fn no_text_is_longer_than_is_shown() {
        let long = "é".repeat(5_000);
        for presence in [
            Presence::idle().playing(&long),
            Presence::idle().custom(&long),
            Presence::idle().streaming(&long, &long),
        ] {
            let told = serde_json::to_string(&presence.into_command()).unwrap();
            assert!(told.len() < 4_096, "{}", told.len());
        }
    }
}
