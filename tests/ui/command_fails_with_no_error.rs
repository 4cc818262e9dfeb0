//! A command that fails with what is no error.

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(_ctx: &CommandContext) -> Result<(), String> {
    Err("it fell off the table".to_owned())
}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
