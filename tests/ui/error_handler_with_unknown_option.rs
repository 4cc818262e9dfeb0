//! Options that there are not, or of another form.

use cordial::prelude::*;

#[error_handler(casue)]
async fn lost(_ctx: &ErrorContext, _error: &std::fmt::Error) -> bool {
    true
}

#[error_handler(when)]
async fn found(_ctx: &ErrorContext, _error: &std::fmt::Error) -> bool {
    true
}

#[error_handler(cause = true)]
async fn caused(_ctx: &ErrorContext, _error: &std::fmt::Error) -> bool {
    true
}

fn main() {}
