//! How long a message takes from the source to a handler, while the machine has time to spare.

use anyhow::Result;
use compare_client::{Arguments, Figures, Job};

use crate::options::Options;
use crate::source::{Mix, Pace, Script, Source};
use crate::subject::Subject;
use crate::table::{Rounds, table};

/// Messages a second: those of a large bot.
const RATE: u32 = 2_000;
/// How long they come.
const SECONDS: u32 = 10;

/// What was measured of one subject. In microseconds.
#[derive(Default)]
struct Measured {
    p50: Rounds,
    p99: Rounds,
    p999: Rounds,
    /// What each message of all rounds took. The slowest thousandth of one round is a few moments in which
    /// the machine was busy elsewhere: how many there are in all tells more.
    all: Vec<u64>,
    lost: u64,
}

/// Measures all subjects, round by round.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let subjects = &options.subjects;
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    for round in 0..options.rounds {
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            measured[index].add(run(subjects[index])?);
        }
    }
    let rows = subjects.iter().zip(&mut measured);
    let rows: Vec<_> = rows
        .map(|(subject, measured)| measured.row(subject.name()))
        .collect();
    let title = format!(
        "### latency: {RATE} messages a second for {SECONDS} s, median of {} (least–most)",
        options.rounds
    );
    let head = [
        "µs until a handler has it",
        "p50",
        "p99",
        "p99.9",
        "p99.9 of all rounds together",
        "lost",
    ];
    Ok(format!("{title}\n\n{}", table(head, &rows)))
}

fn run(subject: Subject) -> Result<Figures> {
    let events = u64::from(RATE) * u64::from(SECONDS);
    let source = Source::start(Script {
        pace: Pace::PerSecond(RATE),
        ..Script::flood(Mix::Messages, events)
    })?;
    let figures = subject.run(&Arguments {
        job: Job::Time,
        gateway: source.gateway,
        http: source.http,
        events,
        has_commands: false,
    })?;
    crate::warn_of_unknown(subject, &source);
    Ok(figures)
}

impl Measured {
    fn add(&mut self, mut figures: Figures) {
        let latencies = &mut figures.latencies;
        latencies.sort_unstable();
        let rounds = [&mut self.p50, &mut self.p99, &mut self.p999];
        for (rounds, per_mille) in rounds.into_iter().zip([500, 990, 999]) {
            rounds.extend(quantile(latencies, per_mille));
        }
        self.all.append(latencies);
        self.lost += figures.lost;
    }

    fn row(&mut self, name: &str) -> [String; 6] {
        self.all.sort_unstable();
        let of_all = quantile(&self.all, 999);
        [
            name.to_owned(),
            self.p50.write(0),
            self.p99.write(0),
            self.p999.write(0),
            of_all.map_or_else(|| "–".to_owned(), |of_all| format!("{of_all:.0}")),
            self.lost.to_string(),
        ]
    }
}

/// Returns what so many of a thousand took no longer than, in microseconds. They are sorted.
fn quantile(nanoseconds: &[u64], per_mille: usize) -> Option<f64> {
    let last = nanoseconds.len().checked_sub(1)?;
    Some(crate::float(nanoseconds[last * per_mille / 1_000]) / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_what_was_measured() {
        let all: Vec<_> = (1..=1_001)
            .map(|microseconds| microseconds * 1_000)
            .collect();

        let quantiles = [500, 990, 999].map(|per_mille| quantile(&all, per_mille));

        assert_eq!(quantiles, [Some(501.0), Some(991.0), Some(1_000.0)]);
    }

    #[test]
    fn nothing_has_no_quantiles() {
        assert_eq!(quantile(&[], 500), None);
    }
}
