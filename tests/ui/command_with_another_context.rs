//! The context of a listener, which is not that of a command.

use cordial::prelude::*;

/// Greet somebody.
#[command]
async fn greet(_ctx: &Context) {}

/// Greet everybody.
#[command]
async fn greet_all(_ctx: CommandContext) {}

/// Greet nobody.
#[command]
async fn greet_none() {}

fn main() {
    drop(Bot::builder().add(handlers![greet, greet_all, greet_none]));
}
