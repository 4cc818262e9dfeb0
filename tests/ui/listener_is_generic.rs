//! A listener with parameters of its own.

use cordial::prelude::*;

#[listener]
async fn greet<T: Send>(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
