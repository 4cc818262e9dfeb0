//! What is named by what it is for, collected.

use cordial::prelude::*;

#[check]
async fn is_lucky(_ctx: &InteractionContext) -> bool {
    true
}

fn main() {
    drop(Bot::builder().add(handlers![is_lucky]));
}
