//! A plain function that does not say whether it handled the error.

use cordial::prelude::*;

async fn lost(_ctx: &ErrorContext, _error: &std::fmt::Error) {}

fn main() {
    let bot = Bot::builder().error_handler(lost);
}
