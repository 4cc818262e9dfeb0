//! Languages that Discord does not know.

use cordial::prelude::*;

/// Roll a die.
#[command(names("german" = "wurf", "en_US" = "roll"), descriptions("de" = ""))]
async fn roll(
    _ctx: &CommandContext,
    /// How many sides?
    #[option(names("fr" = "Côtés"), descriptions = "Wie viele?")]
    _sides: i64,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
