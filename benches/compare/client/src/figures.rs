//! What a subject measures of itself.

use std::fs;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// What a subject found out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// How many events were taken.
    pub taken: u64,
    /// How many should have been, and were not.
    pub lost: u64,
    /// Seconds from the first event to the last.
    pub seconds: f64,
    /// Seconds of all processors in that time, for the program and for the system on its behalf.
    pub cpu: f64,
    /// Seconds from the start of the program's own code to the first event.
    pub until_first: f64,
    /// Seconds from the start of the program's own code to the last event.
    pub until_last: f64,
    /// The most memory that the process ever had, in KiB.
    pub peak: u64,
    /// How long events were under way, if that was asked for.
    pub latency: Option<Latency>,
}

/// How long events were under way, in nanoseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Latency {
    /// Half of them took no longer.
    pub p50: u64,
    /// 99 of 100 took no longer.
    pub p99: u64,
    /// 999 of 1,000 took no longer.
    pub p999: u64,
}

impl Latency {
    /// Sorts out what was measured, if anything was.
    pub(crate) fn of(mut all: Vec<u64>) -> Option<Self> {
        all.sort_unstable();
        let last = all.len().checked_sub(1)?;
        let at = |per_mille: usize| all[last * per_mille / 1_000];
        Some(Self {
            p50: at(500),
            p99: at(990),
            p999: at(999),
        })
    }
}

/// A moment: on the clock, and by what the process has used of its processors. In nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) time: u64,
    pub(crate) cpu: u64,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self {
            time: now(),
            // What `getrusage` tells of user and system together, but to the nanosecond.
            cpu: read(ClockId::ProcessCPUTime),
        }
    }
}

/// Reads the clock that all processes of a machine share, in nanoseconds.
#[must_use]
pub fn now() -> u64 {
    read(ClockId::Monotonic)
}

fn read(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Reads the most memory that this process ever had, in KiB; 0 where the system does not tell.
pub(crate) fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_what_was_measured() {
        let latency = Latency::of((1..=1_001).rev().collect()).expect("there are some");

        assert_eq!((latency.p50, latency.p99, latency.p999), (501, 991, 1_000));
    }

    #[test]
    fn nothing_has_no_quantiles() {
        assert!(Latency::of(Vec::new()).is_none());
    }

    #[test]
    fn a_process_knows_what_memory_it_had() {
        assert!(peak() > 0);
    }
}
