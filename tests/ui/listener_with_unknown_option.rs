//! Options that there are not.

use cordial::prelude::*;

#[listener(timeuot = "3s")]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

#[listener(guild_only)]
async fn greet_guild(_ctx: &Context, _message: &MessageCreate) -> Result<()> {
    Ok(())
}

fn main() {}
