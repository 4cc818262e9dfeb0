//! Options of types that nobody can enter.

use cordial::prelude::*;

struct Money;

/// Pay somebody.
#[command]
async fn pay(
    _ctx: &CommandContext,
    /// How much?
    _amount: Money,
    /// In what?
    _coins: Option<Vec<String>>,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![pay]));
}
