//! A bot in one file: three listeners, two error types, and an error handler for each.
//!
//! What it teaches:
//!
//! - A listener is an `async fn` with `#[listener]`. Its signature names the event, and so the
//!   intents that the bot asks Discord for.
//! - A listener can return any error with `?`.
//! - An error handler is an `async fn` with `#[error_handler]`. Its signature names the error;
//!   returning `true` means that the error is handled, `false` passes it on to the next error
//!   handler.
//!
//! Without a token it runs on a simulated Discord, in the terminal:
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! Type `hello`, `roll 6`, `roll six`, `roll 0`, or `!join newcomer`. With `DISCORD_TOKEN` set, the
//! same bot runs on Discord.

use std::num::ParseIntError;

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

/// A die needs sides to be rolled.
#[derive(Debug, thiserror::Error, Exception)]
#[error("a die with no sides cannot be rolled")]
struct NoSides;

/// Answers a greeting.
#[listener]
async fn hello(ctx: &Context, message: &MessageCreate, content: Content) -> Result<()> {
    if content.eq_ignore_ascii_case("hello") {
        ctx.reply(format!("Hello, {}!", message.author.name))
            .await?;
    }
    Ok(())
}

/// Greets whoever joins, in the guild's system channel.
#[listener]
async fn welcome(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
    let guild = http.guild(joined.guild_id).await?.model().await?;
    if let Some(channel) = guild.system_channel_id {
        let text = format!("Welcome to {}, {}!", guild.name, joined.user.name);
        http.create_message(channel).content(&text).await?;
    }
    Ok(())
}

/// Rolls a die: `roll 6`.
#[listener]
async fn roll(ctx: &Context, message: &MessageCreate, content: Content) -> Result<()> {
    let Some(sides) = content.strip_prefix("roll ") else {
        return Ok(());
    };
    let sides: u64 = sides.parse()?;
    // Nobody can predict the id of a message, so it serves as a die.
    let rolled = (message.id.get() >> 22).checked_rem(sides).ok_or(NoSides)? + 1;
    ctx.reply(format!("You rolled {rolled}.")).await?;
    Ok(())
}

/// Says what was wrong with the number, for any listener.
#[error_handler]
async fn no_number(ctx: &ErrorContext, error: &ParseIntError) -> Result<bool> {
    ctx.reply(format!("That is no number I know: {error}."))
        .await?;
    Ok(true)
}

/// Says why the die was not rolled.
#[error_handler]
async fn no_sides(ctx: &ErrorContext, error: &NoSides) -> Result<bool> {
    ctx.reply(format!("I am sorry: {error}.")).await?;
    Ok(true)
}

fn bot() -> BotBuilder {
    Bot::builder().add(handlers![hello, welcome, roll, no_number, no_sides])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

// A test runs the same bot on a simulated Discord. Time is virtual, so the test never waits.
#[cfg(test)]
mod tests {
    use cordial::testing::Simulator;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn greets_back() {
        let sim = Simulator::start(bot()).await;

        sim.join("alice").await.say("hello").await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["Welcome to Simulated, alice!", "Hello, alice!"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_number_is_explained() {
        let sim = Simulator::builder(bot()).member("alice").start().await;

        sim.person("alice").say("roll six").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("roll", "no_number");
        transcript.assert_replies(&["That is no number I know: invalid digit found in string."]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_die_without_sides_is_refused() {
        let sim = Simulator::builder(bot()).member("alice").start().await;

        sim.person("alice").say("roll 0").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("roll", "no_sides");
        transcript.assert_replies(&["I am sorry: a die with no sides cannot be rolled."]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_die_shows_no_more_than_it_has_sides() {
        let sim = Simulator::builder(bot()).member("alice").start().await;

        sim.person("alice").say("roll 1").await;

        sim.stop().await.assert_replies(&["You rolled 1."]);
    }
}
