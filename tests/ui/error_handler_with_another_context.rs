//! An error handler whose first argument is a listener's, and one that takes what is no event.

use cordial::prelude::*;

#[error_handler]
async fn lost(_ctx: &Context, _error: &std::fmt::Error) -> bool {
    true
}

#[error_handler]
async fn found(_message: &String, _error: &std::fmt::Error) -> bool {
    true
}

fn main() {}
