//! An error handler with mistakes, and what uses it.

use cordial::prelude::*;

#[error_handler(caus)]
async fn on_io(_ctx: &ErrorContext, _error: &std::io::Error) -> bool {
    true
}

#[listener(on_error = on_io)]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

/// Roll a die.
#[command(on_error = on_io)]
async fn roll(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![greet, roll, on_io]));
}
