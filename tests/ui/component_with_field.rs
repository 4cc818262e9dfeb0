//! A component that people are to fill in.

use cordial::prelude::*;

/// Show a page.
#[command]
async fn book(ctx: &CommandContext) -> Result<()> {
    let next = turn::id(1).button("Next");
    ctx.reply(Reply::new("Page 1").row([next])).await?;
    Ok(())
}

#[component]
async fn turn(
    _ctx: &ComponentContext,
    /// Which page?
    _page: u32,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![book, turn]));
}
