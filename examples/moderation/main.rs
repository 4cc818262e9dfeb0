//! A bot of several files, with which moderators warn and ban, and everybody can report messages.
//!
//! What it teaches:
//!
//! - Each file is a plugin with its commands, its state and its error handlers: [`warn`], [`ban`] and
//!   [`report`].
//! - Checks say who may do something and where. They apply to a handler or to a whole plugin, and
//!   Discord does not even offer a command to those who may not use it.
//! - An option can be your own type: a [`Target`](hierarchy::Target) is a member whom the moderator
//!   outranks, and any other member makes the command fail with a typed error.
//! - A message menu shows a form, the form posts buttons, and each carries its state along: the bot
//!   stores nothing between the steps.
//! - Every error has a type, whether a check, the bot or Discord finds it. Its facet `UserFacing`
//!   is the text for people, and one error handler shows it for all errors.
//!
//! ```text
//! cargo run --example moderation
//! ```
//!
//! Type `!join bob`, `/warn member:@bob reason:spam`, `/warnings member:@bob`, `/pardon member:@bob
//! number:7`, `/ban member:@you` and `/ban member:@bob`. Reports begin in the menu of a message,
//! which the terminal does not have: see `tests.rs`.

mod ban;
mod hierarchy;
mod report;
#[cfg(test)]
mod tests;
mod warn;

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

/// Tells people what went wrong, if the error has a text for them.
///
/// They would be told without it, too, but the failure would be logged as unhandled.
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
