//! How long a handler keeps its thread.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long one may keep the thread that brings events. What is awaited does not count.
const LONG: Duration = Duration::from_micros(200);
/// How often one that kept it longer is run elsewhere before it is tried again.
const TIMES: u32 = 1_000;

/// How long a handler keeps its thread, as far as that was seen.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// How often it is run elsewhere still.
    elsewhere: AtomicU32,
}

impl Pace {
    /// Returns whether it may run on the thread that brings events. That is asked once for each run.
    pub(crate) fn is_quick(&self) -> bool {
        let left = self.elsewhere.load(Ordering::Relaxed);
        if left > 0 {
            // Others may count at the same moment: it is no matter how often exactly.
            self.elsewhere.store(left - 1, Ordering::Relaxed);
        }
        left == 0
    }

    /// Notes how long it kept its thread.
    pub(crate) fn note(&self, took: Duration) {
        if took > LONG {
            self.elsewhere.store(TIMES, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_kept_its_thread_is_run_elsewhere_for_some_time() {
        let pace = Pace::default();
        assert!(pace.is_quick());

        pace.note(LONG * 2);

        let elsewhere = (0..2 * TIMES).take_while(|_| !pace.is_quick()).count();
        assert_eq!(elsewhere, usize::try_from(TIMES).unwrap());
        pace.note(LONG);
        assert!(pace.is_quick());
    }
}
