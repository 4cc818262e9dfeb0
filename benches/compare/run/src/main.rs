//! cordial beside plain twilight, serenity and poise: on the same events, in one run.
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- all --rounds 5
//! ```
//!
//! builds the subjects, measures them, and prints tables in Markdown. `README.md` says how.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(
    clippy::print_stderr,
    reason = "what goes on is told beside the tables"
)]

mod check;
mod heartbeats;
mod latency;
mod memory;
mod options;
mod running;
mod source;
mod startup;
mod subject;
mod table;
mod throughput;

use std::env;
use std::thread::available_parallelism;

use anyhow::Result;

use crate::options::Options;
use crate::source::{Mix, Source};
use crate::subject::Subject;

const MIXES: [Mix; 3] = [Mix::Messages, Mix::Realistic, Mix::Interactions];
const MODES: [&str; 6] = [
    "throughput",
    "latency",
    "heartbeats",
    "memory",
    "startup",
    "check",
];

fn main() -> Result<()> {
    let options = Options::read(env::args().skip(1))?;
    let mixes: Vec<_> = MIXES
        .into_iter()
        .filter(|mix| mix.name() == options.mode)
        .collect();
    let modes: Vec<_> = MODES.into_iter().filter(|mode| options.has(mode)).collect();
    if mixes.is_empty() && modes.is_empty() {
        return Err(options.unknown());
    }
    if modes != ["check"] {
        // Who starts is not chosen.
        build(if options.has("startup") {
            &Subject::ALL
        } else {
            &options.subjects
        })?;
    }
    let workers = available_parallelism()?;
    println!("{workers} processors, and as many workers of each runtime.\n");
    if !mixes.is_empty() {
        println!("{}", throughput::measure(&mixes, &options)?);
    }
    for mode in modes {
        eprintln!("measuring {mode}");
        println!("{}", measure(mode, &options)?);
    }
    Ok(())
}

fn build(subjects: &[Subject]) -> Result<()> {
    for subject in subjects {
        eprintln!("building {}", subject.name());
        subject.build()?;
    }
    Ok(())
}

fn measure(mode: &str, options: &Options) -> Result<String> {
    match mode {
        "throughput" => throughput::measure(&MIXES, options),
        "latency" => latency::measure(options),
        "heartbeats" => heartbeats::measure(options),
        "memory" => memory::measure(options),
        "startup" => startup::measure(options),
        _ => check::measure(options),
    }
}

/// Tells of what a subject asked for that the source has not, which may explain much.
fn warn_of_unknown(subject: Subject, source: &Source) {
    for request in source.record().unknown {
        eprintln!(
            "{} asked for {request}, which the source does not have",
            subject.name()
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "no figure here has 16 digits")]
fn float(number: u64) -> f64 {
    number as f64
}
