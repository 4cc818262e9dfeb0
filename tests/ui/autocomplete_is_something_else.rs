//! Functions that complete no option, where one does.

use cordial::prelude::*;

#[check]
async fn fruit(_ctx: &InteractionContext) -> bool {
    true
}

/// Eat something.
#[command]
async fn eat(
    _ctx: &CommandContext,
    /// What?
    #[option(autocomplete = fruit)]
    _what: String,
) {
}

/// Drink something.
#[command]
async fn drink(
    _ctx: &CommandContext,
    /// What?
    #[option(autocomplete = [fruit, fruit])]
    _what: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![eat, drink]));
}
