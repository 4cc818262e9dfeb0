//! The context of a command, in what takes a modal.

use cordial::prelude::*;

/// Your name
#[modal]
async fn ask(
    _ctx: &CommandContext,
    /// First
    _first: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![ask]));
}
