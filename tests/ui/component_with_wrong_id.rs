//! A custom id that is made of other values than the state.

use cordial::prelude::*;

#[component]
async fn turn(_ctx: &ComponentContext, #[state] _page: u32) {}

fn main() {
    drop(turn::id("1").button("Next"));
    drop(turn::id().button("Next"));
    drop(Bot::builder().add(handlers![turn]));
}
