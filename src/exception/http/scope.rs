//! Whom a rate limit is for.

use serde::{Deserialize, Serialize};

/// Whom a rate limit is for. (Discord: Rate Limits, Header Format.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scope {
    /// This bot, on one route.
    User,
    /// Everybody who uses the same thing, such as a channel.
    Shared,
    /// This bot, wherever it asks.
    Global,
    /// Everybody at the same address, by whatever stands before Discord.
    Edge,
}
