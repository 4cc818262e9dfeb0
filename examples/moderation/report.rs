//! Reports: from the menu of a message to the moderators' channel.
//!
//! ```text
//! report          the menu of a message        shows a form
//! └─ complaint    the form                     posts two buttons
//!    ├─ ban_author
//!    └─ dismiss
//! ```

use cordial::component::layout::row;
use cordial::exception::UnknownMember;
use cordial::prelude::*;
use cordial::twilight::http::request::AuditLogReason;
use cordial::twilight::model::channel::message::{AllowedMentions, Component};

use crate::{ban, hierarchy};

/// Where reports are posted.
const DESK: &str = "reports";

pub(crate) fn plugin() -> Plugin {
    Plugin::new("report")
        .guild_only()
        .add(handlers![report, complaint, ban_author, dismiss])
        .add(handlers![has_left, ban::refused])
}

#[command(menu = "Report")]
async fn report(ctx: &MessageMenuContext) -> Result<()> {
    let message = ctx.target();
    if message.author.id == ctx.user().id {
        return Err(OwnMessage.into());
    }
    let modal = complaint::modal(message.channel_id, message.id, message.author.id);
    ctx.show(modal.title(format!("Report {}", message.author.name)))
        .await
}

/// Report a message
#[modal]
async fn complaint(
    ctx: &ModalContext,
    #[state] channel: Id<ChannelMarker>,
    #[state] message: Id<MessageMarker>,
    #[state] author: Id<UserMarker>,
    /// What is wrong with it?
    #[field(paragraph, max_length = 1000)]
    reason: String,
    guild: GuildId,
    http: Http,
) -> Result<()> {
    let desk = desk(&http, *guild).await?;
    let link = format!(
        "https://discord.com/channels/{}/{channel}/{message}",
        *guild
    );
    let text = format!("{} reports <@{author}>, {link}: {reason}", ctx.user().name);
    let buttons = row([
        ban_author::id(author).button("Ban author").danger(),
        dismiss::id().button("Dismiss"),
    ]);
    http.create_message(desk)
        .content(&text)
        .components(&[Component::from(buttons)])
        .allowed_mentions(Some(&AllowedMentions::default()))
        .await?;
    ctx.reply(Reply::new("Thank you. The moderators know.").ephemeral())
        .await?;
    Ok(())
}

/// Finds the channel of the moderators.
async fn desk(http: &Http, guild: Id<GuildMarker>) -> Result<Id<ChannelMarker>> {
    let channels = http.guild_channels(guild).await?.models().await?;
    let mut channels = channels.iter();
    let desk = channels.find(|channel| channel.name.as_deref() == Some(DESK));
    Ok(desk.ok_or(NoDesk)?.id)
}

/// Everybody in the channel sees the button, but only those who may ban can press it.
#[component(user_permissions = BAN_MEMBERS, bot_permissions = BAN_MEMBERS)]
async fn ban_author(
    ctx: &ComponentContext,
    #[state] author: Id<UserMarker>,
    guild: GuildId,
    http: Http,
) -> Result<()> {
    let author = http.guild_member(*guild, author).await?.model().await?;
    hierarchy::refuse_superior(ctx, &author.user, &author.roles).await?;
    http.create_ban(*guild, author.user.id)
        .reason("reported")
        .await?;
    close(ctx, "banned the author").await
}

#[component(user_permissions = BAN_MEMBERS)]
async fn dismiss(ctx: &ComponentContext) -> Result<()> {
    close(ctx, "dismissed it").await
}

/// Removes the buttons of a report, and adds the outcome.
async fn close(ctx: &ComponentContext, what: &str) -> Result<()> {
    let (report, moderator) = (&ctx.message().content, &ctx.user().name);
    ctx.update(format!("{report}\n{moderator} {what}.")).await
}

/// Closes a report when there is no longer anybody to ban.
#[error_handler]
async fn has_left(ctx: &ComponentContext, _: &UnknownMember) -> Result<bool> {
    close(ctx, "found that the author has left").await?;
    Ok(true)
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("somebody reported a message of their own")]
#[facet(dyn UserFacing)]
struct OwnMessage;

impl UserFacing for OwnMessage {
    fn text(&self) -> String {
        "That message is yours: you can delete it.".to_owned()
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("there is no channel `#{DESK}`")]
#[facet(dyn UserFacing)]
struct NoDesk;

impl UserFacing for NoDesk {
    fn text(&self) -> String {
        format!("The moderators have to make a channel `#{DESK}` first.")
    }
}
