//! A permission that there is not.

use cordial::prelude::*;

/// Ban somebody.
#[command(user_permissions = BAN_MEMBER | KICK_MEMBERS)]
async fn ban(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![ban]));
}
