//! How long a handler keeps its thread.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long one may keep the thread that brings events. What is awaited does not count.
const LONG: Duration = Duration::from_micros(200);
/// How often one that kept it longer twice is run elsewhere before it is tried again.
const TIMES: u32 = 1_000;
/// Within how many runs. Once is nothing: it may be the thread that was kept waiting for its processor.
const RECENT: u32 = 100;

/// How long a handler keeps its thread, as far as that was seen.
///
/// Others may count at the same moment: it is no matter how often exactly.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// How often it is run elsewhere still.
    elsewhere: AtomicU32,
    /// For how many runs it is remembered that it kept its thread once.
    suspect: AtomicU32,
}

impl Pace {
    /// Returns whether it may run on the thread that brings events. That is asked once for each run.
    pub(crate) fn is_quick(&self) -> bool {
        take_one(&self.suspect);
        !take_one(&self.elsewhere)
    }

    /// Notes how long it kept its thread.
    pub(crate) fn note(&self, took: Duration) {
        if took <= LONG {
            return;
        }
        if self.suspect.swap(RECENT, Ordering::Relaxed) > 0 {
            self.elsewhere.store(TIMES, Ordering::Relaxed);
        }
    }
}

/// Counts down. Returns whether there was any left.
fn take_one(count: &AtomicU32) -> bool {
    let left = count.load(Ordering::Relaxed);
    if left > 0 {
        count.store(left - 1, Ordering::Relaxed);
    }
    left > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pace: &Pace, took: Duration) -> bool {
        let is_quick = pace.is_quick();
        if is_quick {
            pace.note(took);
        }
        is_quick
    }

    #[test]
    fn one_that_keeps_its_thread_is_run_elsewhere_for_some_time() {
        let pace = Pace::default();
        assert!(run(&pace, LONG * 2));
        assert!(run(&pace, LONG * 2));

        let elsewhere = (0..2 * TIMES).take_while(|_| !run(&pace, LONG)).count();

        assert_eq!(elsewhere, usize::try_from(TIMES).unwrap());
        assert!(run(&pace, LONG));
    }

    #[test]
    fn one_that_keeps_its_thread_now_and_then_stays() {
        let pace = Pace::default();

        let is_quick = (0..5).all(|_| {
            let now_and_then = run(&pace, LONG * 2);
            now_and_then && (0..RECENT).all(|_| run(&pace, LONG))
        });

        assert!(is_quick);
    }
}
