//! A command that people are told nothing of.

use cordial::prelude::*;

#[command]
async fn roll(ctx: &CommandContext) -> Result<()> {
    ctx.reply("4").await?;
    Ok(())
}

/// 
#[command]
async fn toss(ctx: &CommandContext) -> Result<()> {
    ctx.reply("Heads.").await?;
    Ok(())
}

fn main() {
    drop(Bot::builder().add(handlers![roll, toss]));
}
