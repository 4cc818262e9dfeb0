//! What an event costs: processor time, events a second, memory.

use anyhow::Result;
use compare_client::{Arguments, Figures, Job};

use crate::options::Options;
use crate::source::{Mix, Pace, Script, Source};
use crate::subject::Subject;
use crate::table::{Rounds, table};

/// How many interactions are unanswered at a time. A flood of them would ask how many connections a
/// machine can open.
const UNANSWERED: usize = 64;
/// An interaction is answered over HTTP, which takes longer than the rest: there are fewer.
const FEWER: u64 = 10;

/// What was measured of one subject with one mix.
#[derive(Default)]
struct Measured {
    /// Microseconds of all processors for an event.
    cpu: Rounds,
    per_second: Rounds,
    /// MiB.
    peak: Rounds,
    lost: u64,
}

/// Measures all subjects with each mix, round by round. Each comes first equally often: whatever changes
/// on the machine meanwhile is nobody's in particular.
pub(crate) fn measure(mixes: &[Mix], options: &Options) -> Result<String> {
    let subjects = &options.subjects;
    let mut measured: Vec<Vec<_>> = mixes
        .iter()
        .map(|_| subjects.iter().map(|_| Measured::default()).collect())
        .collect();
    for round in 0..options.rounds {
        for (mix, measured) in mixes.iter().zip(&mut measured) {
            for turn in 0..subjects.len() {
                let index = (round + turn) % subjects.len();
                let figures = run(subjects[index], *mix, options)?;
                measured[index].add(&figures, *mix, events(*mix, options));
            }
        }
    }
    let tables = mixes.iter().zip(&measured);
    let tables: Vec<_> = tables
        .map(|(mix, measured)| show(*mix, measured, options))
        .collect();
    Ok(tables.join("\n"))
}

fn events(mix: Mix, options: &Options) -> u64 {
    match mix {
        Mix::Messages | Mix::Realistic => options.events,
        Mix::Interactions => (options.events / FEWER).max(1),
    }
}

fn run(subject: Subject, mix: Mix, options: &Options) -> Result<Figures> {
    let events = events(mix, options);
    let mut script = Script::flood(mix, events);
    if mix == Mix::Interactions {
        script.pace = Pace::Unanswered(UNANSWERED);
    }
    let source = Source::start(script)?;
    let figures = subject.run(&Arguments {
        job: Job::Count,
        gateway: source.gateway,
        http: source.http,
        events: mix.wanted(events),
        has_commands: mix == Mix::Interactions,
    });
    crate::warn_of_unknown(subject, &source);
    figures
}

impl Measured {
    fn add(&mut self, figures: &Figures, mix: Mix, events: u64) {
        // All that came in that time, wanted or not.
        let span = crate::float(mix.span(events));
        self.cpu.add(figures.cpu * 1e6 / span);
        self.per_second.add(span / figures.seconds);
        self.peak.add(crate::float(figures.peak) / 1_024.0);
        self.lost += figures.lost;
    }
}

fn show(mix: Mix, measured: &[Measured], options: &Options) -> String {
    let base = measured[0].cpu.median();
    let rows: Vec<_> = options
        .subjects
        .iter()
        .zip(measured)
        .map(|(subject, measured)| {
            [
                subject.name().to_owned(),
                measured.cpu.write(2),
                format!("{:.2}", measured.cpu.median() / base),
                measured.per_second.write(0),
                measured.peak.write(1),
                measured.lost.to_string(),
            ]
        })
        .collect();
    let of = format!("of {}", options.subjects[0].name());
    let head = [
        "",
        "CPU per event, µs",
        &of,
        "events/s",
        "peak memory, MiB",
        "lost",
    ];
    let (name, events, rounds) = (mix.name(), events(mix, options), options.rounds);
    let title = format!("### {name}: {events} events, median of {rounds} (least–most)");
    format!("{title}\n\n{}", table(head, &rows))
}
