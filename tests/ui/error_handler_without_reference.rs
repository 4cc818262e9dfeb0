//! An error handler that takes the error by value.

use cordial::prelude::*;

#[error_handler]
async fn lost(_ctx: &ErrorContext, _error: std::fmt::Error) -> bool {
    true
}

fn main() {}
