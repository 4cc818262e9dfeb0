//! An error handler that does not say whether it handled the error.

use cordial::prelude::*;

#[error_handler]
async fn lost(_ctx: &ErrorContext, _error: &std::fmt::Error) {}

#[error_handler]
async fn unsaid(_ctx: &ErrorContext, _error: &std::fmt::Error) -> Result<()> {
    Ok(())
}

fn main() {}
