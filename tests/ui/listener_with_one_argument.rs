//! A listener without a context.

use cordial::prelude::*;

#[listener]
async fn greet(_message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
