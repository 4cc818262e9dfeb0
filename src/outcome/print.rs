//! Reports and outcomes as text.

use std::fmt;

use crate::outcome::{Level, Outcome, Report, Resolution, Said, Tried};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            failure,
            handler,
            attempt,
            ..
        } = self;
        write!(f, "{} `{handler}` failed", handler.kind())?;
        if *attempt > 1 {
            write!(f, " (attempt {attempt})")?;
        }
        write!(f, ": {failure} [{} {}]", failure.code(), failure.id())?;
        if let Some(place) = failure.place() {
            write!(f, "\n  at {place}")?;
        }
        if let Some(earlier) = failure.during() {
            write!(f, "\n  while handling: {earlier} [{}]", earlier.id())?;
        }
        for tried in &self.tried {
            write!(f, "\n  {tried}")?;
        }
        write!(f, "\n  => {}", self.resolution)
    }
}

/// As [`Display`](fmt::Display): a report is for people.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            handler,
            level,
            said,
            took,
        } = self;
        write!(f, "{level}: `{handler}` {said} ({took:.1?})")
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handler => f.write_str("handler"),
            Self::Group(name) => write!(f, "group {name}"),
            Self::Plugin(name) => write!(f, "plugin {name}"),
            Self::Bot => f.write_str("bot"),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handled => f.write_str("handled it"),
            Self::Propagated => f.write_str("propagated it"),
            Self::Replaced { with } => write!(f, "replaced it with {with}"),
            Self::Retry { after } => write!(f, "asked for a retry after {after:?}"),
            Self::RetryRefused => f.write_str("asked for a retry, which was refused"),
            Self::Failed { with } => write!(f, "failed itself with {with}"),
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handled { by } => write!(f, "handled by `{by}`"),
            Self::Retried { by, after } => write!(f, "retried after {after:?}, as `{by}` asked"),
            Self::Replaced { by, with } => write!(f, "replaced with {with} by `{by}`"),
            Self::Unhandled => f.write_str("unhandled"),
            Self::LastResort => f.write_str("logged as a last resort"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed => f.write_str("completed"),
            Self::Handled { by } => write!(f, "failed, handled by `{by}`"),
            Self::Unhandled { failure } => write!(f, "failed, unhandled: {failure}"),
        }
    }
}
