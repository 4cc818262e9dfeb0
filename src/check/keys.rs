//! Who shares a limit: the same key.

use crate::exception::Per;
use crate::interaction::InteractionContext;

/// Returns the key under which somebody is counted.
pub(crate) fn key(per: Per, ctx: &InteractionContext) -> u64 {
    let user = ctx.user().id.get();
    let channel = ctx.channel_id().map_or(user, twilight_model::id::Id::get);
    match per {
        Per::User => user,
        Per::Guild => ctx.guild_id().map_or(channel, twilight_model::id::Id::get),
        Per::Channel => channel,
        Per::Everybody => 0,
    }
}
