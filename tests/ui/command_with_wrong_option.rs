//! What cannot be said of an option.

use cordial::prelude::*;

/// Roll a die.
#[command]
async fn roll(
    _ctx: &CommandContext,
    /// How many sides?
    #[option(minimum = 2, maxx = 100)]
    _sides: i64,
    /// What color?
    #[option(choices = "red", max_length = "5", default)]
    _color: String,
    /// Where?
    #[option(channel_types = ["text"])]
    _channel: Option<i64>,
    /// What else?
    #[field(paragraph)]
    _other: Option<String>,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
