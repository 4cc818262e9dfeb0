//! How patiently Discord is asked.

use std::time::Duration;

/// How patiently Discord is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How long one attempt may take, from connecting to the last byte of the answer.
    pub(crate) attempt: Duration,
    /// How long a call may take, with all that it waits for.
    pub(crate) call: Duration,
    /// How often a call is attempted at most.
    pub(crate) attempts: u32,
    /// How many calls a second may be made with the bot's token.
    pub(crate) per_second: u32,
}

impl Policy {
    /// As good as no limit, and a time that clocks can count.
    pub(crate) const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(10),
            // Longer than almost every limit of Discord's, and shorter than most handlers wait.
            call: Duration::from_secs(5 * 60),
            attempts: 5,
            // (Discord: Rate Limits, Global Rate Limit.)
            per_second: 50,
        }
    }
}
