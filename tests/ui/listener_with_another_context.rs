//! Listeners whose first argument is an error handler's, or the event.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &ErrorContext, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

#[listener]
async fn swapped(_message: &MessageCreate, _ctx: &Context) -> Result<()> {
    Ok(())
}

fn main() {}
