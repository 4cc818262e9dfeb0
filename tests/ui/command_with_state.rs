//! State, which only components and modals carry.

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(_ctx: &CommandContext, #[state] _sides: u32) {}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
