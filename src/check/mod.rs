//! Checks, which run before a handler of interactions: who may use it, where, and how often.
//!
//! If a check does not pass, the handler does not run. It fails with a
//! [`CheckFailed`](crate::exception::CheckFailed) that contains the facts, and the error handlers of that handler
//! are asked.
//!
//! Checks of the bot and of plugins run together with the handler's own, in this order: first who somebody is
//! and what they may do, then your own checks, and last the limits, so that a use that was refused does not
//! count. Within each step, those of the bot and of plugins come first. While somebody types an option, all
//! checks but the limits run at every letter.

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
