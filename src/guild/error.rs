//! Why a guild's members could not be had, or its voice channel not be joined.

use std::time::Duration;

use twilight_model::gateway::Intents;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::Exception;
use crate::context::NotSent;
use crate::event::portal_names;

/// Why the members of a guild could not be had.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[non_exhaustive]
pub enum MembersError {
    /// The bot has not asked for an intent that it takes. Nothing was sent.
    #[error(transparent)]
    MissingIntent(#[from] MissingIntent),
    /// The bot does not read what would be answered. Nothing was sent.
    #[error(transparent)]
    NotRead(#[from] NotRead),
    /// The request could not be sent.
    #[error("the members could not be asked for")]
    NotSent(#[from] NotSent),
    /// More users were named than Discord takes. Nothing was sent.
    #[error("{count} users were named, and Discord takes 100 at most: ask for them in parts")]
    TooManyUsers {
        /// How many were named.
        count: usize,
    },
    /// More were wanted by their names than Discord gives, or none. Nothing was sent.
    #[error(
        "the limit is {limit}, and Discord gives 1 to 100 of those whose name begins with a text; all \
         members are asked for without `named(..)` and `limit(..)`"
    )]
    BadLimit {
        /// How many were wanted.
        limit: u16,
    },
    /// The guild has more members than were to be taken.
    #[error(transparent)]
    TooLarge(#[from] GuildTooLarge),
    /// Discord limits how often all members of a guild are asked for.
    #[error(transparent)]
    TooMany(#[from] TooManyRequests),
    /// Some of the answer, or all of it, did not come in time.
    #[error(
        "{received} of {} came, and nothing more within {within:?}",
        expected.map_or("an unknown number of chunks".to_owned(), |count| format!("{count} chunks"))
    )]
    Incomplete {
        /// How many chunks came.
        received: u32,
        /// How many there are, if one came.
        expected: Option<u32>,
        /// How long was waited for the next.
        within: Duration,
    },
    /// The session ended while the answer came, and with it what was still to come.
    #[error("the gateway's session ended after {received} chunks: ask again")]
    Interrupted {
        /// How many chunks came before.
        received: u32,
    },
}

/// Why a voice channel could not be joined or left.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[non_exhaustive]
pub enum VoiceError {
    /// The bot has not asked for an intent that it takes. Nothing was sent.
    #[error(transparent)]
    MissingIntent(#[from] MissingIntent),
    /// The bot does not read what would be answered. Nothing was sent.
    #[error(transparent)]
    NotRead(#[from] NotRead),
    /// The request could not be sent.
    #[error("the voice channel could not be asked for")]
    NotSent(#[from] NotSent),
    /// Discord said nothing: it does not, where it does not let the bot in.
    #[error(transparent)]
    NotJoined(#[from] NotJoined),
    /// The bot is in the channel, and Discord said nothing of a server: it does so only to who comes from
    /// outside of the guild's voice channels.
    #[error(
        "the bot moved from another voice channel of guild {guild}, and keeps the server that it had; to \
         be told of it again, `leave_voice(..)` first"
    )]
    SameServer {
        /// The guild.
        guild: Id<GuildMarker>,
    },
    /// The guild's voice server is gone, and no other came in time.
    #[error("the voice server of guild {guild} is gone, and no other came within {within:?}")]
    ServerGone {
        /// The guild.
        guild: Id<GuildMarker>,
        /// How long was waited for another.
        within: Duration,
    },
}

/// What is asked for takes an intent that the bot has not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error(
    "{what} takes the intent `{}`: take `Needs<{need}>` as an argument of the handler, or add \
     `.intents(Intents::{})` to the bot{}",
    name(*intent), name(*intent), portal(*intent)
)]
pub struct MissingIntent {
    what: &'static str,
    need: &'static str,
    intent: Intents,
}

impl MissingIntent {
    pub(crate) fn new(what: &'static str, need: &'static str, intent: Intents) -> Self {
        Self { what, need, intent }
    }

    /// Returns the intent that is missing.
    #[must_use]
    pub fn intent(&self) -> Intents {
        self.intent
    }
}

fn name(intent: Intents) -> &'static str {
    intent.iter_names().next().map_or("?", |(name, _)| name)
}

/// Says what else there is to do for a privileged intent.
fn portal(intent: Intents) -> String {
    let names = portal_names(intent).into_iter();
    let names = names.map(|name| {
        format!(
            "; it is privileged: switch on the {name} in Discord's developer portal (Applications, your \
             application, Bot, Privileged Gateway Intents)"
        )
    });
    names.collect()
}

/// The bot does not read the events that would be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error("the bot does not read `{event}`, which answers this: name it in `only_wants(..)`")]
pub struct NotRead {
    event: &'static str,
}

impl NotRead {
    pub(crate) fn new(event: &'static str) -> Self {
        Self { event }
    }

    /// Returns the event, as twilight's `EventType` calls it.
    #[must_use]
    pub fn event(&self) -> &'static str {
        self.event
    }
}

/// A guild has more members than were to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error("guild {guild} has {at_least} members or more, and {most} were to be taken at most")]
pub struct GuildTooLarge {
    pub(crate) guild: Id<GuildMarker>,
    pub(crate) at_least: u64,
    pub(crate) most: u64,
}

impl GuildTooLarge {
    /// Returns the guild.
    #[must_use]
    pub fn guild_id(&self) -> Id<GuildMarker> {
        self.guild
    }

    /// Returns how many members it has at the least.
    #[must_use]
    pub fn at_least(&self) -> u64 {
        self.at_least
    }

    /// Returns how many were to be taken at most.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.most
    }
}

/// All members of a guild were asked for too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error(
    "the members of guild {guild} were asked for too often: try again after {:.1} s",
    retry_after.as_secs_f64()
)]
pub struct TooManyRequests {
    pub(crate) guild: Id<GuildMarker>,
    pub(crate) retry_after: Duration,
}

impl TooManyRequests {
    /// Returns the guild.
    #[must_use]
    pub fn guild_id(&self) -> Id<GuildMarker> {
        self.guild
    }

    /// Returns how long Discord said to wait.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

/// Discord did not let the bot into a voice channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error(
    "Discord did not answer within {within:?}: the bot may lack View Channel or Connect in channel \
     {channel}, the channel may be full, or be none of voice in guild {guild}"
)]
pub struct NotJoined {
    pub(crate) guild: Id<GuildMarker>,
    pub(crate) channel: Id<ChannelMarker>,
    pub(crate) within: Duration,
}

impl NotJoined {
    /// Returns the guild.
    #[must_use]
    pub fn guild_id(&self) -> Id<GuildMarker> {
        self.guild
    }

    /// Returns the channel.
    #[must_use]
    pub fn channel_id(&self) -> Id<ChannelMarker> {
        self.channel
    }

    /// Returns how long was waited.
    #[must_use]
    pub fn within(&self) -> Duration {
        self.within
    }
}
