//! Scheduled tasks: functions that run by the clock, or as the bot starts or stops.
//!
//! Write a [`Task`] with `#[task]`, or create one from a function. It is a handler like any other, with
//! extractors and error handlers; only no event causes it.

#[cfg(feature = "cron")]
mod cron;
mod flaw;
mod handler;
mod run;
mod schedule;

pub use self::flaw::TaskFlaw;
pub use self::handler::Task;
#[doc(hidden)]
pub use self::handler::{When, generated};

#[cfg(feature = "cron")]
pub(crate) use self::cron::Cron;
pub(crate) use self::run::{Scheduled, Tasks};
pub(crate) use self::schedule::Schedule;
