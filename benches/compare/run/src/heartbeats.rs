//! Whether heartbeats go on while handlers block their threads.

use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::Result;
use compare_client::{BLOCKED, Job};

use crate::options::Options;
use crate::running::Running;
use crate::source::{Mix, Script};
use crate::table::table;

/// How often a heartbeat is asked for.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long a subject goes undisturbed.
const CALM: Duration = Duration::from_secs(3);

/// Measures all subjects, one after the other.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let workers = u32::try_from(available_parallelism()?.get())?;
    // One for each worker, and as many who wait for one.
    let handlers = 2 * workers;
    let time = CALM + 3 * BLOCKED;
    let mut rows = Vec::new();
    for &subject in &options.subjects {
        let mut running = Running::start(
            subject,
            Job::Block,
            Script {
                interval: u64::try_from(INTERVAL.as_millis())?,
                calm: CALM,
                ..Script::flood(Mix::Messages, handlers.into())
            },
        )?;
        running.watch(time)?;
        let record = running.record();
        let gap = greatest_gap(&record.beats, Instant::now());
        rows.push([
            subject.name().to_owned(),
            gap.map_or("none came".to_owned(), |gap| {
                format!("{:.1}", gap.as_secs_f64() / INTERVAL.as_secs_f64())
            }),
            record.sessions.to_string(),
        ]);
    }
    let title = format!(
        "### heartbeats: one wanted each second, {handlers} handlers block their threads for {} s, watched for {} s",
        BLOCKED.as_secs(),
        time.as_secs(),
    );
    let head = ["", "greatest gap, in intervals", "sessions begun"];
    Ok(format!("{title}\n\n{}", table(head, &rows)))
}

/// Returns the longest time without a heartbeat, up to the end.
fn greatest_gap(beats: &[Instant], end: Instant) -> Option<Duration> {
    let later = beats.iter().skip(1).copied().chain([end]);
    let gaps = beats.iter().zip(later);
    gaps.map(|(from, to)| to.saturating_duration_since(*from))
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_ends_the_last_gap() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);

        let gap = greatest_gap(&[at(0), at(2), at(3)], at(8));

        assert_eq!(gap, Some(Duration::from_secs(5)));
        assert_eq!(greatest_gap(&[], at(8)), None);
    }
}
