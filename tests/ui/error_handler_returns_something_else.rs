//! An error handler that says what cannot be understood.

use cordial::prelude::*;

#[error_handler]
async fn odd(_ctx: &ErrorContext, _error: &std::fmt::Error) -> Option<bool> {
    Some(true)
}

#[error_handler]
async fn odder(_ctx: &ErrorContext, _error: &std::fmt::Error) -> Result<u8> {
    Ok(5)
}

fn main() {}
