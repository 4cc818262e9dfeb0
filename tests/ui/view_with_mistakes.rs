//! Structs that are no views.

use cordial::prelude::*;

#[derive(EventView)]
struct OfNothing<'a> {
    content: &'a str,
}

#[derive(EventView)]
#[view(String)]
struct OfNoEvent<'a> {
    content: &'a str,
}

#[derive(EventView)]
#[view(InteractionCreate)]
struct WithSecrets<'a> {
    token: &'a str,
}

#[derive(EventView)]
#[view(MessageCreate)]
struct Unreadable<'a> {
    content: &'a str,
    since: std::time::Instant,
}

struct Underived<'a> {
    content: &'a str,
}

#[listener]
async fn listens(_: &Context, _: &Underived<'_>) {}

fn main() {
    drop(Bot::builder().add(handlers![listens]));
}
