//! An error handler for a type that is no error.

use cordial::prelude::*;

struct NotFound;

#[error_handler]
async fn lost(_ctx: &ErrorContext, _error: &NotFound) -> bool {
    true
}

fn main() {}
