//! How long to wait before connecting again.

use std::time::Duration;

/// How long a connection must have worked for the next to be made at once.
const LASTING: Duration = Duration::from_secs(30);
/// The longest wait, and the shortest that is one.
const LONGEST: Duration = Duration::from_secs(60);
const SHORTEST: Duration = Duration::from_secs(1);

/// Counts the connections in a row that did not work.
#[derive(Debug, Default)]
pub(crate) struct Backoff(u32);

impl Backoff {
    /// Returns how long to wait after a connection that was of use for a time: not at all after one that
    /// lasted; else longer each time, at random, so that not all come back at once.
    pub(crate) fn after(&mut self, was_active: Duration) -> Duration {
        if was_active >= LASTING {
            self.0 = 0;
            return Duration::ZERO;
        }
        let ceiling = (SHORTEST * 2_u32.pow(self.0.min(6))).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        SHORTEST / 4 + ceiling.mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_lasted_is_followed_at_once() {
        let mut backoff = Backoff::default();
        backoff.after(Duration::ZERO);

        assert_eq!(backoff.after(LASTING), Duration::ZERO);
        assert!(backoff.after(Duration::ZERO) <= SHORTEST * 2);
    }

    #[test]
    fn those_that_came_to_nothing_are_followed_ever_more_seldom() {
        let mut backoff = Backoff::default();
        for _ in 0..10 {
            backoff.after(Duration::ZERO);
        }

        let waits: Vec<_> = (0..1000).map(|_| backoff.after(Duration::ZERO)).collect();

        let total: Duration = waits.iter().sum();
        assert!(total / 1000 >= Duration::from_secs(20), "{total:?}");
        assert!(waits.iter().all(|wait| *wait <= LONGEST + SHORTEST));
    }
}
