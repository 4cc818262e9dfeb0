//! A command where a check stands, and what is no name of a function.

use cordial::prelude::*;

/// Open the box.
#[command]
async fn open(_ctx: &CommandContext) {}

/// Open the door.
#[command(check = open)]
async fn enter(_ctx: &CommandContext) {}

/// Open the window.
#[command(check = |_| true, on_error = "ignore")]
async fn look(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![open, enter, look]));
}
