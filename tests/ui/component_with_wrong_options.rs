//! Options that a component does not have, or not so.

use cordial::prelude::*;

#[component(version = 300, expires = "tomorrow", menu = "Turn")]
async fn turn(ctx: &ComponentContext, #[state(ownr)] page: u32) -> Result<()> {
    let next = turn::id(page + 1).button("Next");
    ctx.update(Reply::new("A page").row([next])).await
}

fn main() {
    drop(Bot::builder().add(handlers![turn]));
}
