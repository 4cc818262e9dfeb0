//! What is asked for on the command line.

use anyhow::{Context as _, Result, bail};

use crate::subject::Subject;

/// How this is used.
const USAGE: &str = "\
usage: compare-run <mode> [--events N] [--rounds N] [--minutes N] [--only A,B]

modes: messages, realistic, interactions: what an event costs
       throughput: these three
       latency, heartbeats, memory, startup, check
       all: all of these

--events   events of a run; of interactions, a tenth (default: 500000)
--rounds   runs of each (default: 5)
--minutes  how long `memory` takes for each subject (default: 10)
--only     the subjects of a throughput, of latency, heartbeats and memory (default: all)";

/// What is to be measured, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) mode: String,
    pub(crate) events: u64,
    pub(crate) rounds: usize,
    pub(crate) minutes: u32,
    /// The first is what the others are held against.
    pub(crate) subjects: Vec<Subject>,
}

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            mode: arguments.next().context(USAGE)?,
            events: 500_000,
            rounds: 5,
            minutes: 10,
            subjects: Subject::ALL.to_vec(),
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next();
            if name == "--only" {
                options.subjects = subjects(&value.unwrap_or_default())?;
                continue;
            }
            let number = value.and_then(|value| value.parse::<u32>().ok());
            let number = number.filter(|number| *number > 0);
            let number = number.with_context(|| format!("`{name}` takes a number\n\n{USAGE}"))?;
            match name.as_str() {
                "--events" => options.events = number.into(),
                "--rounds" => options.rounds = usize::try_from(number)?,
                "--minutes" => options.minutes = number,
                _ => bail!("there is no `{name}`\n\n{USAGE}"),
            }
        }
        Ok(options)
    }

    /// Returns whether a mode is asked for.
    pub(crate) fn has(&self, mode: &str) -> bool {
        self.mode == mode || self.mode == "all"
    }

    /// Says that there is no such mode.
    pub(crate) fn unknown(&self) -> anyhow::Error {
        anyhow::anyhow!("there is no mode `{}`\n\n{USAGE}", self.mode)
    }
}

fn subjects(names: &str) -> Result<Vec<Subject>> {
    let subject = |name| {
        let subject = Subject::ALL.into_iter().find(|one| one.name() == name);
        subject.with_context(|| {
            let names = Subject::ALL.map(Subject::name).join(", ");
            format!("there is no subject `{name}`; there are {names}\n\n{USAGE}")
        })
    };
    names.split(',').map(subject).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options> {
        Options::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_is_not_said_is_usual() {
        let options = read("messages --rounds 2").expect("it is right");

        assert_eq!((options.rounds, options.events), (2, 500_000));
        assert_eq!(options.subjects, Subject::ALL);
    }

    #[test]
    fn subjects_stand_in_the_order_in_which_they_are_named() {
        let options = read("messages --only cordial,poise").expect("it is right");

        assert_eq!(options.subjects, [Subject::Cordial, Subject::Poise]);
    }

    #[test]
    fn what_is_wrong_is_explained() {
        for line in [
            "",
            "all --rounds",
            "all --rounds none",
            "all --rounds 0",
            "all --fast 1",
            "all --only",
            "all --only cordial,perfection",
        ] {
            let error = read(line).expect_err("it is wrong");
            assert!(error.to_string().contains("usage:"), "{line}");
        }
    }
}
