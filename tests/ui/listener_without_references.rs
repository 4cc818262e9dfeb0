//! A listener that takes its context and its event by value.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: Context, _message: MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
