//! Slash commands and menus from functions: what Discord is told, what arrives, and what fails.

#![expect(clippy::unused_async, reason = "handlers are async")]
use std::time::Duration;

use cordial::command::Member;
use cordial::exception::{CheckFailed, InvalidOption};
use cordial::prelude::*;
use cordial::testing::Simulator;
use cordial::twilight::model::application::command::CommandOptionType;

/// Roll a die.
///
/// Whatever comes after is for those who read the source.
#[command]
async fn roll(
    ctx: &CommandContext,
    /// How many sides?
    #[option(min = 2, max = 1000)]
    sides: Option<i64>,
) -> Result<()> {
    ctx.reply(format!("One of {}.", sides.unwrap_or(6))).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn options_arrive_as_arguments() {
    let sim = Simulator::start(Bot::builder().add(handlers![roll])).await;
    let alice = sim.join("alice").await;

    alice.run("/roll sides:20").await;
    alice.run("/roll").await;

    sim.stop()
        .await
        .assert_replies(&["One of 20.", "One of 6."]);
}
