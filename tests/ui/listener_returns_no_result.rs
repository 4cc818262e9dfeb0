//! A listener that returns what is neither nothing nor a result.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> u8 {
    5
}

fn main() {}
