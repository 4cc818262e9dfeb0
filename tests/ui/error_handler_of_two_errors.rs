//! An error handler for two errors at once.

use cordial::prelude::*;

#[error_handler]
async fn lost(_ctx: &ErrorContext, _error: &std::fmt::Error, _other: &std::io::Error) -> bool {
    true
}

fn main() {}
