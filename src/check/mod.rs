//! Who may use what, where, and how often: checks that run before a handler of interactions.
//!
//! A check that does not pass is a failure of its own, a [`CheckFailed`](crate::exception::CheckFailed)
//! with the facts in it, and goes to the error handlers of the handler that did not run.
//!
//! They run in this order, those of the bot and of the plugins before the handler's own: what somebody
//! is and may do, what the author asks for, and last of all the limits, so that nobody waits for what
//! they were not let do. While an option is being typed, all but the limits are asked at every letter.

mod concurrency;
mod cooldown;
mod keys;
mod predicate;
mod rules;

pub use self::concurrency::MaxConcurrency;
pub use self::cooldown::Cooldown;
pub use self::predicate::{Check, IntoCheck, ViaBuiltCheck, ViaCheckFn};

#[doc(hidden)]
pub use self::predicate::generated;
pub(crate) use self::rules::{Checks, Passed, Rule};
