//! A bot of several files, by which moderators warn and ban, and everybody reports messages.
//!
//! What it teaches:
//!
//! - Each file is a plugin with its commands, its state and its error handlers: [`warn`], [`ban`] and
//!   [`report`].
//! - Checks say who may do something and where. They stand at a handler or at a whole plugin, and
//!   Discord does not even offer what somebody may not use.
//! - An option can be a type of one's own: a [`Target`](hierarchy::Target) is a member whom the
//!   moderator outranks, and whoever else is entered fails the command with a typed error.
//! - A menu of messages shows a form, the form posts buttons, and what they are about travels along:
//!   nothing is kept between one step and the next.
//! - What goes wrong has a type, be it found by a check, by the bot or by Discord. What it says to
//!   people is its facet `UserFacing`, and one error handler tells it for all of them.
//!
//! ```text
//! cargo run --example moderation
//! ```
//!
//! Type `!join bob`, `/warn member:@bob reason:spam`, `/warnings member:@bob`, `/pardon member:@bob
//! number:7`, `/ban member:@you` and `/ban member:@bob`. Reports begin in the menu of a message, which
//! the terminal has not: they are in `tests.rs`.

mod ban;
mod hierarchy;
mod report;
#[cfg(test)]
mod tests;
mod warn;

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

/// Tells people what was wrong, if it is theirs to know.
///
/// Without it they would be told, too, and the log would have a failure that nobody handled.
#[error_handler]
async fn tell(ctx: &ErrorContext, error: &dyn UserFacing) -> Result<bool> {
    ctx.reply(Reply::new(error.text()).ephemeral()).await?;
    Ok(true)
}

fn bot() -> BotBuilder {
    Bot::builder()
        .plugin(warn::plugin())
        .plugin(ban::plugin())
        .plugin(report::plugin())
        .add(handlers![tell])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}
