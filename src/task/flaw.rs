//! What can be wrong with when a task runs.

use std::fmt;
use std::time::Duration;

/// What is wrong with when a task runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskFlaw {
    /// There is no time between its runs.
    NoPeriod,
    /// Its runs may be put off for as long as the time between them, or longer.
    LongJitter {
        /// The longest that a run may be put off.
        jitter: Duration,
        /// The time between two runs.
        period: Duration,
    },
    /// Something was set that says nothing of when it runs.
    Unfit {
        /// What was set.
        option: &'static str,
        /// The tasks that it is for.
        only: &'static str,
    },
    /// Its cron expression cannot be read.
    BadCron {
        /// The expression.
        expression: String,
        /// Why it cannot.
        reason: String,
    },
    /// Its cron expression names a time that never comes, such as the 30th of February.
    NeverComes {
        /// The expression.
        expression: String,
    },
    /// Nobody knows its time zone.
    UnknownTimezone {
        /// The name.
        name: String,
    },
}

impl fmt::Display for TaskFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPeriod => f.write_str("runs every 0 seconds. Give it a time above that"),
            Self::LongJitter { jitter, period } => write!(
                f,
                "runs every {period:?}, and up to {jitter:?} later, which would leave runs out. Make the \
                 jitter shorter than the period",
            ),
            Self::Unfit { option, only } => write!(
                f,
                "has `{option}`, which is for tasks with {only} alone. Remove it",
            ),
            Self::BadCron { expression, reason } => write!(
                f,
                "runs by `{expression}`, which is no cron expression ({reason}). Write minute, hour, day \
                 of the month, month and day of the week, such as `0 9 * * 1-5`",
            ),
            Self::NeverComes { expression } => write!(
                f,
                "would never run: there is no day that `{expression}` names. Name another",
            ),
            Self::UnknownTimezone { name } => write!(
                f,
                "runs by the clocks of `{name}`, which is no time zone. Name one of the IANA database, \
                 such as `Europe/Berlin`",
            ),
        }
    }
}
