//! Names that Discord does not take.

use cordial::prelude::*;

/// Roll a die.
#[command(name = "Roll")]
async fn roll(_ctx: &CommandContext) {}

/// Roll two dice.
#[command(name = "roll two")]
async fn roll_two(_ctx: &CommandContext) {}

/// Roll as many dice as you like.
#[command]
async fn roll_as_many_dice_as_you_can_carry(_ctx: &CommandContext) {}

/// Roll no die.
#[command(name = "")]
async fn roll_none(_ctx: &CommandContext) {}

/// Roll a die of some size.
#[command]
async fn roll_of_size(
    _ctx: &CommandContext,
    /// How many sides?
    #[option(name = "Sides!")]
    _sides: i64,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![roll, roll_two, roll_none, roll_of_size]));
}
