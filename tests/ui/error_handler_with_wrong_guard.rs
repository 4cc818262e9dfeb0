//! A guard that says neither yes nor no.

use cordial::prelude::*;

#[error_handler(when = |error| error.to_string())]
async fn lost(_ctx: &ErrorContext, _error: &std::fmt::Error) -> bool {
    true
}

fn main() {}
