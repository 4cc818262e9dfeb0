//! Options whose values are of another form.

use cordial::prelude::*;

#[listener(timeout = "3 sec", name = 5)]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

#[listener(timeout = 3, timeout = "3s")]
async fn greet_twice(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
