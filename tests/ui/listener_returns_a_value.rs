//! A listener whose success is a value.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<u8> {
    Ok(5)
}

fn main() {}
