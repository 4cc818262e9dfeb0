//! A modal in which there is nothing to fill in.

use cordial::prelude::*;

/// Your name
#[modal]
async fn ask(_ctx: &ModalContext, _name: String) {}

fn main() {
    drop(Bot::builder().add(handlers![ask]));
}
