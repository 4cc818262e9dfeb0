//! Where an event comes from: whose turn it is, and what it comes after.

use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use crate::dispatch::Order;
use crate::event::{channel_id, guild_id, user_id};

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    Guild(Id<GuildMarker>),
    Channel(Id<ChannelMarker>),
    User(Id<UserMarker>),
    /// From Discord itself.
    Discord,
}

impl Origin {
    /// Returns with whom an event shares its turn: with those of its guild; where there is none, with
    /// those of its channel or user.
    pub(crate) fn of(event: &Event) -> Self {
        let guild = guild_id(event).map(Self::Guild);
        let guild_or_channel = guild.or_else(|| channel_id(event).map(Self::Channel));
        let origin = guild_or_channel.or_else(|| user_id(event).map(Self::User));
        origin.unwrap_or(Self::Discord)
    }
}

impl Order {
    /// Returns what an event is in order with, if it is.
    pub(crate) fn key(self, event: &Event) -> Option<Origin> {
        let channel = || channel_id(event).map(Origin::Channel);
        match self {
            Self::ByChannel => channel(),
            Self::ByGuild => guild_id(event).map(Origin::Guild).or_else(channel),
        }
    }
}
