//! More values than travel together.

use cordial::prelude::*;

#[component]
#[allow(clippy::too_many_arguments, reason = "they are too many")]
async fn sum(
    _ctx: &ComponentContext,
    #[state] _a: u8,
    #[state] _b: u8,
    #[state] _c: u8,
    #[state] _d: u8,
    #[state] _e: u8,
    #[state] _f: u8,
    #[state] _g: u8,
    #[state] _h: u8,
    #[state] _i: u8,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![sum]));
    drop(sum::id(1, 2, 3, 4, 5, 6, 7, 8, 9).button("Sum"));
}
