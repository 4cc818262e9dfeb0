//! What is in a menu, with what only a slash command has.

use cordial::prelude::*;

#[command(menu = "", name = "greet")]
async fn greet(
    _ctx: &UserMenuContext,
    /// How?
    _how: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![greet]));
}
