//! What is in a menu, with the context of a slash command.

use cordial::prelude::*;

#[command(menu = "Greet")]
async fn greet(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![greet]));
}
