//! A function with mistakes that completes an option, and what uses it.

use cordial::prelude::*;

#[autocomplete(name = "fruit")]
fn fruit(_ctx: &AutocompleteContext) -> Vec<String> {
    Vec::new()
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

fn main() {
    drop(Bot::builder().add(handlers![eat]));
}
