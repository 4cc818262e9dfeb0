//! A listener where its error handler stands.

use cordial::prelude::*;

#[listener]
async fn other(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

#[listener(on_error = other)]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
