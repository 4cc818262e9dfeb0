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

/// Measures those of the two subjects that are asked for, one after the other.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let asked = SUBJECTS.map(|subject| options.subjects.contains(&subject));
    let peak = |index: usize| {
        let peaks = asked[index].then(|| run(SUBJECTS[index], options));
        peaks.transpose().map(Option::unwrap_or_default)
    };
    let peaks = [peak(0)?, peak(1)?];
    let minutes = peaks[0].len().max(peaks[1].len());
    let rows: Vec<_> = (0..minutes)
        .map(|minute| {
            let peak = |peaks: &[u64]| match peaks.get(minute) {
                Some(peak) => format!("{:.1}", crate::float(*peak) / 1_024.0),
                None => "-".to_owned(),
            };
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
