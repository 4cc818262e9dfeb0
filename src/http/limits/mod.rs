//! Discord's rate limits, kept on tokio's clock. (Discord: Rate Limits.)
//!
//! A call waits for its [bucket](bucket::Bucket), then at the [gate](gate::Gate) that all pass. What
//! Discord answers says how it goes on: which bucket a route belongs to, and what is left of it.

mod bucket;
mod gate;
mod map;

pub(crate) use self::bucket::Bucket;
pub(crate) use self::gate::{Gate, Lane, TooLate};
pub(crate) use self::map::Buckets;
