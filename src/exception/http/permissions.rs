//! Which permissions what takes: Discord says that one is missing, and not which.
//!
//! From its documentation: Resources, at each request. Where that is silent, as it is for typing and for
//! some threads, it is what the permission is for: Permissions, Bitwise Permission Flags. What a request
//! takes only because of what is in it, such as Attach Files, does not follow from its path, and is not
//! here.

use twilight_model::guild::Permissions;

use crate::exception::http::Route;

/// The permissions that a request can take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    method: &'static str,
    /// The path, as Discord's `OpenAPI` document has it: what is in braces stands for anything, and for
    /// an id if it ends in `_id`.
    path: &'static str,
    /// Those that it always takes, but for threads.
    pub(crate) all: Permissions,
    /// Those that it takes instead if the channel is a thread, which cannot be seen by its id.
    pub(crate) in_threads: Permissions,
    /// Those of which it takes some, which depends on what is sent.
    pub(crate) one_of: Permissions,
    /// Whether the bot's highest role has to be above that of whom, or what, it acts on.
    pub(crate) is_over: bool,
}

impl Needs {
    /// Finds what a request takes.
    pub(crate) fn of(route: &Route) -> Option<&'static Self> {
        TABLE
            .iter()
            .find(|needs| needs.method == route.method() && fits(needs.path, route.path()))
    }

    /// Returns all permissions that it can take.
    pub(crate) fn any(&self) -> Permissions {
        self.all | self.in_threads | self.one_of
    }
}

/// Returns whether a path is of a shape.
fn fits(shape: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let is_alike = shape.split('/').all(|expected| {
        segments.next().is_some_and(|segment| match expected {
            _ if expected.ends_with("_id}") => is_id(segment),
            _ if expected.starts_with('{') => !segment.is_empty(),
            _ => expected == segment,
        })
    });
    is_alike && segments.next().is_none()
}

fn is_id(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes the table, one request to a line.
macro_rules! table {
    ($($method:ident $path:literal $(: $($all:ident)|+)? $(, one of $($one_of:ident)|+)?
        $(, in threads $($in_threads:ident)|+)? $(, over $whom:ident)?;)*) => {
        &[$(Needs {
            method: stringify!($method),
            path: $path,
            all: Permissions::empty()$($(.union(Permissions::$all))+)?,
            one_of: Permissions::empty()$($(.union(Permissions::$one_of))+)?,
            in_threads: Permissions::empty()$($(.union(Permissions::$in_threads))+)?,
            is_over: !<[&str]>::is_empty(&[$(stringify!($whom))?]),
        }),*]
    };
}

const TABLE: &[Needs] = table! {
    // Channels.
    PATCH "/channels/{channel_id}": MANAGE_CHANNELS, in threads MANAGE_THREADS;
    DELETE "/channels/{channel_id}": MANAGE_CHANNELS, in threads MANAGE_THREADS;
    PUT "/channels/{channel_id}/permissions/{overwrite_id}": MANAGE_ROLES;
    DELETE "/channels/{channel_id}/permissions/{overwrite_id}": MANAGE_ROLES;
    GET "/channels/{channel_id}/invites": MANAGE_CHANNELS;
    POST "/channels/{channel_id}/invites": CREATE_INVITE;
    GET "/channels/{channel_id}/webhooks": MANAGE_WEBHOOKS;
    POST "/channels/{channel_id}/webhooks": MANAGE_WEBHOOKS;
    POST "/channels/{channel_id}/followers": MANAGE_WEBHOOKS;
    POST "/channels/{channel_id}/send-soundboard-sound": SPEAK | USE_SOUNDBOARD;
    // Messages.
    GET "/channels/{channel_id}/messages": VIEW_CHANNEL | READ_MESSAGE_HISTORY;
    POST "/channels/{channel_id}/messages": SEND_MESSAGES, in threads SEND_MESSAGES_IN_THREADS;
    POST "/channels/{channel_id}/typing": SEND_MESSAGES, in threads SEND_MESSAGES_IN_THREADS;
    GET "/channels/{channel_id}/messages/{message_id}": VIEW_CHANNEL | READ_MESSAGE_HISTORY;
    PATCH "/channels/{channel_id}/messages/{message_id}": MANAGE_MESSAGES;
    DELETE "/channels/{channel_id}/messages/{message_id}": MANAGE_MESSAGES;
    POST "/channels/{channel_id}/messages/bulk-delete": MANAGE_MESSAGES;
    POST "/channels/{channel_id}/messages/{message_id}/crosspost": SEND_MESSAGES | MANAGE_MESSAGES;
    GET "/guilds/{guild_id}/messages/search": READ_MESSAGE_HISTORY;
    // Pins.
    GET "/channels/{channel_id}/messages/pins": VIEW_CHANNEL | READ_MESSAGE_HISTORY;
    PUT "/channels/{channel_id}/messages/pins/{message_id}": PIN_MESSAGES;
    DELETE "/channels/{channel_id}/messages/pins/{message_id}": PIN_MESSAGES;
    GET "/channels/{channel_id}/pins": VIEW_CHANNEL | READ_MESSAGE_HISTORY;
    PUT "/channels/{channel_id}/pins/{message_id}": PIN_MESSAGES;
    DELETE "/channels/{channel_id}/pins/{message_id}": PIN_MESSAGES;
    // Reactions.
    PUT "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": READ_MESSAGE_HISTORY | ADD_REACTIONS;
    DELETE "/channels/{channel_id}/messages/{message_id}/reactions": MANAGE_MESSAGES;
    DELETE "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}": MANAGE_MESSAGES;
    DELETE "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}": MANAGE_MESSAGES;
    // Threads.
    POST "/channels/{channel_id}/messages/{message_id}/threads": CREATE_PUBLIC_THREADS;
    POST "/channels/{channel_id}/threads", one of SEND_MESSAGES | CREATE_PUBLIC_THREADS | CREATE_PRIVATE_THREADS;
    PUT "/channels/{channel_id}/thread-members/{user_id}": SEND_MESSAGES_IN_THREADS;
    DELETE "/channels/{channel_id}/thread-members/{user_id}": MANAGE_THREADS;
    GET "/channels/{channel_id}/threads/archived/public": READ_MESSAGE_HISTORY;
    GET "/channels/{channel_id}/threads/archived/private": READ_MESSAGE_HISTORY | MANAGE_THREADS;
    GET "/channels/{channel_id}/users/@me/threads/archived/private": READ_MESSAGE_HISTORY;
    // Guilds.
    PATCH "/guilds/{guild_id}": MANAGE_GUILD;
    GET "/guilds/{guild_id}/audit-logs": VIEW_AUDIT_LOG;
    POST "/guilds/{guild_id}/channels": MANAGE_CHANNELS;
    PATCH "/guilds/{guild_id}/channels": MANAGE_CHANNELS;
    GET "/guilds/{guild_id}/integrations": MANAGE_GUILD;
    DELETE "/guilds/{guild_id}/integrations/{integration_id}": MANAGE_GUILD;
    PUT "/guilds/{guild_id}/incident-actions": MANAGE_GUILD;
    GET "/guilds/{guild_id}/invites": MANAGE_GUILD;
    PUT "/guilds/{guild_id}/onboarding": MANAGE_GUILD | MANAGE_ROLES;
    GET "/guilds/{guild_id}/vanity-url": MANAGE_GUILD;
    GET "/guilds/{guild_id}/webhooks": MANAGE_WEBHOOKS;
    GET "/guilds/{guild_id}/welcome-screen": MANAGE_GUILD;
    PATCH "/guilds/{guild_id}/welcome-screen": MANAGE_GUILD;
    GET "/guilds/{guild_id}/widget": MANAGE_GUILD;
    PATCH "/guilds/{guild_id}/widget": MANAGE_GUILD;
    GET "/guilds/{guild_id}/templates": MANAGE_GUILD;
    POST "/guilds/{guild_id}/templates": MANAGE_GUILD;
    PUT "/guilds/{guild_id}/templates/{code}": MANAGE_GUILD;
    PATCH "/guilds/{guild_id}/templates/{code}": MANAGE_GUILD;
    DELETE "/guilds/{guild_id}/templates/{code}": MANAGE_GUILD;
    DELETE "/invites/{code}": MANAGE_CHANNELS;
    // Rules of AutoMod.
    GET "/guilds/{guild_id}/auto-moderation/rules": MANAGE_GUILD;
    POST "/guilds/{guild_id}/auto-moderation/rules": MANAGE_GUILD;
    GET "/guilds/{guild_id}/auto-moderation/rules/{rule_id}": MANAGE_GUILD;
    PATCH "/guilds/{guild_id}/auto-moderation/rules/{rule_id}": MANAGE_GUILD;
    DELETE "/guilds/{guild_id}/auto-moderation/rules/{rule_id}": MANAGE_GUILD;
    // Members.
    PATCH "/guilds/{guild_id}/members/@me": CHANGE_NICKNAME;
    PATCH "/guilds/{guild_id}/members/{user_id}", one of MUTE_MEMBERS | DEAFEN_MEMBERS | MOVE_MEMBERS | MANAGE_NICKNAMES | MANAGE_ROLES | MODERATE_MEMBERS, over them;
    DELETE "/guilds/{guild_id}/members/{user_id}": KICK_MEMBERS, over them;
    PUT "/guilds/{guild_id}/members/{user_id}/roles/{role_id}": MANAGE_ROLES, over them;
    DELETE "/guilds/{guild_id}/members/{user_id}/roles/{role_id}": MANAGE_ROLES, over them;
    GET "/guilds/{guild_id}/bans": BAN_MEMBERS;
    GET "/guilds/{guild_id}/bans/{user_id}": BAN_MEMBERS;
    PUT "/guilds/{guild_id}/bans/{user_id}": BAN_MEMBERS, over them;
    DELETE "/guilds/{guild_id}/bans/{user_id}": BAN_MEMBERS;
    POST "/guilds/{guild_id}/bulk-ban": BAN_MEMBERS | MANAGE_GUILD, over them;
    GET "/guilds/{guild_id}/prune": KICK_MEMBERS | MANAGE_GUILD;
    POST "/guilds/{guild_id}/prune": KICK_MEMBERS | MANAGE_GUILD;
    // Roles.
    POST "/guilds/{guild_id}/roles": MANAGE_ROLES;
    PATCH "/guilds/{guild_id}/roles": MANAGE_ROLES, over them;
    PATCH "/guilds/{guild_id}/roles/{role_id}": MANAGE_ROLES, over them;
    DELETE "/guilds/{guild_id}/roles/{role_id}": MANAGE_ROLES, over them;
    // Emojis, stickers and sounds. Of its own, creating them is enough.
    POST "/guilds/{guild_id}/emojis": CREATE_GUILD_EXPRESSIONS;
    PATCH "/guilds/{guild_id}/emojis/{emoji_id}": MANAGE_GUILD_EXPRESSIONS;
    DELETE "/guilds/{guild_id}/emojis/{emoji_id}": MANAGE_GUILD_EXPRESSIONS;
    POST "/guilds/{guild_id}/stickers": CREATE_GUILD_EXPRESSIONS;
    PATCH "/guilds/{guild_id}/stickers/{sticker_id}": MANAGE_GUILD_EXPRESSIONS;
    DELETE "/guilds/{guild_id}/stickers/{sticker_id}": MANAGE_GUILD_EXPRESSIONS;
    POST "/guilds/{guild_id}/soundboard-sounds": CREATE_GUILD_EXPRESSIONS;
    PATCH "/guilds/{guild_id}/soundboard-sounds/{sound_id}": MANAGE_GUILD_EXPRESSIONS;
    DELETE "/guilds/{guild_id}/soundboard-sounds/{sound_id}": MANAGE_GUILD_EXPRESSIONS;
    // Events. Of its own, creating them is enough.
    POST "/guilds/{guild_id}/scheduled-events": CREATE_EVENTS;
    PATCH "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}": MANAGE_EVENTS;
    DELETE "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}": MANAGE_EVENTS;
    // Stages and voice.
    POST "/stage-instances": MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;
    PATCH "/stage-instances/{channel_id}": MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;
    DELETE "/stage-instances/{channel_id}": MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;
    PATCH "/guilds/{guild_id}/voice-states/@me", one of MUTE_MEMBERS | REQUEST_TO_SPEAK;
    PATCH "/guilds/{guild_id}/voice-states/{user_id}": MUTE_MEMBERS;
    // Webhooks without their token.
    GET "/webhooks/{webhook_id}": MANAGE_WEBHOOKS;
    PATCH "/webhooks/{webhook_id}": MANAGE_WEBHOOKS;
    DELETE "/webhooks/{webhook_id}": MANAGE_WEBHOOKS;
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;

    /// Puts something where a path has braces.
    fn filled(path: &str) -> String {
        let segments = path.split('/').map(|segment| match segment {
            _ if segment.ends_with("_id}") => "1",
            _ if segment.starts_with('{') => "%F0%9F%8E%89",
            _ => segment,
        });
        segments.collect::<Vec<_>>().join("/")
    }

    #[test]
    fn each_request_is_found_by_its_path() {
        let mut seen = HashSet::new();
        for needs in TABLE {
            let found = Needs::of(&Route::new(needs.method, &filled(needs.path)));

            let found = found.map(|found| (found.method, found.path));
            assert_eq!(found, Some((needs.method, needs.path)));
            assert!(seen.insert((needs.method, needs.path)), "{needs:?} twice");
            assert!(!needs.any().is_empty(), "{needs:?}");
            assert!(needs.all.is_empty() != needs.one_of.is_empty(), "{needs:?}");
        }
    }

    #[test]
    fn each_takes_what_its_name_says() {
        for needs in TABLE {
            let expected = match needs.path {
                path if path.contains("/bans") => Permissions::BAN_MEMBERS,
                path if path.contains("/webhooks") => Permissions::MANAGE_WEBHOOKS,
                path if path.contains("/pins/") => Permissions::PIN_MESSAGES,
                path if path.contains("/roles") => Permissions::MANAGE_ROLES,
                path if path.contains("/stage-instances") => Permissions::MUTE_MEMBERS,
                path if path.contains("/prune") => Permissions::KICK_MEMBERS,
                path if path.contains("/auto-moderation") => Permissions::MANAGE_GUILD,
                path if path.contains("/templates") => Permissions::MANAGE_GUILD,
                _ => Permissions::empty(),
            };
            assert!(needs.all.contains(expected), "{needs:?}");
        }
    }

    #[test]
    fn what_the_bot_does_with_its_own_takes_nothing() {
        for (method, path) in [
            (
                "DELETE",
                "/channels/1/messages/2/reactions/%F0%9F%8E%89/@me",
            ),
            ("PUT", "/channels/1/thread-members/@me"),
            ("GET", "/users/@me"),
            ("POST", "/webhooks/1/{token}"),
            ("POST", "/interactions/1/{token}/callback"),
            ("GET", "/channels/1/messages/2/3"),
            ("GET", "/channels/x/messages"),
            ("GET", ""),
        ] {
            let found = Needs::of(&Route::new(method, path));
            assert!(found.is_none(), "{method} {path}: {found:?}");
        }
    }

    /// `CORDIAL_OPENAPI=openapi.json cargo test --lib`
    #[test]
    fn each_request_is_one_of_discords() {
        let Some(path) = std::env::var_os("CORDIAL_OPENAPI") else {
            eprintln!("`CORDIAL_OPENAPI` is not set: the table was not held against the document");
            return;
        };
        let text = std::fs::read_to_string(&path).expect("`CORDIAL_OPENAPI` is the path of a file");
        let document: Value = serde_json::from_str(&text).expect("a document in JSON");

        for needs in TABLE {
            let method = needs.method.to_ascii_lowercase();
            let request = &document["paths"][needs.path][&method];
            assert!(request.is_object(), "{method} {}", needs.path);
        }
    }
}
