//! Scheduled tasks: functions that run by the clock, and as the bot starts and stops.
//!
//! A [`Task`] is written with `#[task]`, or made from a function. It is a handler like any other: what
//! it fails with goes to the error handlers around it, and it takes extractors. It runs for no event.

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
