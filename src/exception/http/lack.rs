//! What the bot may not do, or not see: which permission it is, as far as that can be known.

use std::fmt;

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::exception::check::names;
use crate::exception::http::call::Call;
use crate::exception::http::permissions::Needs;
use crate::exception::http::{MissingAccess, MissingPermissions};

/// Whose permissions they are, which is what people take for their own.
const WHOSE: &str = "The bot's own permissions count here, not the user's";

/// Which permission the bot lacks for a call.
pub(crate) struct Lack<'a> {
    call: &'a Call,
    needs: Option<&'static Needs>,
}

impl<'a> Lack<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        Self {
            call,
            needs: call.route.as_ref().and_then(Needs::of),
        }
    }

    fn needed(&self) -> Permissions {
        self.needs.map_or(Permissions::empty(), Needs::any)
    }

    fn missing(&self) -> Option<Permissions> {
        missing(self.call, self.needed())
    }

    /// Names what the bot lacks: what it may lack, as long as it is not known what it has.
    fn lacks(&self, needs: &Needs, lacking: Permissions) -> String {
        let all = needs.all & lacking;
        let in_threads = needs.in_threads & lacking;
        let one_of = needs.one_of & lacking;
        let is_open = self.call.allowed.is_none() && (all | one_of).bits().count_ones() > 1;
        let either = if is_open { "one of " } else { "" };
        match (all.is_empty(), in_threads.is_empty()) {
            (true, true) => format!("{either}{}, which this may need", names(one_of)),
            (true, false) => format!("{}, which this needs in a thread", names(in_threads)),
            (false, true) => format!("{either}{}", names(all)),
            (false, false) => format!("{}, or {} in a thread", names(all), names(in_threads)),
        }
    }
}

/// Says what is lacking, whose it is, and where it is granted.
impl fmt::Display for Lack<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(needs) = self.needs else {
            return write!(
                f,
                "The bot lacks a permission, or its highest role is not above the target's. {WHOSE}"
            );
        };
        let place = place(self.call);
        let lacking = match (self.call.allowed, self.missing()) {
            (None, _) => self.needed(),
            (Some(_), Some(missing)) => missing,
            (Some(_), None) => return has_all(f, needs, &place),
        };
        write!(f, "The bot lacks {}{place}", self.lacks(needs, lacking))?;
        if needs.is_over {
            f.write_str("; or its highest role is not above the target's")?;
        }
        write!(
            f,
            ". {WHOSE}: grant it to the bot's role{}",
            settings(self.call)
        )
    }
}

/// Says what else it can be, if no permission is lacking.
fn has_all(f: &mut fmt::Formatter<'_>, needs: &Needs, place: &str) -> fmt::Result {
    let has = names(needs.any());
    if needs.is_over {
        return write!(
            f,
            "The bot has {has}{place}, so the cause is the order of roles: its highest role is not \
             above the target's, or the target owns the guild. Move the bot's role up in the \
             guild's settings"
        );
    }
    write!(
        f,
        "The bot had {has}{place}: that may have changed, or the request needs more, such as Embed \
         Links or Attach Files. {WHOSE}"
    )
}

/// What the bot cannot see.
pub(crate) struct Sight<'a>(&'a Call);

impl<'a> Sight<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        Self(call)
    }

    /// To do anything in a channel takes seeing it.
    fn needed(&self) -> Permissions {
        let Self(call) = self;
        let sight = match channel_id(call) {
            Some(_) => Permissions::VIEW_CHANNEL,
            None => Permissions::empty(),
        };
        sight | Lack::of(call).needed()
    }

    fn missing(&self) -> Option<Permissions> {
        missing(self.0, self.needed())
    }
}

impl fmt::Display for Sight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(channel) = channel_id(self.0) else {
            return f.write_str(
                "The bot has no access: let it view the channel, or invite it again with the \
                 scopes that it needs",
            );
        };
        write!(f, "The bot cannot see channel {channel}")?;
        if let Some(missing) = self.missing() {
            write!(f, ", where it lacks {}", names(missing))?;
        }
        write!(
            f,
            ". {WHOSE}: grant View Channels, and Connect for voice channels, to the bot's role{}",
            settings(self.0)
        )
    }
}

/// Returns what is needed and not allowed, if it is known what is.
fn missing(call: &Call, needed: Permissions) -> Option<Permissions> {
    let allowed = call.allowed?;
    let missing = needed - allowed;
    let is_lacking = !allowed.contains(Permissions::ADMINISTRATOR) && !missing.is_empty();
    is_lacking.then_some(missing)
}

fn channel_id(call: &Call) -> Option<Id<ChannelMarker>> {
    call.route.as_ref()?.channel_id()
}

fn guild_id(call: &Call) -> Option<Id<GuildMarker>> {
    call.route.as_ref()?.guild_id()
}

fn place(call: &Call) -> String {
    let channel = channel_id(call).map(|id| format!(" in channel {id}"));
    let guild = || guild_id(call).map(|id| format!(" in guild {id}"));
    channel.or_else(guild).unwrap_or_default()
}

fn settings(call: &Call) -> &'static str {
    match channel_id(call) {
        Some(_) => ", or to the bot in the channel's settings",
        None => "",
    }
}

/// Declares what is known of the permissions that a call needs.
macro_rules! explained {
    ($($name:ident by $lack:ident),*) => {$(
        impl $name {
            /// Returns the permissions that the request can need, as Discord documents them. There are none
            /// if that is unknown.
            ///
            /// They can be more than the request needs in a particular case: a message in a thread needs
            /// another permission than a message elsewhere, and a change of a member depends on what is
            /// changed.
            #[must_use]
            pub fn needed(&self) -> Permissions {
                $lack::of(&self.answer.call).needed()
            }

            /// Returns which of these permissions the bot lacks, if it lacks any and cordial knows its
            /// permissions there.
            #[must_use]
            pub fn missing(&self) -> Option<Permissions> {
                $lack::of(&self.answer.call).missing()
            }

            /// Returns the channel, if the request was about one.
            #[must_use]
            pub fn channel_id(&self) -> Option<Id<ChannelMarker>> {
                channel_id(&self.answer.call)
            }

            /// Returns the guild, if the request names one.
            #[must_use]
            pub fn guild_id(&self) -> Option<Id<GuildMarker>> {
                guild_id(&self.answer.call)
            }
        }
    )*};
}

explained!(MissingAccess by Sight, MissingPermissions by Lack);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exception::http::Route;

    fn call(method: &str, path: &str, allowed: Option<Permissions>) -> Call {
        Call {
            route: Some(Route::new(method, path)),
            attempts: 1,
            allowed,
        }
    }

    fn lack(method: &str, path: &str, allowed: Option<Permissions>) -> String {
        Lack::of(&call(method, path, allowed)).to_string()
    }

    #[test]
    fn what_is_lacking_is_named_with_where_it_is_granted() {
        assert_eq!(
            lack("DELETE", "/channels/1/messages/2", None),
            "The bot lacks Manage Messages in channel 1. The bot's own permissions count here, not \
             the user's: grant it to the bot's role, or to the bot in the channel's settings"
        );
    }

    #[test]
    fn a_thread_needs_another_permission_than_a_channel() {
        let lack = |allowed| lack("POST", "/channels/1/messages", allowed);

        for (allowed, expected) in [
            (
                None,
                "lacks Send Messages, or Send Messages in Threads in a thread in channel 1.",
            ),
            (
                Some(Permissions::SEND_MESSAGES),
                "lacks Send Messages in Threads, which this needs in a thread",
            ),
            (
                Some(Permissions::SEND_MESSAGES_IN_THREADS),
                "lacks Send Messages in channel 1.",
            ),
            (Some(Permissions::ADMINISTRATOR), "such as Embed Links"),
        ] {
            assert!(lack(allowed).contains(expected), "{}", lack(allowed));
        }
    }

    #[test]
    fn if_nothing_is_lacking_it_is_the_order_of_roles() {
        let lack = |allowed| lack("PUT", "/guilds/1/bans/2", allowed);

        assert!(
            lack(None).contains("lacks Ban Members in guild 1; or its highest role is not above")
        );
        assert!(
            lack(Some(Permissions::BAN_MEMBERS)).contains("so the cause is the order of roles")
        );
    }

    #[test]
    fn what_a_change_of_a_member_needs_depends_on_what_is_changed() {
        let lack = |allowed| lack("PATCH", "/guilds/1/members/2", allowed);

        assert!(
            lack(None).contains("lacks one of Mute Members, "),
            "{}",
            lack(None)
        );
        let others =
            Permissions::all() - Permissions::ADMINISTRATOR - Permissions::MODERATE_MEMBERS;
        let lack = lack(Some(others));
        assert!(
            lack.contains("lacks Timeout Members, which this may need in guild 1; or"),
            "{lack}"
        );
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        for call in [
            Call::default(),
            call("GET", "/users/@me", Some(Permissions::empty())),
        ] {
            let lack = Lack::of(&call);
            assert_eq!(
                (lack.needed(), lack.missing()),
                (Permissions::empty(), None)
            );
            assert!(
                lack.to_string()
                    .starts_with("The bot lacks a permission, or")
            );
        }
    }

    #[test]
    fn to_do_anything_in_a_channel_takes_seeing_it() {
        let call = call(
            "DELETE",
            "/channels/1/messages/2",
            Some(Permissions::MANAGE_MESSAGES),
        );
        let sight = Sight::of(&call);

        assert_eq!(
            sight.needed(),
            Permissions::VIEW_CHANNEL | Permissions::MANAGE_MESSAGES
        );
        assert_eq!(sight.missing(), Some(Permissions::VIEW_CHANNEL));
        let text = sight.to_string();
        assert!(
            text.starts_with("The bot cannot see channel 1, where it lacks View Channels."),
            "{text}"
        );
    }
}
