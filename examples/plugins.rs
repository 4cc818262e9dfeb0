//! A bot made of parts: each plugin has listeners, state and error handlers of its own.
//!
//! What it teaches:
//!
//! - A plugin is a function that returns a `Plugin`. A bot can have any number of them, and they
//!   nest.
//! - Only handlers in the plugin see its state. Building the bot checks that no state is missing.
//! - Its error handlers are asked before those of the bot, about its own failures only. Failures
//!   that they pass on go to the bot.
//!
//! ```text
//! cargo run --example plugins
//! ```
//!
//! Type `+2`, `+many`, `+300`, `quote` and `quote 9`.

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

/// A count that everybody adds to.
mod counter {
    use std::num::ParseIntError;
    use std::sync::{Mutex, PoisonError};

    use cordial::prelude::*;

    #[derive(Default)]
    struct Count(Mutex<u8>);

    #[derive(Debug, thiserror::Error, Exception)]
    #[error("the counter is full")]
    struct Full;

    #[listener]
    async fn add(
        ctx: &Context,
        _: &MessageCreate,
        content: Content,
        count: State<Count>,
    ) -> Result<()> {
        let Some(number) = content.strip_prefix('+') else {
            return Ok(());
        };
        let sum = count.add(number.parse()?)?;
        ctx.reply(format!("That makes {sum}.")).await?;
        Ok(())
    }

    impl Count {
        fn add(&self, number: u8) -> Result<u8, Full> {
            let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *count = count.checked_add(number).ok_or(Full)?;
            Ok(*count)
        }
    }

    /// Knows what a number means in this plugin; an error handler of the bot would not.
    #[error_handler]
    async fn no_number(ctx: &ErrorContext, error: &ParseIntError) -> bool {
        ctx.reply(format!("I cannot count that: {error}."))
            .await
            .is_ok()
    }

    pub(crate) fn plugin() -> Plugin {
        Plugin::new("counter")
            .state(Count::default())
            .add(handlers![add, no_number])
    }
}

/// Quotations.
mod quotes {
    use cordial::prelude::*;

    struct Quotes(&'static [&'static str]);

    #[derive(Debug, thiserror::Error, Exception)]
    #[error("there is no quote {0}")]
    struct NoQuote(usize);

    #[listener]
    async fn quote(
        ctx: &Context,
        _: &MessageCreate,
        content: Content,
        quotes: State<Quotes>,
    ) -> Result<()> {
        let Some(number) = content.strip_prefix("quote") else {
            return Ok(());
        };
        let number: usize = match number.trim() {
            "" => 1,
            number => number.parse()?,
        };
        let index = number.checked_sub(1);
        let found = index.and_then(|index| quotes.0.get(index));
        ctx.reply(*found.ok_or(NoQuote(number))?).await?;
        Ok(())
    }

    #[error_handler]
    async fn no_quote(ctx: &ErrorContext, error: &NoQuote, quotes: State<Quotes>) -> bool {
        let text = format!("I am sorry, {error}: I know {}.", quotes.0.len());
        ctx.reply(text).await.is_ok()
    }

    pub(crate) fn plugin() -> Plugin {
        Plugin::new("quotes")
            .state(Quotes(&["Less is more.", "More is different."]))
            .add(handlers![quote, no_quote])
    }
}

/// Handles whatever the plugins pass on.
#[error_handler]
async fn anything_else(ctx: &ErrorContext, failure: &Failure) -> bool {
    ctx.reply(format!("I could not do that: {failure}."))
        .await
        .is_ok()
}

fn bot() -> BotBuilder {
    Bot::builder()
        .plugin(counter::plugin())
        .plugin(quotes::plugin())
        .add(handlers![anything_else])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

#[cfg(test)]
mod tests {
    use cordial::testing::Simulator;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_plugin_counts_in_its_own_state() {
        let sim = Simulator::builder(bot()).member("alice").start().await;
        let alice = sim.person("alice");

        alice.say("+2").await;
        alice.say("+40").await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["That makes 2.", "That makes 42."]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_plugin_handles_what_it_knows_and_the_bot_the_rest() {
        let sim = Simulator::builder(bot()).member("alice").start().await;
        let alice = sim.person("alice");

        alice.say("+many").await;
        sim.transcript().assert_handled_by("add", "no_number");
        alice.say("+255").await;
        alice.say("+255").await;
        sim.transcript().assert_handled_by("add", "anything_else");
        alice.say("quote many").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("quote", "anything_else");
    }
}
