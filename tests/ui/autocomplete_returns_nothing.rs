//! A function that completes an option with nothing.

use cordial::prelude::*;

#[autocomplete]
async fn fruit(_ctx: &AutocompleteContext) {}

#[autocomplete]
async fn number(_ctx: &AutocompleteContext) -> Vec<bool> {
    Vec::new()
}

/// Eat something.
#[command]
async fn eat(
    _ctx: &CommandContext,
    /// What?
    #[option(autocomplete = fruit)]
    _what: String,
    /// How many?
    #[option(autocomplete = number)]
    _count: i64,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![eat]));
}
