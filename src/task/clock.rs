//! What time it is.
//!
//! Timers count tokio's time, which a test may stop and turn forward. What day and what time of the day
//! it is, tokio does not know. So that is the machine's time, moved by as much as tokio's time has gone
//! ahead of the machine's own counter: in a running bot by nothing, and whoever sets the machine's clock
//! sets this one; in a test with virtual time by all that the test has let pass.

use std::time::SystemTime;

/// What time it is when the bot starts: the machine's, unless set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    pub(crate) set: Option<SystemTime>,
}

/// A clock that runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    set: Option<SystemTime>,
    of_tokio: tokio::time::Instant,
    of_machine: std::time::Instant,
}

impl Clock {
    /// Starts it, from now on.
    pub(crate) fn start(self) -> Running {
        Running {
            set: self.set,
            of_tokio: tokio::time::Instant::now(),
            of_machine: std::time::Instant::now(),
        }
    }
}

impl Running {
    /// Returns what time it is.
    pub(crate) fn now(&self) -> Option<SystemTime> {
        let passed = self.of_tokio.elapsed();
        let begun = match self.set {
            Some(set) => set,
            None => SystemTime::now().checked_sub(self.of_machine.elapsed())?,
        };
        begun.checked_add(passed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[tokio::test(start_paused = true)]
    async fn virtual_time_turns_it_forward() {
        let before = SystemTime::now();
        let clock = Clock::default().start();

        tokio::time::advance(DAY).await;

        let now = clock.now().unwrap();
        assert!(now >= before + DAY - Duration::from_secs(1), "{now:?}");
        assert!(now <= SystemTime::now() + DAY, "{now:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_was_set_goes_on_from_there() {
        let set = SystemTime::UNIX_EPOCH + 365 * DAY;
        let clock = Clock { set: Some(set) }.start();
        assert_eq!(clock.now(), Some(set));

        tokio::time::advance(DAY).await;

        assert_eq!(clock.now(), Some(set + DAY));
    }
}
