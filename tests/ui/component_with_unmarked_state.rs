//! State without `#[state]`, which is taken for an extractor.

use cordial::prelude::*;

#[component]
async fn turn(ctx: &ComponentContext, page: u32) -> Result<()> {
    ctx.update(Reply::new(format!("Page {page}"))).await
}

fn main() {
    drop(Bot::builder().add(handlers![turn]));
}
