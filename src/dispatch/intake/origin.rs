//! Where an event comes from: whose turn it is, and what it comes after.

use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use crate::dispatch::Order;
use crate::event::{Occurrence, channel_id, guild_id, user_id};

/// With whom an event shares its turn, or what it comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    Guild(Id<GuildMarker>),
    Channel(Id<ChannelMarker>),
    User(Id<UserMarker>),
    /// From Discord itself.
    Discord,
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Whereabouts {
    guild: Option<Id<GuildMarker>>,
    channel: Option<Id<ChannelMarker>>,
    user: Option<Id<UserMarker>>,
}

impl Whereabouts {
    /// Looks where it is from, as far as it was read.
    pub(crate) fn of(occurrence: &Occurrence) -> Self {
        match (occurrence.known_event(), occurrence.text()) {
            (Some(event), _) => Self::of_event(event),
            (None, Some(text)) => {
                let (guild, channel) = text.place();
                Self {
                    guild,
                    channel,
                    user: None,
                }
            }
            (None, None) => Self::default(),
        }
    }

    fn of_event(event: &Event) -> Self {
        Self {
            guild: guild_id(event),
            channel: channel_id(event),
            user: user_id(event),
        }
    }

    /// Returns with whom it shares its turn: with those of its guild; where there is none, with those of
    /// its channel or user.
    pub(crate) fn origin(self) -> Origin {
        let guild = self.guild.map(Origin::Guild);
        let guild_or_channel = guild.or_else(|| self.channel.map(Origin::Channel));
        let origin = guild_or_channel.or_else(|| self.user.map(Origin::User));
        origin.unwrap_or(Origin::Discord)
    }

    /// Returns what it is in order with, if it is.
    pub(crate) fn line(self, order: Order) -> Option<Origin> {
        let channel = self.channel.map(Origin::Channel);
        match order {
            Order::ByChannel => channel,
            Order::ByGuild => self.guild.map(Origin::Guild).or(channel),
        }
    }
}
