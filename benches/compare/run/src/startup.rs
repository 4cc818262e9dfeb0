//! How long it takes from the start of a bot's own code to its first event.

use std::time::Duration;

use anyhow::Result;
use compare_client::{Arguments, Figures, Job};

use crate::options::Options;
use crate::source::{Mix, Script, Source};
use crate::subject::Subject;
use crate::table::{Rounds, table};

/// Those that connect as many shards as Discord recommends.
const SUBJECTS: [Subject; 2] = [Subject::TwilightSpawned, Subject::Cordial];
/// How many that is: for a small bot, and for one large enough that all of these may connect at once.
const SHARDS: [u32; 2] = [1, 16];

/// What was measured of one subject with some shards, in milliseconds.
#[derive(Default)]
struct Measured {
    first: Rounds,
    all: Rounds,
}

/// Measures the two subjects, round by round.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let mut measured = SHARDS.map(|_| SUBJECTS.map(|_| Measured::default()));
    for round in 0..options.rounds {
        for (shards, measured) in SHARDS.into_iter().zip(&mut measured) {
            for turn in 0..SUBJECTS.len() {
                let index = (round + turn) % SUBJECTS.len();
                let figures = run(SUBJECTS[index], shards)?;
                measured[index].first.add(figures.until_first * 1e3);
                measured[index].all.add(figures.until_last * 1e3);
            }
        }
    }
    let mut rows = Vec::new();
    for (shards, [one, other]) in SHARDS.iter().zip(&measured) {
        let first = format!("{shards}, until the first event");
        rows.push([first, one.first.write(1), other.first.write(1)]);
        let all = format!("{shards}, until each has brought one");
        rows.push([all, one.all.write(1), other.all.write(1)]);
    }
    let title = format!(
        "### startup: milliseconds, median of {} (least–most)",
        options.rounds,
    );
    let head = ["shards", SUBJECTS[0].name(), SUBJECTS[1].name()];
    Ok(format!("{title}\n\n{}", table(head, &rows)))
}

/// Starts a subject once. Discord would let all of its shards begin their sessions at once.
fn run(subject: Subject, shards: u32) -> Result<Figures> {
    let source = Source::start(Script {
        shards,
        calm: Duration::ZERO,
        ..Script::flood(Mix::Messages, 1)
    })?;
    let figures = subject.run(&Arguments {
        job: Job::Count,
        gateway: source.gateway,
        http: source.http,
        events: shards.into(),
        has_commands: false,
    })?;
    crate::warn_of_unknown(subject, &source);
    anyhow::ensure!(
        figures.lost == 0,
        "{} did not start all of its shards",
        subject.name()
    );
    Ok(figures)
}
