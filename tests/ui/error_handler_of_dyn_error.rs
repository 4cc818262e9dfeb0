//! An error handler for any error, which cannot go to another thread.

use cordial::prelude::*;

#[error_handler]
async fn anything(_ctx: &ErrorContext, _error: &dyn std::error::Error) -> bool {
    true
}

fn main() {}
