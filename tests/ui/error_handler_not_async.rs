//! An error handler that is not async.

use cordial::prelude::*;

#[error_handler]
fn lost(_ctx: &ErrorContext, _error: &std::fmt::Error) -> bool {
    true
}

fn main() {}
