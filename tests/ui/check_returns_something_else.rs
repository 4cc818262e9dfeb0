//! Checks that return what does not say whether they passed.

use cordial::prelude::*;

#[check]
async fn is_lucky(ctx: &InteractionContext) -> u64 {
    ctx.user().id.get() % 7
}

#[check]
async fn is_happy(_ctx: &InteractionContext) -> Result<()> {
    Ok(())
}

fn main() {}
