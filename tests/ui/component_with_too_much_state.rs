//! State that does not fit into a custom id.

use cordial::prelude::*;

#[component]
async fn choose(
    ctx: &ComponentContext,
    #[state] _first: u128,
    #[state] _second: u128,
    #[state] _third: u128,
    #[state] _fourth: u128,
) -> Result<()> {
    let again = choose::id(1, 2, 3, 4).button("Again");
    ctx.update(Reply::new("Chosen").row([again])).await
}

fn main() {
    drop(Bot::builder().add(handlers![choose]));
}
