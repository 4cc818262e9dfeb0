//! A function without an attribute, collected.

use cordial::prelude::*;

async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {
    let bot = Bot::builder().add(handlers![greet]);
}
