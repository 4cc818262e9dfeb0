//! A bot that asks, and waits for what people say and do next.
//!
//! What it teaches:
//!
//! - `ctx.wait_for` waits for one event, and `ctx.events` takes every event that arrives. `timeout` limits
//!   either; running out of time is a value, not an error.
//! - `Waits<MessageCreate>` as an argument makes the bot ask Discord for the intents of that event.
//! - `ctx.wait_for_component` waits for a button. For a button that must work after a restart, write a
//!   function with `#[component]` instead: see `components.rs`.
//! - Begin to wait before you ask: the answer may arrive before Discord confirms that the question was
//!   sent.
//!
//! ```text
//! cargo run --example waiting
//! ```
//!
//! Type `/quiz`, then `42`; or `/fastest`, then something.

use std::time::Duration;

use cordial::component::CustomId;
use cordial::prelude::*;
use cordial::testing::run_or_simulate;

const MINUTE: Duration = Duration::from_secs(60);

/// Answer a question.
#[command]
async fn quiz(ctx: &CommandContext, _: Waits<MessageCreate>) -> Result<()> {
    let (channel, user) = (ctx.channel_id(), ctx.user().id);
    let answer = ctx.wait_for::<MessageCreate>(move |message| {
        Some(message.channel_id) == channel && message.author.id == user
    });
    ctx.reply("What is six times seven?").await?;
    match answer.timeout(MINUTE).await? {
        Some(answer) if answer.content == "42" => answer.context().reply("Right!").await?,
        Some(answer) => answer.context().reply("I thought it was 42.").await?,
        None => ctx.follow_up("Too late!").await?,
    };
    Ok(())
}

/// Who says the most within ten seconds?
#[command]
async fn fastest(ctx: &CommandContext, _: Waits<MessageCreate>) -> Result<()> {
    let channel = ctx.channel_id();
    let messages = ctx.events::<MessageCreate>(move |message| {
        Some(message.channel_id) == channel && !message.author.bot
    });
    ctx.reply("Go!").await?;
    let mut messages = messages.timeout(Duration::from_secs(10));
    let mut said: Vec<(String, usize)> = Vec::new();
    while let Some(message) = messages.next().await {
        let message = message?;
        let name = &message.author.name;
        match said.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => said.push((name.clone(), 1)),
        }
    }
    let winner = said.into_iter().max_by_key(|(_, count)| *count);
    let text = match winner {
        Some((name, count)) => format!("{name} wins with {count}."),
        None => "Nobody said anything.".to_owned(),
    };
    ctx.follow_up(text).await?;
    Ok(())
}

/// Forget everything.
#[command]
async fn forget(ctx: &CommandContext) -> Result<()> {
    let sure = CustomId::unrouted("sure").button("I am sure").danger();
    let user = ctx.user().id;
    let press = ctx.wait_for_component(move |press| press.user().id == user);
    ctx.reply(Reply::new("Everything?").row([sure])).await?;
    match press.timeout(MINUTE).await? {
        Some(press) => press.update("What was it again?").await,
        None => ctx.edit("I remember everything.").await.map(drop),
    }
}

fn bot() -> BotBuilder {
    Bot::builder()
        // The handlers read the messages that they wait for.
        .intents(Intents::MESSAGE_CONTENT)
        .interaction_timeout(MINUTE * 2)
        .add(handlers![quiz, fastest, forget])
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
    async fn a_right_answer_is_praised() {
        let sim = Simulator::start(bot()).await;
        let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);

        alice.run("/quiz").await;
        bob.say("I know!").await;
        alice.say("42").await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["What is six times seven?", "Right!"]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_says_nothing_is_too_late() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;

        alice.run("/quiz").await;
        tokio::time::sleep(MINUTE * 3 / 2).await;
        sim.settle().await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["What is six times seven?", "Too late!"]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_fastest_is_found() {
        let sim = Simulator::start(bot()).await;
        let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);

        alice.run("/fastest").await;
        bob.say("a").await;
        alice.say("b").await;
        bob.say("c").await;
        tokio::time::sleep(MINUTE).await;
        sim.settle().await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["Go!", "bob wins with 2."]);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_forgotten_unless_somebody_is_sure() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;

        alice.run("/forget").await;
        let question = sim.newest_message().expect("a question");
        alice.click(question, "I am sure").await;

        let said = sim.content(question);
        assert_eq!(said.as_deref(), Some("What was it again?"));
        sim.stop().await.assert_completed("forget");
    }
}
