//! The context of a menu, in what is not in a menu.

use cordial::prelude::*;

/// Greet somebody.
#[command]
async fn greet(_ctx: &UserMenuContext) {}

fn main() {
    drop(Bot::builder().add(handlers![greet]));
}
