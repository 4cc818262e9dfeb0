//! A check without its attribute.

use cordial::prelude::*;

async fn is_lucky(_ctx: &InteractionContext) -> bool {
    true
}

/// Open the box.
#[command(check = is_lucky)]
async fn open(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![open]));
}
