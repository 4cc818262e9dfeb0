//! What the cache keeps, and how much of it.

use crate::event::Resources;

/// How many messages are kept in each channel by default.
const PER_CHANNEL: usize = 100;
/// How many messages are kept in all by default.
const IN_ALL: usize = 10_000;

/// What the cache keeps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) resources: Resources,
    pub(crate) messages: Bounds,
}

/// How many messages are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) per_place: usize,
    pub(crate) in_all: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            per_place: PER_CHANNEL,
            in_all: IN_ALL,
        }
    }
}
