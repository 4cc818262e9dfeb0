//! A check with mistakes, and what uses it.

use cordial::prelude::*;

#[check(nmae = "luck")]
fn is_lucky(_ctx: &InteractionContext) -> bool {
    true
}

/// Open the box.
#[command(check = is_lucky)]
async fn open(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![open]));
    drop(Plugin::new("boxes").check(is_lucky {}));
}
