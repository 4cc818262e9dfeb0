//! Whom a rate limit applies to.

use serde::{Deserialize, Serialize};

/// Whom a rate limit applies to. (Discord: Rate Limits, Header Format.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scope {
    /// This bot, on one route.
    User,
    /// Everybody who uses the same resource, such as a channel.
    Shared,
    /// This bot, on all routes.
    Global,
    /// Everybody at the same address, imposed by the edge in front of Discord.
    Edge,
}
