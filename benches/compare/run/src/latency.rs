//! How long a message takes from the source to a handler, while the machine has time to spare.

use anyhow::Result;
use compare_client::{Arguments, Job, Latency};

use crate::options::Options;
use crate::source::{Mix, Pace, Script, Source};
use crate::subject::Subject;
use crate::table::{Rounds, table};

/// Messages a second: those of a large bot.
const RATE: u32 = 2_000;
/// How long they come.
const SECONDS: u32 = 10;

/// Measures all subjects, round by round.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let subjects = &options.subjects;
    let quantiles = || [(); 3].map(|()| Rounds::default());
    let mut measured: Vec<_> = subjects.iter().map(|_| quantiles()).collect();
    let mut lost = vec![0; subjects.len()];
    for round in 0..options.rounds {
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            let (latency, missing) = run(subjects[index])?;
            let quantiles = latency.map(|latency| [latency.p50, latency.p99, latency.p999]);
            for (rounds, one) in measured[index]
                .iter_mut()
                .zip(quantiles.into_iter().flatten())
            {
                rounds.add(crate::float(one) / 1e3);
            }
            lost[index] += missing;
        }
    }
    let rows = subjects.iter().zip(&measured).zip(lost);
    let rows: Vec<_> = rows
        .map(|((subject, [p50, p99, p999]), lost)| {
            let name = subject.name().to_owned();
            [
                name,
                p50.write(0),
                p99.write(0),
                p999.write(0),
                lost.to_string(),
            ]
        })
        .collect();
    let title = format!(
        "### latency: {RATE} messages a second for {SECONDS} s, median of {} (least–most)",
        options.rounds
    );
    let head = ["µs until a handler has it", "p50", "p99", "p99.9", "lost"];
    Ok(format!("{title}\n\n{}", table(head, &rows)))
}

fn run(subject: Subject) -> Result<(Option<Latency>, u64)> {
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
    Ok((figures.latency, figures.lost))
}
