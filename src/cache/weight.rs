//! Estimates of how many bytes the texts and lists of values have.
//!
//! What is large in practice is counted, and what is small or rare is not.

use std::mem::size_of_val;

use twilight_model::channel::message::Embed;
use twilight_model::channel::{Attachment, Channel, Message};
use twilight_model::gateway::presence::{Activity, Presence, UserOrId};
use twilight_model::guild::{Member, Role};
use twilight_model::user::User;
use twilight_model::voice::VoiceState;

use crate::cache::Guild;

pub(crate) fn guilds(guild: &Guild) -> usize {
    guild.name.len()
        + text(guild.description.as_ref())
        + guild.preferred_locale.len()
        + size_of_val(guild.features.as_slice())
}

pub(crate) fn channels(channel: &Channel) -> usize {
    let overwrites = channel.permission_overwrites.as_deref();
    text(channel.name.as_ref())
        + text(channel.topic.as_ref())
        + overwrites.map_or(0, size_of_val)
        + channel.available_tags.as_deref().map_or(0, size_of_val)
        + channel.applied_tags.as_deref().map_or(0, size_of_val)
}

pub(crate) fn roles(role: &Role) -> usize {
    role.name.len() + text(role.unicode_emoji.as_ref())
}

pub(crate) fn members(member: &Member) -> usize {
    text(member.nick.as_ref()) + size_of_val(member.roles.as_slice()) + user(&member.user)
}

pub(crate) fn messages(message: &Message) -> usize {
    let referenced = message.referenced_message.as_deref();
    message.content.len()
        + user(&message.author)
        + message.attachments.iter().map(attachment).sum::<usize>()
        + message.embeds.iter().map(embed).sum::<usize>()
        + size_of_val(message.components.as_slice())
        + size_of_val(message.mentions.as_slice())
        + size_of_val(message.mention_roles.as_slice())
        + size_of_val(message.message_snapshots.as_slice())
        + size_of_val(message.sticker_items.as_slice())
        + message
            .member
            .as_ref()
            .map_or(0, |member| size_of_val(member.roles.as_slice()))
        + referenced.map_or(0, |message| size_of_val(message) + messages(message))
}

pub(crate) fn voice_states(state: &VoiceState) -> usize {
    state.session_id.len() + state.member.as_ref().map_or(0, members)
}

pub(crate) fn presences(presence: &Presence) -> usize {
    let of_user = match &presence.user {
        UserOrId::User(known) => user(known),
        UserOrId::UserId { .. } => 0,
    };
    of_user + presence.activities.iter().map(activity).sum::<usize>()
}

fn user(user: &User) -> usize {
    user.name.len() + text(user.global_name.as_ref())
}

fn attachment(attachment: &Attachment) -> usize {
    size_of_val(attachment)
        + attachment.filename.len()
        + attachment.url.len()
        + attachment.proxy_url.len()
        + text(attachment.description.as_ref())
}

fn embed(embed: &Embed) -> usize {
    let fields = embed.fields.iter();
    size_of_val(embed)
        + text(embed.title.as_ref())
        + text(embed.description.as_ref())
        + text(embed.url.as_ref())
        + fields
            .map(|field| size_of_val(field) + field.name.len() + field.value.len())
            .sum::<usize>()
}

fn activity(activity: &Activity) -> usize {
    size_of_val(activity)
        + activity.name.len()
        + text(activity.details.as_ref())
        + text(activity.state.as_ref())
}

fn text(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}
