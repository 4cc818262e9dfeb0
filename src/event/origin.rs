//! Who and where: the parts that events of many types have in common.

use twilight_model::application::interaction::Interaction;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};
use twilight_model::user::User;

/// A part that events of many types have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The user who caused the event, or whom it is about, in full.
    Author,
    /// The id of the user who caused the event, or whom it is about.
    AuthorId,
    /// The guild where it happened.
    Guild,
    /// The channel where it happened.
    Channel,
    /// The text of a message.
    Content,
}

/// Whether events of a type have a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Each of them has it.
    Always,
    /// Some of them have it.
    Sometimes,
    /// None of them has it.
    Never,
}

/// Returns the user who caused an event, or whom it is about.
#[must_use]
pub fn user(event: &Event) -> Option<&User> {
    match event {
        Event::BanAdd(ban) => Some(&ban.user),
        Event::BanRemove(ban) => Some(&ban.user),
        Event::InteractionCreate(interaction) => author(interaction),
        Event::InviteCreate(invite) => invite.inviter.as_ref(),
        Event::MemberAdd(joined) => Some(&joined.user),
        Event::MemberRemove(left) => Some(&left.user),
        Event::MemberUpdate(member) => Some(&member.user),
        Event::MessageCreate(message) => Some(&message.author),
        Event::MessageUpdate(message) => Some(&message.author),
        Event::PresenceUpdate(presence) => match &presence.user {
            twilight_model::gateway::presence::UserOrId::User(user) => Some(user),
            twilight_model::gateway::presence::UserOrId::UserId { .. } => None,
        },
        Event::ReactionAdd(reaction) => reaction.member.as_ref().map(|member| &member.user),
        Event::ReactionRemove(reaction) => reaction.member.as_ref().map(|member| &member.user),
        Event::TypingStart(typing) => typing.member.as_ref().map(|member| &member.user),
        Event::VoiceStateUpdate(voice) => voice.member.as_ref().map(|member| &member.user),
        _ => None,
    }
}

/// Returns the id of the user who caused an event, or whom it is about.
#[must_use]
pub fn user_id(event: &Event) -> Option<Id<UserMarker>> {
    match event {
        Event::AutoModerationActionExecution(execution) => Some(execution.user_id),
        Event::AutoModerationRuleCreate(rule) => Some(rule.creator_id),
        Event::AutoModerationRuleDelete(rule) => Some(rule.creator_id),
        Event::AutoModerationRuleUpdate(rule) => Some(rule.creator_id),
        Event::EntitlementCreate(entitlement) => entitlement.user_id,
        Event::EntitlementDelete(entitlement) => entitlement.user_id,
        Event::EntitlementUpdate(entitlement) => entitlement.user_id,
        Event::GuildAuditLogEntryCreate(entry) => entry.user_id,
        Event::GuildScheduledEventUserAdd(interest) => Some(interest.user_id),
        Event::GuildScheduledEventUserRemove(interest) => Some(interest.user_id),
        Event::MessagePollVoteAdd(vote) => Some(vote.user_id),
        Event::MessagePollVoteRemove(vote) => Some(vote.user_id),
        Event::PresenceUpdate(presence) => Some(presence.user.id()),
        Event::ReactionAdd(reaction) => Some(reaction.user_id),
        Event::ReactionRemove(reaction) => Some(reaction.user_id),
        Event::SubscriptionCreate(subscription) => Some(subscription.user_id),
        Event::SubscriptionDelete(subscription) => Some(subscription.user_id),
        Event::SubscriptionUpdate(subscription) => Some(subscription.user_id),
        Event::ThreadCreate(thread) => thread.owner_id,
        Event::ThreadUpdate(thread) => thread.owner_id,
        Event::ThreadMemberUpdate(member) => member.user_id,
        Event::TypingStart(typing) => Some(typing.user_id),
        Event::UserUpdate(update) => Some(update.id),
        Event::VoiceStateUpdate(voice) => Some(voice.user_id),
        _ => user(event).map(|user| user.id),
    }
}

/// Returns the guild where an event happened.
#[must_use]
pub fn guild_id(event: &Event) -> Option<Id<GuildMarker>> {
    event.guild_id()
}

/// Returns the channel where an event happened, or that it is about.
#[must_use]
pub fn channel_id(event: &Event) -> Option<Id<ChannelMarker>> {
    match event {
        Event::AutoModerationActionExecution(execution) => execution.channel_id,
        Event::ChannelCreate(channel) => Some(channel.id),
        Event::ChannelDelete(channel) => Some(channel.id),
        Event::ChannelPinsUpdate(pins) => Some(pins.channel_id),
        Event::ChannelUpdate(channel) => Some(channel.id),
        Event::GuildScheduledEventCreate(scheduled) => scheduled.channel_id,
        Event::GuildScheduledEventDelete(scheduled) => scheduled.channel_id,
        Event::GuildScheduledEventUpdate(scheduled) => scheduled.channel_id,
        Event::InteractionCreate(interaction) => {
            interaction.channel.as_ref().map(|channel| channel.id)
        }
        Event::InviteCreate(invite) => Some(invite.channel_id),
        Event::InviteDelete(invite) => Some(invite.channel_id),
        Event::MessageCreate(message) => Some(message.channel_id),
        Event::MessageDelete(message) => Some(message.channel_id),
        Event::MessageDeleteBulk(messages) => Some(messages.channel_id),
        Event::MessagePollVoteAdd(vote) => Some(vote.channel_id),
        Event::MessagePollVoteRemove(vote) => Some(vote.channel_id),
        Event::MessageUpdate(message) => Some(message.channel_id),
        Event::ReactionAdd(reaction) => Some(reaction.channel_id),
        Event::ReactionRemove(reaction) => Some(reaction.channel_id),
        Event::ReactionRemoveAll(reactions) => Some(reactions.channel_id),
        Event::ReactionRemoveEmoji(reactions) => Some(reactions.channel_id),
        Event::StageInstanceCreate(stage) => Some(stage.channel_id),
        Event::StageInstanceDelete(stage) => Some(stage.channel_id),
        Event::StageInstanceUpdate(stage) => Some(stage.channel_id),
        Event::ThreadCreate(thread) => Some(thread.id),
        Event::ThreadDelete(thread) => Some(thread.id),
        Event::ThreadMemberUpdate(member) => member.id,
        Event::ThreadMembersUpdate(members) => Some(members.id),
        Event::ThreadUpdate(thread) => Some(thread.id),
        Event::TypingStart(typing) => Some(typing.channel_id),
        Event::VoiceStateUpdate(voice) => voice.channel_id,
        Event::WebhooksUpdate(webhooks) => Some(webhooks.channel_id),
        _ => None,
    }
}

fn author(interaction: &Interaction) -> Option<&User> {
    interaction.author()
}
