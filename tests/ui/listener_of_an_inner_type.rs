//! A listener for what is inside an event.

use cordial::prelude::*;

use cordial::twilight::model::channel::Message;

#[listener]
async fn greet(_ctx: &Context, _message: &Message) -> Result<()> {
    Ok(())
}

fn main() {}
