//! A field without a doc comment, which is taken for an extractor.

use cordial::prelude::*;

/// Your name
#[modal]
async fn ask(
    _ctx: &ModalContext,
    /// First
    _first: String,
    _last: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![ask]));
}
