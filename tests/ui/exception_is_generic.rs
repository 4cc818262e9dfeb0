//! An exception with parameters.

use cordial::prelude::*;

#[derive(Debug, thiserror::Error, Exception)]
#[error("not found")]
struct NotFound<T: std::fmt::Debug>(T);

fn main() {}
