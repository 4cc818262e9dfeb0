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
    /// How long each event was under way, in nanoseconds; nothing unless that was asked for.
    pub latencies: Vec<u64>,
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
    fn a_process_knows_what_memory_it_had() {
        assert!(peak() > 0);
    }
}
