//! The link by which people let the bot into a guild.

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

use crate::bot::Invite;
use crate::bot::assembly::Assembled;
use crate::bot::preflight::look::takes_messages;

/// What a bot needs to be of use anywhere.
const ALWAYS: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::SEND_MESSAGES);

/// What a reply to a message needs beside that. (Discord: Message, Create Message.)
const TO_REPLY: Permissions =
    Permissions::READ_MESSAGE_HISTORY.union(Permissions::SEND_MESSAGES_IN_THREADS);

/// Makes the link.
pub(crate) fn link(bot: &Assembled, application: Id<ApplicationMarker>) -> Invite {
    Invite::new(application).permissions(permissions(bot))
}

/// Returns the permissions that the bot needs: what its checks say, and what replies need.
pub(crate) fn permissions(bot: &Assembled) -> Permissions {
    let conduct = bot
        .answering
        .iter()
        .filter_map(|route| route.conduct.as_ref());
    let checked = conduct.map(|conduct| conduct.checks.bot_permissions());
    let replies = bot.listeners.iter().any(|route| takes_messages(route));
    let to_reply = if replies {
        TO_REPLY
    } else {
        Permissions::empty()
    };
    checked.fold(ALWAYS | to_reply, Permissions::union)
}
