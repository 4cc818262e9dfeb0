//! Bans, and Discord's refusals of them.

use cordial::exception::MissingPermissions;
use cordial::prelude::*;
use cordial::twilight::http::request::AuditLogReason;

use crate::hierarchy::Target;

/// Its checks apply to everything in the plugin.
pub(crate) fn plugin() -> Plugin {
    Plugin::new("ban")
        .user_permissions(Permissions::BAN_MEMBERS)
        .bot_permissions(Permissions::BAN_MEMBERS)
        .add(handlers![ban, refused])
}

/// Ban a member.
#[command]
async fn ban(
    ctx: &CommandContext,
    /// Whom?
    member: Target,
    /// For what? It will stand in the audit log.
    #[option(max_length = 200, default = "no reason given".to_owned())]
    reason: String,
    guild: GuildId,
    http: Http,
) -> Result<()> {
    http.create_ban(*guild, member.user().id)
        .reason(&reason)
        .await?;
    ctx.reply(format!("{} has been banned: {reason}", member.user().name))
        .await?;
    Ok(())
}

/// Says that the bot's role is too low.
///
/// The bot has the permission, so only the role hierarchy can be the reason. Discord knows it, and
/// says so when it is asked.
#[error_handler]
pub(crate) async fn refused(ctx: &InteractionContext, _: &MissingPermissions) -> Result<bool> {
    let text = "Discord does not let me: is my role above all of theirs?";
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(true)
}
