//! A listener that holds what cannot go to another thread.

use cordial::prelude::*;

use std::rc::Rc;

#[listener]
async fn greet(ctx: &Context, _message: &MessageCreate) -> Result<()> {
    let count = Rc::new(5);
    ctx.reply("Greeting!").await?;
    drop(count);
    Ok(())
}

fn main() {}
