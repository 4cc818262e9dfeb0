//! Mistakes in the schedule of a task.

use std::fmt;
use std::time::Duration;

/// A mistake in the schedule of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskFlaw {
    /// Its period is zero.
    NoPeriod,
    /// Its jitter is as long as its period, or longer.
    LongJitter {
        /// The longest delay of a run.
        jitter: Duration,
        /// The period.
        period: Duration,
    },
    /// Something was set that does not apply to its kind of schedule.
    Unfit {
        /// What was set.
        option: &'static str,
        /// The kind of schedule that it applies to.
        only: &'static str,
    },
    /// Its cron expression cannot be read.
    BadCron {
        /// The expression.
        expression: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// Its cron expression names a time that never comes, such as the 30th of February.
    NeverComes {
        /// The expression.
        expression: String,
    },
    /// Its time zone is unknown.
    UnknownTimezone {
        /// The name.
        name: String,
    },
}

impl fmt::Display for TaskFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPeriod => f.write_str("runs every 0 seconds. Give it a longer period"),
            Self::LongJitter { jitter, period } => write!(
                f,
                "runs every {period:?} with a jitter of up to {jitter:?}, which would skip runs. \
                 Make the jitter shorter than the period",
            ),
            Self::Unfit { option, only } => write!(
                f,
                "has `{option}`, which is only for tasks with {only}. Remove it",
            ),
            Self::BadCron { expression, reason } => write!(
                f,
                "runs by `{expression}`, which is not a cron expression ({reason}). Write minute, \
                 hour, day of the month, month and day of the week, such as `0 9 * * 1-5`",
            ),
            Self::NeverComes { expression } => write!(
                f,
                "would never run: no date matches `{expression}`. Choose another schedule",
            ),
            Self::UnknownTimezone { name } => write!(
                f,
                "runs in the time zone `{name}`, which does not exist. Use one from the IANA \
                 database, such as `Europe/Berlin`",
            ),
        }
    }
}
