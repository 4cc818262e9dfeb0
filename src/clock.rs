//! What time it is for a bot.
//!
//! Timers count tokio's time, which a test may stop and turn forward. But tokio knows neither the date nor the
//! time of day. So a bot's clock is the machine's, moved by as much as tokio's time has gone ahead of the machine's
//! own counter, or behind it: in a running bot by nothing, and in a test with virtual time by all that the test
//! has let pass. A simulated Discord has a clock of its own, which its bots go by.

use std::time::SystemTime;

use tokio::time::Instant;

/// What time it is for a bot.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Clock {
    /// As on this machine. Whoever sets the machine's clock sets this one.
    #[default]
    Machine,
    /// Set at a moment, and gone on since.
    #[cfg(any(test, feature = "testing"))]
    Set { time: SystemTime, at: Instant },
}

impl Clock {
    /// Returns what time it is.
    pub(crate) fn now(self) -> SystemTime {
        match self {
            Self::Machine => by_machine(SystemTime::now()),
            #[cfg(any(test, feature = "testing"))]
            Self::Set { time, at } => time.checked_add(at.elapsed()).unwrap_or(time),
        }
    }
}

/// Moves what the machine says to where tokio's time is.
fn by_machine(now: SystemTime) -> SystemTime {
    let (tokio, machine) = (Instant::now().into_std(), std::time::Instant::now());
    let moved = match tokio.checked_duration_since(machine) {
        Some(ahead) => now.checked_add(ahead),
        None => now.checked_sub(machine.duration_since(tokio)),
    };
    moved.unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[tokio::test(start_paused = true)]
    async fn virtual_time_turns_it_forward() {
        let before = Clock::Machine.now();

        advance(DAY).await;

        let passed = Clock::Machine.now().duration_since(before).unwrap();
        let off = passed.abs_diff(DAY);
        assert!(off < Duration::from_secs(1), "{passed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_was_set_goes_on_from_there() {
        let time = SystemTime::UNIX_EPOCH + 365 * DAY;
        let at = Instant::now();
        let clock = Clock::Set { time, at };
        assert_eq!(clock.now(), time);

        advance(DAY).await;

        assert_eq!(clock.now(), time + DAY);
    }
}
