//! How long a handler keeps its thread.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long a handler may keep the thread that receives events. Awaiting does not count.
const LONG: Duration = Duration::from_micros(200);
/// How often it must do so, and within how many runs. Once is nothing, and neither is twice: it may be the
/// thread that was kept waiting for its processor.
const OFTEN: u32 = 3;
const RECENT: u32 = 100;
/// How often it is run elsewhere then, before it is tried again; and how often at most, if it does so again
/// and again.
const FEW: u32 = 16;
const MANY: u32 = 1_024;

/// How long a handler keeps its thread, as far as that was seen.
///
/// Others may count at the same moment: it is no matter how often exactly.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// How many runs it will still make elsewhere.
    elsewhere: AtomicU32,
    /// How many runs it last made elsewhere, unless that is long ago.
    sentence: AtomicU32,
    /// How often it kept its thread lately, and for how many runs that is remembered.
    times: AtomicU32,
    suspect: AtomicU32,
}

impl Pace {
    /// Returns whether it may run on the thread that receives events. Asked once for each run.
    pub(crate) fn is_quick(&self) -> bool {
        if take_one(&self.elsewhere) > 0 {
            return false;
        }
        if take_one(&self.suspect) == 1 {
            self.times.store(0, Ordering::Relaxed);
            self.sentence.store(0, Ordering::Relaxed);
        }
        true
    }

    /// Notes how long it kept its thread.
    pub(crate) fn note(&self, took: Duration) {
        if took <= LONG {
            return;
        }
        self.suspect.store(RECENT, Ordering::Relaxed);
        if self.times.fetch_add(1, Ordering::Relaxed) + 1 >= OFTEN {
            let sentence = self.sentence.load(Ordering::Relaxed) * 2;
            let sentence = sentence.clamp(FEW, MANY);
            self.sentence.store(sentence, Ordering::Relaxed);
            self.elsewhere.store(sentence, Ordering::Relaxed);
        }
    }
}

/// Counts down. Returns how many there were left.
fn take_one(count: &AtomicU32) -> u32 {
    let left = count.load(Ordering::Relaxed);
    if left > 0 {
        count.store(left - 1, Ordering::Relaxed);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs it if it may, and returns whether it did.
    fn run(pace: &Pace, took: Duration) -> bool {
        let is_quick = pace.is_quick();
        if is_quick {
            pace.note(took);
        }
        is_quick
    }

    /// Returns how often it is run elsewhere from now on.
    fn elsewhere(pace: &Pace) -> u32 {
        (0..=MANY).take_while(|_| !pace.is_quick()).map(|_| 1).sum()
    }

    #[test]
    fn one_that_keeps_its_thread_is_run_elsewhere_ever_longer() {
        let pace = Pace::default();
        assert!((1..OFTEN).all(|_| run(&pace, LONG * 2)));

        for sentence in [16, 32, 64, 128, 256, 512, 1_024, 1_024] {
            pace.note(LONG * 2);
            assert_eq!(elsewhere(&pace), sentence);
        }
    }

    #[test]
    fn one_that_has_become_quick_is_forgiven() {
        let pace = Pace::default();
        for _ in 0..=OFTEN {
            pace.note(LONG * 2);
        }
        assert_eq!(elsewhere(&pace), 32);
        assert!((0..RECENT).all(|_| run(&pace, LONG)));

        assert!((0..OFTEN).all(|_| run(&pace, LONG * 2)));

        assert_eq!(elsewhere(&pace), 16);
    }

    #[test]
    fn one_that_keeps_its_thread_now_and_then_stays() {
        let pace = Pace::default();

        let is_quick = (0..5).all(|_| {
            let now_and_then = (1..OFTEN).all(|_| run(&pace, LONG * 2));
            now_and_then && (0..RECENT).all(|_| run(&pace, LONG))
        });

        assert!(is_quick);
    }
}
