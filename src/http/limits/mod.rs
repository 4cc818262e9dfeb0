//! Discord's rate limits, kept on tokio's clock. (Discord: Rate Limits.)
//!
//! A call waits for its [bucket](bucket::Bucket), then at the [gate](gate::Gate) that all pass. What
//! Discord answers says how it goes on: which bucket a route belongs to, and what is left of it.

mod bucket;
mod gate;
mod map;

pub(crate) use self::bucket::Bucket;
pub(crate) use self::gate::{Gate, TooLate};
pub(crate) use self::map::Buckets;

/// With which others a call is counted, beyond its route. (Discord: Rate Limits, Global Rate Limit.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// With all that have the bot's token.
    Bot,
    /// With all that have none, which are counted by the address of this machine.
    Webhook,
    /// With none: interactions are answered whatever else there is.
    Interaction,
}
