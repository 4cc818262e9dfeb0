//! An option without a doc comment, which is taken for an extractor.

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(_ctx: &CommandContext, _author: Author, _sides: i64) {}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
