//! A check that does not say whether it passed.

use cordial::prelude::*;

#[check]
async fn is_lucky(_ctx: &InteractionContext) {}

/// Open the box.
#[command(check = is_lucky)]
async fn open(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![open]));
}
