//! How much of a flood of failures the log shows.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::outcome::Report;

/// For how long reports are counted together.
const WINDOW: Duration = Duration::from_secs(60);
/// How many sources of failures are told apart.
const MOST_SOURCES: usize = 1_000;

/// Counts what is to be logged, so that a failure that comes again and again does not bury all else.
///
/// Observers are told of every failure, whatever the log shows.
#[derive(Debug, Default)]
pub(crate) struct Flood(Mutex<HashMap<Source, Window>>);

/// What failed how: the handler, and the code of the failure.
type Source = (String, &'static str);

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Instant,
    came: u32,
    /// How many were not shown.
    hidden: u32,
}

/// What is said with a report that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// How many like it were not shown before.
    pub(crate) after: u32,
    /// Whether those that follow are not shown for some time.
    pub(crate) is_last: bool,
}

impl Flood {
    /// Counts a report. Returns what to say with it if it is shown: so many of a source are in a minute.
    pub(crate) fn count(&self, report: &Report, most: u32) -> Option<Shown> {
        let source = (report.handler.to_string(), report.failure.code());
        let now = Instant::now();
        let mut sources = self.sources();
        if sources.len() >= MOST_SOURCES {
            sources.retain(|_, window| window.lasts(now) || window.hidden > 0);
        }
        if sources.len() >= MOST_SOURCES && !sources.contains_key(&source) {
            return Some(Shown {
                after: 0,
                is_last: false,
            });
        }
        let new = Window::new(now);
        sources.entry(source).or_insert(new).count(now, most.max(1))
    }

    /// Returns how many were not shown that nothing was said of, and forgets them.
    pub(crate) fn take_hidden(&self) -> u64 {
        let mut sources = self.sources();
        let hidden = sources.drain().map(|(_, window)| window.hidden);
        hidden.map(u64::from).sum()
    }

    fn sources(&self) -> MutexGuard<'_, HashMap<Source, Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Window {
    fn new(since: Instant) -> Self {
        Self {
            since,
            came: 0,
            hidden: 0,
        }
    }

    fn lasts(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) < WINDOW
    }

    fn count(&mut self, now: Instant, most: u32) -> Option<Shown> {
        let mut after = 0;
        if !self.lasts(now) {
            after = self.hidden;
            *self = Self::new(now);
        }
        self.came = self.came.saturating_add(1);
        if self.came > most {
            self.hidden = self.hidden.saturating_add(1);
            return None;
        }
        let is_last = self.came == most;
        Some(Shown { after, is_last })
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.after > 0 {
            write!(
                f,
                "\n  {} more like this one were not logged before",
                self.after
            )?;
        }
        if self.is_last {
            f.write_str(
                "\n  more like this one are not logged for the rest of the minute: see `log_limit`",
            )?;
        }
        Ok(())
    }
}
