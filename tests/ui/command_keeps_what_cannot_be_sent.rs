//! A command whose future keeps what cannot move between threads.

use std::rc::Rc;

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(ctx: &CommandContext) -> Result<()> {
    let die = Rc::new(4);
    ctx.reply("Rolling ..").await?;
    drop(die);
    Ok(())
}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
