//! A check with the context of a command alone.

use cordial::prelude::*;

#[check]
async fn is_lucky(_ctx: &CommandContext) -> bool {
    true
}

/// Open the box.
#[command(check = is_lucky)]
async fn open(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![open]));
}
