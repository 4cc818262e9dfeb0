//! How much there is to do.

/// How much a bot has to do, at the moment it was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub(crate) running: usize,
}

impl Load {
    /// Returns how many handlers run, and tasks that they left running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running
    }
}
