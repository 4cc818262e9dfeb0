//! What memory it takes when handlers are slower than events come.

use std::time::Duration;

use anyhow::Result;
use compare_client::{Job, WAITED};

use crate::options::Options;
use crate::running::Running;
use crate::source::{Mix, Script};
use crate::subject::Subject;
use crate::table::table;

/// Those that run handlers side by side.
const SUBJECTS: [Subject; 2] = [Subject::TwilightSpawned, Subject::Cordial];

/// Measures the two subjects, one after the other.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let peaks = [run(SUBJECTS[0], options)?, run(SUBJECTS[1], options)?];
    let rows: Vec<_> = (0..peaks[0].len())
        .map(|minute| {
            let peak = |peaks: &[u64]| format!("{:.1}", crate::float(peaks[minute]) / 1_024.0);
            [(minute + 1).to_string(), peak(&peaks[0]), peak(&peaks[1])]
        })
        .collect();
    let title = format!(
        "### memory: a flood of messages, of which each takes its handler {} ms",
        WAITED.as_millis(),
    );
    let head = [
        "peak of minute, MiB",
        SUBJECTS[0].name(),
        SUBJECTS[1].name(),
    ];
    Ok(format!("{title}\n\n{}", table(head, &rows)))
}

/// Returns the most memory that a subject had in each minute, in KiB.
fn run(subject: Subject, options: &Options) -> Result<Vec<u64>> {
    let script = Script::flood(Mix::Messages, u64::MAX);
    let mut running = Running::start(subject, Job::Wait, script)?;
    let mut peaks = Vec::new();
    for _ in 0..options.minutes {
        let mut peak = 0;
        for _ in 0..60 {
            running.watch(Duration::from_secs(1))?;
            peak = running.memory()?.max(peak);
        }
        peaks.push(peak);
    }
    Ok(peaks)
}
