//! State of a type that cannot stand in a custom id.

use cordial::prelude::*;

struct Game;

#[component]
async fn play(ctx: &ComponentContext, #[state] round: u32, #[state] _game: Game) -> Result<()> {
    let next = play::id(round + 1, Game).button("Next");
    ctx.update(Reply::new("Go on").row([next])).await
}

fn main() {
    drop(Bot::builder().add(handlers![play]));
}
