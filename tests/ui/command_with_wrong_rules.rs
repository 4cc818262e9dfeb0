//! Rules of a form that they do not have.

use cordial::prelude::*;

/// Roll a die.
#[command(
    cooldown = "3 in 10s",
    max_concurrency = "one per guild",
    defer = "secret",
    timeout = "3 seconds",
    guild_only = true,
    user_permissions = "BAN_MEMBERS",
    cooldwon = "3 per 10s per user"
)]
async fn roll(_ctx: &CommandContext) {}

fn main() {
    drop(Bot::builder().add(handlers![roll]));
}
