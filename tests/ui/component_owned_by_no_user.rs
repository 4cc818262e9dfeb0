//! State that is said to be the owner, and is no user.

use cordial::prelude::*;

#[component]
async fn play(_ctx: &ComponentContext, #[state(owner)] _round: u32) {}

fn main() {
    drop(Bot::builder().add(handlers![play]));
}
