//! What is said of options that have no doc comment.

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(_ctx: &CommandContext, #[option(min = 2)] _sides: i64) {}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
