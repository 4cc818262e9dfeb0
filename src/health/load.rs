//! How much a bot has to do.

/// How much a bot has to do at the moment of the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub(crate) running: usize,
    pub(crate) in_hand: usize,
    pub(crate) queued: usize,
    pub(crate) shed: u64,
}

impl Load {
    /// Returns how many handlers are running, with the tasks that they left running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running
    }

    /// Returns how many events are in hand, which means that their handlers are running.
    #[must_use]
    pub fn in_hand(&self) -> usize {
        self.in_hand
    }

    /// Returns how many events wait until others are done.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// Returns how many events were shed so far, because too many waited.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.shed
    }
}
