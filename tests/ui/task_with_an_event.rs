//! Tasks that take what they cannot have.

use cordial::prelude::*;

#[task(every = "5m")]
async fn of_an_event(_ctx: &Context, _message: &MessageCreate) {}

#[task(every = "5m")]
async fn of_a_command(_ctx: &CommandContext) {}

#[task(every = "5m")]
fn at_once(_ctx: &Context) {}

#[task(every = "5m")]
async fn counts(_ctx: &Context) -> usize {
    1
}

fn main() {
    drop(Bot::builder().add(handlers![of_an_event, of_a_command, at_once, counts]));
}
