//! Where an event comes from: whose turn it is, and what it comes after.

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use crate::dispatch::Order;
use crate::event::Place;

/// With whom an event shares its turn, or what it comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    Guild(Id<GuildMarker>),
    Channel(Id<ChannelMarker>),
    User(Id<UserMarker>),
    /// From Discord itself.
    Discord,
}

impl Origin {
    /// Returns with whom an event shares its turn: with those of its guild; where there is none, with those
    /// of its channel or user.
    pub(crate) fn of(place: Place) -> Self {
        let guild = place.guild.map(Self::Guild);
        let guild_or_channel = guild.or_else(|| place.channel.map(Self::Channel));
        let origin = guild_or_channel.or_else(|| place.user.map(Self::User));
        origin.unwrap_or(Self::Discord)
    }

    /// Returns what an event is in order with, if it is.
    pub(crate) fn line(place: Place, order: Order) -> Option<Self> {
        let channel = place.channel.map(Self::Channel);
        match order {
            Order::ByChannel => channel,
            Order::ByGuild => place.guild.map(Self::Guild).or(channel),
        }
    }
}
