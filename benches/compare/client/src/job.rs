//! What a subject is told to do.

use std::net::SocketAddr;
use std::str::FromStr;

/// What the handlers of a subject do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// They count.
    Count,
    /// They take the time that the event was under way, too.
    Time,
    /// They block their threads.
    Block,
    /// They wait without blocking a thread.
    Wait,
}

/// What the runner tells a subject.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// What handlers do.
    pub job: Job,
    /// Where the gateway listens.
    pub gateway: SocketAddr,
    /// Where the HTTP interface listens.
    pub http: SocketAddr,
    /// How many wanted events will come.
    pub events: u64,
    /// Whether the wanted events are slash commands, and not messages.
    pub has_commands: bool,
}

impl Job {
    const NAMES: [(&str, Self); 4] = [
        ("count", Self::Count),
        ("time", Self::Time),
        ("block", Self::Block),
        ("wait", Self::Wait),
    ];

    /// Returns whether the process ends by itself, once the events have come.
    #[must_use]
    pub fn has_end(self) -> bool {
        matches!(self, Self::Count | Self::Time)
    }

    fn name(self) -> &'static str {
        let mut all = Self::NAMES.into_iter();
        all.find(|(_, job)| *job == self)
            .map_or("", |(name, _)| name)
    }

    fn named(wanted: &str) -> Option<Self> {
        let mut all = Self::NAMES.into_iter();
        all.find(|(name, _)| *name == wanted).map(|(_, job)| job)
    }
}

impl Arguments {
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let arguments: Vec<_> = arguments.collect();
        let [job, gateway, http, events, wanted] = arguments.as_slice() else {
            return None;
        };
        Some(Self {
            job: Job::named(job)?,
            gateway: parse(gateway)?,
            http: parse(http)?,
            events: parse(events)?,
            has_commands: wanted == "commands",
        })
    }

    /// Returns them as they are given to a process.
    #[must_use]
    pub fn write(&self) -> [String; 5] {
        let wanted = if self.has_commands {
            "commands"
        } else {
            "messages"
        };
        [
            self.job.name().to_owned(),
            self.gateway.to_string(),
            self.http.to_string(),
            self.events.to_string(),
            wanted.to_owned(),
        ]
    }
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for (_, job) in Job::NAMES {
            let written = Arguments {
                job,
                gateway: ([127, 0, 0, 1], 1).into(),
                http: ([127, 0, 0, 1], 2).into(),
                events: 3,
                has_commands: true,
            };

            let read = Arguments::read(written.write().into_iter()).expect("they are whole");

            assert_eq!(format!("{read:?}"), format!("{written:?}"));
        }
    }
}
