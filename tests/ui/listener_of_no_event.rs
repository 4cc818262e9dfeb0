//! A listener for a type that is no event.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &Context, _message: &String) -> Result<()> {
    Ok(())
}

fn main() {}
