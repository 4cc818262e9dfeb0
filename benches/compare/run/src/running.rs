//! A subject that runs until it has been watched for long enough.

use std::fs;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use compare_client::{Arguments, Job};

use crate::source::{Record, Script, Source};
use crate::subject::Subject;

/// How long a subject may take to connect.
const PATIENCE: Duration = Duration::from_secs(20);

/// A subject that is connected. It is killed when this is dropped.
pub(crate) struct Running {
    subject: Subject,
    child: Option<Child>,
    source: Source,
}

impl Running {
    /// Starts a subject, and waits until it is connected.
    pub(crate) fn start(subject: Subject, job: Job, script: Script) -> Result<Self> {
        let source = Source::start(script)?;
        let child = subject.start(&Arguments {
            job,
            gateway: source.gateway,
            http: source.http,
            events: script.events,
            has_commands: false,
        })?;
        let mut running = Self {
            subject,
            child: Some(child),
            source,
        };
        let began = Instant::now();
        while running.record().sessions == 0 {
            running.look()?;
            if began.elapsed() > PATIENCE {
                bail!("{} did not connect", subject.name());
            }
            sleep(Duration::from_millis(10));
        }
        Ok(running)
    }

    /// Lets it run on for some time.
    pub(crate) fn watch(&mut self, time: Duration) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < time {
            self.look()?;
            sleep(Duration::from_millis(100).min(time));
        }
        Ok(())
    }

    /// Returns what it did up to now.
    pub(crate) fn record(&self) -> Record {
        self.source.record()
    }

    /// Returns what memory it has, in KiB.
    pub(crate) fn memory(&self) -> Result<u64> {
        let id = self.child.as_ref().context("it runs")?.id();
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        let number = number.context("the system does not say what memory a process has")?;
        Ok(number.parse()?)
    }

    /// Fails if it has ended.
    fn look(&mut self) -> Result<()> {
        let child = self.child.as_mut().context("it runs")?;
        if child.try_wait()?.is_none() {
            return Ok(());
        }
        let child = self.child.take().context("it ran")?;
        bail!("{}", self.subject.told(&child.wait_with_output()?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        crate::warn_of_unknown(self.subject, &self.source);
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
    }
}
