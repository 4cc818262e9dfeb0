//! Descriptions that Discord does not take: more than 100 characters.

use cordial::prelude::*;

/// Roll a die, and tell everybody what it shows: one of as many sides as you like, six unless you say
/// how many.
#[command]
async fn roll(
    _ctx: &CommandContext,
    /// How many sides the die has, which is six unless you say otherwise, and a thousand at the very very very
    /// most, if you please?
    _sides: i64,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
