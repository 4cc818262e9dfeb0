//! Errors of listing members and of joining voice channels.

use std::time::Duration;

use twilight_model::gateway::Intents;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::Exception;
use crate::context::NotSent;
use crate::event::portal_names;

/// Why a request for the members of a guild failed.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[non_exhaustive]
pub enum MembersError {
    /// The bot has not asked for an intent that the request needs.
    ///
    /// Nothing was sent.
    #[error(transparent)]
    MissingIntent(#[from] MissingIntent),
    /// The bot does not read the events that would answer.
    ///
    /// Nothing was sent.
    #[error(transparent)]
    NotRead(#[from] NotRead),
    /// The request could not be sent.
    #[error("the members could not be requested")]
    NotSent(#[from] NotSent),
    /// The request named more users than Discord allows.
    ///
    /// Nothing was sent.
    #[error("{count} users were named, but Discord takes at most 100: request them in parts")]
    TooManyUsers {
        /// How many users it named.
        count: usize,
    },
    /// The limit for a search by name is not what Discord allows, which is 1 to 100.
    ///
    /// Nothing was sent.
    #[error(
        "the limit is {limit}, but must be from 1 to 100 for members whose name begins with a \
         text; to request all members, leave out `named(..)` and `limit(..)`"
    )]
    BadLimit {
        /// The limit.
        limit: u16,
    },
    /// The guild has more members than the request allows.
    #[error(transparent)]
    TooLarge(#[from] GuildTooLarge),
    /// Discord's rate limit for all members of a guild was exceeded.
    #[error(transparent)]
    TooMany(#[from] TooManyRequests),
    /// The answer, or a part of it, did not come in time.
    #[error(
        "{received} of {} arrived, and nothing more within {within:?}",
        expected.map_or("an unknown number of chunks".to_owned(), |count| format!("{count} chunks"))
    )]
    Incomplete {
        /// How many chunks came.
        received: u32,
        /// How many chunks there are, if any came.
        expected: Option<u32>,
        /// How long the request waited for the next one.
        within: Duration,
    },
    /// The session ended during the answer, and the rest of it will not come.
    #[error("the gateway's session ended after {received} chunks: request the members again")]
    Interrupted {
        /// How many chunks came before.
        received: u32,
    },
}

/// Why joining or leaving a voice channel failed.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[non_exhaustive]
pub enum VoiceError {
    /// The bot has not asked for an intent that this needs.
    ///
    /// Nothing was sent.
    #[error(transparent)]
    MissingIntent(#[from] MissingIntent),
    /// The bot does not read the events that would answer.
    ///
    /// Nothing was sent.
    #[error(transparent)]
    NotRead(#[from] NotRead),
    /// The request could not be sent.
    #[error("the request for the voice channel could not be sent")]
    NotSent(#[from] NotSent),
    /// Discord did not answer, as when it does not let the bot in.
    #[error(transparent)]
    NotJoined(#[from] NotJoined),
    /// The bot is in the channel, but Discord sent no server.
    ///
    /// It sends one only if the bot comes from outside of the guild's voice channels.
    #[error(
        "the bot moved from another voice channel of guild {guild} and keeps its voice server; to \
         receive the server again, call `leave_voice(..)` first"
    )]
    SameServer {
        /// The guild.
        guild: Id<GuildMarker>,
    },
    /// The guild's voice server went away, and no other came in time.
    #[error(
        "the voice server of guild {guild} is gone, and Discord named no other within {within:?}"
    )]
    ServerGone {
        /// The guild.
        guild: Id<GuildMarker>,
        /// How long the bot waited for another.
        within: Duration,
    },
}

/// A request needs an intent that the bot has not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error(
    "{what} needs the intent `{}`: take `Needs<{need}>` as an argument of the handler, or add \
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

/// Says what else to do for a privileged intent.
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

/// The bot does not read the events that would answer a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error(
    "the bot does not read `{event}`, which is the answer to this request: add it to \
     `only_wants(..)`"
)]
pub struct NotRead {
    event: &'static str,
}

impl NotRead {
    pub(crate) fn new(event: &'static str) -> Self {
        Self { event }
    }

    /// Returns the name of the event in twilight's `EventType`.
    #[must_use]
    pub fn event(&self) -> &'static str {
        self.event
    }
}

/// A guild has more members than the request allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error("guild {guild} has at least {at_least} members, but the limit was set to {most}")]
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

    /// Returns the least number of members that it has.
    #[must_use]
    pub fn at_least(&self) -> u64 {
        self.at_least
    }

    /// Returns the most members that the request allows.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.most
    }
}

/// All members of a guild were requested too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[error(
    "the members of guild {guild} were requested too often: try again after {:.1} s",
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
     {channel}, the channel may be full, or it may not be a voice channel of guild {guild}"
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

    /// Returns how long the bot waited.
    #[must_use]
    pub fn within(&self) -> Duration {
        self.within
    }
}
