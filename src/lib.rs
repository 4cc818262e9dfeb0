//! A framework for Discord bots with typed error handlers.

// The derives name `::cordial::..`, inside the crate too.
extern crate self as cordial;

pub mod exception;
pub mod failure;
pub mod meta;
pub mod outcome;

pub use self::failure::{Failure, FailureId, IntoFailure, Result, WithDetail};
