//! An extractor with a doc comment, which is taken for an option.

use cordial::prelude::*;

struct Purse;

/// Pay somebody.
#[command]
async fn pay(
    _ctx: &CommandContext,
    /// Where the money is.
    _purse: State<Purse>,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![pay]));
}
