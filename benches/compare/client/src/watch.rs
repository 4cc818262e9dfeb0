//! Counts events, and ends the process once all have come.

use std::mem;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::figures::{Figures, Moment, now, peak};
use crate::job::{Arguments, Job};

/// How often it is looked whether events still come.
const LOOK: Duration = Duration::from_millis(100);
/// After so many looks at nothing new, nothing is waited for any more: it is lost.
const LOOKS: u32 = 100;

/// What the handlers leave behind.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    /// Who waits for the last event.
    watcher: Option<Thread>,
}

struct Shared {
    start: Moment,
    expected: u64,
    taken: AtomicU64,
    /// What a handler does with the content: next to nothing, but something.
    length: AtomicUsize,
    first: OnceLock<Moment>,
    last: OnceLock<Moment>,
    /// How long events were under way, if that is asked for.
    latencies: Option<Mutex<Vec<u64>>>,
}

impl Watch {
    pub(crate) fn start(arguments: &Arguments) -> Self {
        let capacity = usize::try_from(arguments.events).unwrap_or(0);
        let shared = Arc::new(Shared {
            start: Moment::now(),
            expected: arguments.events,
            taken: AtomicU64::new(0),
            length: AtomicUsize::new(0),
            first: OnceLock::new(),
            last: OnceLock::new(),
            latencies: (arguments.job == Job::Time)
                .then(|| Mutex::new(Vec::with_capacity(capacity))),
        });
        let watcher = arguments.job.has_end().then(|| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.watch()).thread().clone()
        });
        Self { shared, watcher }
    }

    /// Counts an event.
    pub(crate) fn take(&self, content: &str) {
        let shared = &self.shared;
        shared.length.fetch_add(content.len(), Ordering::Relaxed);
        if let Some(latencies) = &shared.latencies {
            let latency = now().saturating_sub(sent_at(content));
            let mut latencies = latencies.lock().unwrap_or_else(PoisonError::into_inner);
            latencies.push(latency);
        }
        let before = shared.taken.fetch_add(1, Ordering::Relaxed);
        if before == 0 {
            shared.first.get_or_init(Moment::now);
        }
        if before + 1 == shared.expected {
            shared.last.get_or_init(Moment::now);
            if let Some(watcher) = &self.watcher {
                watcher.unpark();
            }
        }
    }
}

impl Shared {
    /// Waits until the last event was taken, or none has come for long. Then the process ends.
    #[expect(clippy::print_stdout, reason = "it is what the runner reads")]
    fn watch(&self) {
        let (mut newest, mut seen, mut looks) = (self.start, 0, 0);
        while self.last.get().is_none() && looks < LOOKS {
            thread::park_timeout(LOOK);
            let taken = self.taken.load(Ordering::Relaxed);
            looks += 1;
            if taken != seen {
                (newest, seen, looks) = (Moment::now(), taken, 0);
            }
        }
        let figures = self.figures(self.last.get().copied().unwrap_or(newest));
        let line = serde_json::to_string(&figures).expect("they are numbers");
        println!("{line}");
        std::process::exit(0);
    }

    fn figures(&self, last: Moment) -> Figures {
        let taken = self.taken.load(Ordering::Relaxed);
        let first = self.first.get().copied().unwrap_or(last);
        let latencies = self.latencies.as_ref().map(|latencies| {
            let mut latencies = latencies.lock().unwrap_or_else(PoisonError::into_inner);
            mem::take(&mut *latencies)
        });
        Figures {
            taken,
            lost: self.expected.saturating_sub(taken),
            seconds: seconds(first.time, last.time),
            cpu: seconds(first.cpu, last.cpu),
            until_first: seconds(self.start.time, first.time),
            until_last: seconds(self.start.time, last.time),
            peak: peak(),
            latencies: latencies.unwrap_or_default(),
        }
    }
}

fn seconds(from: u64, to: u64) -> f64 {
    Duration::from_nanos(to.saturating_sub(from)).as_secs_f64()
}

/// Reads when a message was sent: the last word of its content says so.
fn sent_at(content: &str) -> u64 {
    let word = content.rsplit(' ').next();
    word.and_then(|word| word.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_says_when() {
        assert_eq!(sent_at("sent at 12"), 12);
        assert_eq!(sent_at("nothing"), 0);
    }
}
