//! A command that returns what it should have replied.

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(_ctx: &CommandContext) -> i64 {
    4
}

/// Roll two dice.
#[command]
async fn roll_two(_ctx: &CommandContext) -> Result<i64> {
    Ok(7)
}

fn main() {
    drop(Bot::builder().add(handlers![roll, roll_two]));
}
