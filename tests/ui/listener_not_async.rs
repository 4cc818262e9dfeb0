//! A listener that is not async.

use cordial::prelude::*;

#[listener]
fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
