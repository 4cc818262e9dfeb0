//! Handlers wait for what happens next.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cordial::bot::Mistake;
use cordial::component::CustomId;
use cordial::dispatch::Order;
use cordial::event::RawEvent;
use cordial::exception::{Panicked, Unanswered, UnknownComponent};
use cordial::outcome::Outcome;
use cordial::prelude::*;
use cordial::testing::Simulator;
use cordial::twilight::model::gateway::event::EventType;
use cordial::waiting::{Missed, NeverCome};
use futures_util::StreamExt as _;

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
        Some(answer) => answer.context().reply("Wrong.").await?,
        None => ctx.follow_up("Too late.").await?,
    };
    Ok(())
}

async fn simulator(bot: BotBuilder) -> Simulator {
    let bot = bot.intents(Intents::MESSAGE_CONTENT);
    Simulator::builder(bot)
        .member("alice")
        .member("bob")
        .start()
        .await
}

#[tokio::test(start_paused = true)]
async fn a_handler_goes_on_with_the_first_event_that_is_meant() {
    let sim = simulator(Bot::builder().add(handlers![quiz])).await;
    let (alice, bob) = (sim.person("alice"), sim.person("bob"));

    alice.run("/quiz").await;
    bob.say("42").await;
    alice.say("42").await;
    alice.say("43").await;

    let transcript = sim.stop().await;
    transcript.assert_replies(&["What is six times seven?", "Right!"]);
    transcript.assert_completed("quiz");
}

#[tokio::test(start_paused = true)]
async fn what_is_waited_for_reaches_other_handlers_as_ever() {
    #[listener]
    async fn heard(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if !message.author.bot {
            ctx.reply("Heard.").await?;
        }
        Ok(())
    }

    let sim = simulator(Bot::builder().add(handlers![quiz, heard])).await;
    let alice = sim.person("alice");

    alice.run("/quiz").await;
    alice.say("43").await;

    let transcript = sim.stop().await;
    let mut replies = transcript.replies();
    replies.sort_unstable();
    assert_eq!(replies, ["Heard.", "What is six times seven?", "Wrong."]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_comes_to_none_once_its_time_is_over() {
    let sim = simulator(
        Bot::builder()
            .interaction_timeout(MINUTE * 2)
            .add(handlers![quiz]),
    )
    .await;
    let alice = sim.person("alice");

    alice.run("/quiz").await;
    tokio::time::sleep(MINUTE * 3 / 2).await;
    alice.say("42").await;

    let transcript = sim.stop().await;
    transcript.assert_replies(&["What is six times seven?", "Too late."]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_for_a_wait_that_is_over() {
    let sim = simulator(Bot::builder().add(handlers![quiz])).await;
    let alice = sim.person("alice");

    alice.run("/quiz").await;
    alice.say("42").await;
    // Were it read, it would be found to be none.
    sim.send_raw("MESSAGE_CREATE", "{}").await;

    let health = sim.health();
    assert_eq!(health.shards()[0].malformed(), 0);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_never_comes_is_refused_at_once() {
    #[listener]
    async fn reacted(ctx: &Context, _: &ReactionAdd) -> Result<()> {
        ctx.wait_for::<MessageCreate>(|_| true).await?;
        Ok(())
    }

    #[error_handler]
    async fn told(_: &ErrorContext, never: &NeverCome) -> bool {
        never.event() == "MessageCreate"
            && never.is_read()
            && never.to_string().contains("take `Waits<MessageCreate>`")
    }

    let sim = Simulator::start(Bot::builder().add(handlers![reacted, told])).await;
    let alice = sim.join("alice").await;

    let message = alice.say("hello").await;
    alice.react(message, "👍").await;

    let transcript = sim.stop().await;
    transcript.assert_handled_by("reacted", "told");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_read_is_refused_with_what_would_help() {
    #[listener]
    async fn reacted(ctx: &Context, _: &ReactionAdd) -> Result<()> {
        ctx.wait_for::<MessageCreate>(|_| true).await?;
        Ok(())
    }

    #[error_handler]
    async fn told(_: &ErrorContext, never: &NeverCome) -> bool {
        !never.is_read() && never.to_string().contains("add it to `only_wants(..)`")
    }

    let bot = Bot::builder().intents(Intents::GUILD_MESSAGES);
    let bot = bot.only_wants([EventType::ReactionAdd]);
    let sim = Simulator::start(bot.add(handlers![reacted, told])).await;
    let alice = sim.join("alice").await;

    let message = alice.say("hello").await;
    alice.react(message, "👍").await;

    sim.stop().await.assert_handled_by("reacted", "told");
}

#[test]
fn to_wait_for_what_is_left_out_is_a_mistake_of_the_bot() {
    let bot = Bot::builder().add(handlers![quiz]);
    let bot = bot.only_wants([EventType::InteractionCreate]);

    let error = bot.build().expect_err("a mistake");

    let [mistake @ Mistake::UnreadWait { handler, event }] = error.mistakes() else {
        panic!("{error}");
    };
    assert_eq!((handler.name(), *event), ("quiz", "MessageCreate"));
    assert!(
        mistake
            .to_string()
            .contains("`only_wants(..)` leaves `MessageCreate` out")
    );
}

#[tokio::test(start_paused = true)]
async fn a_predicate_that_panics_is_a_failure_of_the_handler_that_waits() {
    #[listener]
    async fn waits(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if message.content == "wait" {
            ctx.wait_for::<MessageCreate>(|_| panic!("oh no")).await?;
        }
        Ok(())
    }

    #[error_handler]
    async fn told(_: &ErrorContext, panic: &Panicked) -> bool {
        panic.message() == "oh no" && panic.handler().name() == "waits"
    }

    let sim = simulator(Bot::builder().add(handlers![waits, told])).await;
    let alice = sim.person("alice");

    alice.say("wait").await;
    alice.say("hello").await;

    let transcript = sim.stop().await;
    let invocations = transcript.invocations("waits");
    assert_eq!(invocations.len(), 2);
    let mut outcomes = invocations.iter().map(|run| &run.outcome);
    assert!(outcomes.any(|outcome| matches!(outcome, Outcome::Completed)));
    assert_eq!(transcript.reports().count(), 1);
    transcript.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn a_predicate_that_fails_is_a_failure_of_the_handler_that_waits() {
    #[listener]
    async fn waits(ctx: &Context, _: &ReactionAdd, _: Waits<MessageCreate>) -> Result<()> {
        let number = ctx.try_wait_for::<MessageCreate>(|message| {
            let number: u32 = message.content.parse()?;
            Ok(number > 0)
        });
        number.await?;
        ctx.reply("Thanks.").await?;
        Ok(())
    }

    #[error_handler]
    async fn told(_: &ErrorContext, _: &std::num::ParseIntError) -> bool {
        true
    }

    let sim = simulator(Bot::builder().add(handlers![waits, told])).await;
    let alice = sim.person("alice");

    let message = alice.say("0").await;
    alice.react(message, "👍").await;
    alice.say("0").await;
    alice.say("seven").await;

    let transcript = sim.stop().await;
    transcript.assert_handled_by("waits", "told");
}

#[tokio::test(start_paused = true)]
async fn events_are_taken_as_they_come_until_the_time_is_over() {
    /// Count what is said.
    #[command]
    async fn count(ctx: &CommandContext, _: Waits<MessageCreate>) -> Result<()> {
        let messages = ctx.events::<MessageCreate>(|message| message.content.starts_with('!'));
        ctx.reply("I count.").await?;
        let messages = messages.timeout(MINUTE);
        let said: Vec<_> = messages
            .map(|message| message.map(|message| message.content.clone()))
            .collect()
            .await;
        let said: Result<Vec<_>> = said.into_iter().collect();
        ctx.follow_up(said?.join(" ")).await?;
        Ok(())
    }

    let bot = Bot::builder().interaction_timeout(MINUTE * 2);
    let sim = simulator(bot.add(handlers![count])).await;
    let alice = sim.person("alice");

    alice.run("/count").await;
    for said in ["!one", "two", "!three"] {
        alice.say(said).await;
    }
    tokio::time::sleep(MINUTE * 2).await;
    sim.settle().await;

    let transcript = sim.stop().await;
    transcript.assert_replies(&["I count.", "!one !three"]);
}

const REACTED: &str = r#"{"t":"MESSAGE_REACTION_ADD","s":1,"op":0,"d":{"user_id":"1","message_id":"2","channel_id":"3","burst":false,"burst_colors":[],"type":0,"emoji":{"id":null,"name":"a"}}}"#;

/// Returns that somebody types, as the event of a number.
fn typing(number: usize) -> String {
    format!(
        r#"{{"t":"TYPING_START","s":{number},"op":0,"d":{{"user_id":"1","channel_id":"3","timestamp":{number}}}}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn events_that_come_as_fast_as_they_are_taken_end_with_the_time_too() {
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    static LAST: AtomicUsize = AtomicUsize::new(0);

    #[listener]
    async fn slow(ctx: &Context, _: &ReactionAdd, _: Waits<TypingStart>) -> Result<()> {
        let mut events = ctx.events::<TypingStart>(|_| true).timeout(MINUTE);
        while let Some(event) = events.next().await {
            TAKEN.fetch_add(1, Ordering::Relaxed);
            LAST.store(event?.timestamp.try_into()?, Ordering::Relaxed);
            tokio::time::sleep(MINUTE / 30).await;
        }
        assert!(events.next().await.is_none(), "it stays over");
        Ok(())
    }

    let bot = Bot::builder().no_timeout().add(handlers![slow]);
    let mut feed = cordial::testing::Feed::new(bot).expect("a bot");
    feed.begin_session();
    feed.message(REACTED);
    for number in 2..=200 {
        tokio::time::sleep(MINUTE / 60).await;
        feed.message(&typing(number));
    }
    feed.settled().await;

    // The first came after one second; the one that came with the end of the time is no more of it.
    assert_eq!(TAKEN.load(Ordering::Relaxed), 59);
    assert_eq!(LAST.load(Ordering::Relaxed), 60);
}

#[tokio::test(start_paused = true)]
async fn what_a_predicate_of_a_stream_fails_with_is_the_last_of_it() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);

    #[listener]
    async fn sums(ctx: &Context, _: &ReactionAdd, _: Waits<MessageCreate>) -> Result<()> {
        let mut numbers = ctx.try_events::<MessageCreate>(|message| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            let number: u32 = message.content.parse()?;
            Ok(number > 0)
        });
        let mut taken = 0;
        let failure = loop {
            match numbers.next().await.expect("it does not end") {
                Ok(_) => taken += 1,
                Err(failure) => break failure,
            }
        };
        assert!(numbers.next().await.is_none());
        assert_eq!(taken, 2);
        assert!(
            failure
                .place()
                .is_some_and(|place| place.file().ends_with("waiting.rs"))
        );
        Err(failure)
    }

    #[error_handler]
    async fn told(_: &ErrorContext, _: &std::num::ParseIntError) -> bool {
        true
    }

    let sim = simulator(Bot::builder().add(handlers![sums, told])).await;
    let alice = sim.person("alice");

    let message = alice.say("0").await;
    alice.react(message, "👍").await;
    for said in ["1", "0", "2", "seven", "3"] {
        alice.say(said).await;
    }

    sim.stop().await.assert_handled_by("sums", "told");
    assert_eq!(ASKED.load(Ordering::Relaxed), 4);
}

#[tokio::test(start_paused = true)]
async fn a_predicate_that_panics_while_a_stream_is_full_is_not_lost() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    static ENDED: AtomicUsize = AtomicUsize::new(0);

    #[listener]
    async fn slow(ctx: &Context, _: &ReactionAdd, _: Waits<TypingStart>) -> Result<()> {
        let mut events = ctx.events::<TypingStart>(|_| {
            let asked = ASKED.fetch_add(1, Ordering::Relaxed);
            assert!(asked < 1_000, "oh no");
            true
        });
        tokio::time::sleep(MINUTE).await;
        while let Some(event) = events.next().await {
            match event {
                Ok(_) => TAKEN.fetch_add(1, Ordering::Relaxed),
                Err(failure) if failure.is::<Panicked>() => ENDED.fetch_add(1, Ordering::Relaxed),
                Err(failure) => return Err(failure),
            };
        }
        Ok(())
    }

    let bot = Bot::builder().no_timeout().add(handlers![slow]);
    let mut feed = cordial::testing::Feed::new(bot).expect("a bot");
    feed.begin_session();
    feed.message(REACTED);
    for number in 2..=1_010 {
        feed.message(&typing(number));
    }
    feed.settled().await;

    assert_eq!(TAKEN.load(Ordering::Relaxed), 1_000);
    assert_eq!(ENDED.load(Ordering::Relaxed), 1);
    assert_eq!(ASKED.load(Ordering::Relaxed), 1_001);
}

#[tokio::test(start_paused = true)]
async fn events_that_nobody_took_in_time_are_told_of() {
    static MISSED: AtomicUsize = AtomicUsize::new(0);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);

    #[listener]
    async fn slow(ctx: &Context, _: &ReactionAdd, _: Waits<TypingStart>) -> Result<()> {
        let mut events = ctx.events::<TypingStart>(|_| true).timeout(MINUTE * 2);
        tokio::time::sleep(MINUTE).await;
        while let Some(event) = events.next().await {
            match event {
                Ok(_) => TAKEN.fetch_add(1, Ordering::Relaxed),
                Err(failure) => {
                    let missed = failure.find::<Missed>().expect("it is that");
                    MISSED.fetch_add(usize::try_from(missed.count())?, Ordering::Relaxed)
                }
            };
        }
        Ok(())
    }

    let bot = Bot::builder().no_timeout().add(handlers![slow]);
    let mut feed = cordial::testing::Feed::new(bot).expect("a bot");
    feed.begin_session();
    feed.message(REACTED);
    for number in 2..=1_003 {
        feed.message(&typing(number));
    }
    feed.settled().await;

    assert_eq!(TAKEN.load(Ordering::Relaxed), 1_000);
    assert_eq!(MISSED.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_the_next_event_does_not_wait_any_more() {
    #[listener(timeout = "none")]
    async fn works(ctx: &Context, message: &MessageCreate, _: Waits<TypingStart>) -> Result<()> {
        if message.author.bot {
            return Ok(());
        }
        let mut events = ctx.events::<TypingStart>(|_| true);
        let none = tokio::time::timeout(MINUTE, events.next()).await;
        tokio::time::sleep(MINUTE * 5).await;
        assert!(none.is_err());
        ctx.reply("Done.").await?;
        Ok(())
    }

    let sim = simulator(Bot::builder().add(handlers![works])).await;

    sim.person("alice").say("work").await;
    tokio::time::sleep(MINUTE * 2).await;
    sim.settle().await;

    sim.stop().await.assert_replies(&["Done."]);
}

/// Throw everything away.
#[command]
async fn clear(ctx: &CommandContext) -> Result<()> {
    let sure = CustomId::unrouted("sure").button("I am sure").danger();
    let user = ctx.user().id;
    let sent = ctx.reply(Reply::new("Sure?").row([sure])).await?;
    let press = ctx
        .wait_for_component(move |press| press.message().id == sent.id && press.user().id == user);
    match press.timeout(MINUTE).await? {
        Some(press) => press.update("Gone.").await?,
        None => drop(ctx.edit("Nothing was thrown away.").await?),
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_component_is_waited_for_and_answered() {
    let sim = simulator(Bot::builder().add(handlers![clear])).await;
    let alice = sim.person("alice");

    alice.run("/clear").await;
    let message = sim.newest_message().expect("a question");
    alice.click(message, "I am sure").await;

    assert_eq!(sim.content(message).as_deref(), Some("Gone."));
    let transcript = sim.stop().await;
    transcript.assert_completed("clear");
    transcript.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn somebody_else_who_uses_the_component_is_told_that_it_does_not_work() {
    let sim = simulator(Bot::builder().add(handlers![clear])).await;
    let (alice, bob) = (sim.person("alice"), sim.person("bob"));

    alice.run("/clear").await;
    let message = sim.newest_message().expect("a question");
    bob.click(message, "I am sure").await;

    assert_eq!(sim.content(message).as_deref(), Some("Sure?"));
    let transcript = sim.transcript();
    let failures: Vec<_> = transcript.reports().map(|report| &report.failure).collect();
    assert_eq!(failures.len(), 1);
    assert!(failures[0].is::<UnknownComponent>());
    transcript.assert_replies(&["Sure?", "That no longer works."]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_component_that_is_not_answered_in_time_is_put_off() {
    /// Take long.
    #[command]
    async fn slow(ctx: &CommandContext) -> Result<()> {
        let go = CustomId::unrouted("go").button("Go");
        ctx.reply(Reply::new("Go?").row([go])).await?;
        let Some(press) = ctx.wait_for_component(|_| true).timeout(MINUTE).await? else {
            return Ok(());
        };
        tokio::time::sleep(MINUTE / 6).await;
        press.update("Gone.").await
    }

    let sim = simulator(Bot::builder().add(handlers![slow])).await;
    let alice = sim.person("alice");

    alice.run("/slow").await;
    let message = sim.newest_message().expect("a question");
    alice.click(message, "Go").await;

    assert_eq!(sim.content(message).as_deref(), Some("Gone."));
    sim.stop().await.assert_completed("slow");
}

/// Sends a button that is waited for, and lets somebody else than who asked press it.
async fn pressed_by_bob(bot: BotBuilder, command: &str) -> Simulator {
    let sim = simulator(bot).await;
    sim.person("alice").run(command).await;
    let message = sim.newest_message().expect("a question");
    sim.person("bob").click(message, "Go").await;
    sim
}

async fn press(ctx: &Context) -> Result<ComponentContext> {
    let go = CustomId::unrouted("go").button("Go");
    ctx.reply(Reply::new("Go?").row([go])).await?;
    let press = ctx.wait_for_component(|_| true).timeout(MINUTE).await?;
    Ok(press.expect("a press"))
}

#[tokio::test(start_paused = true)]
async fn who_pressed_is_told_that_the_handler_failed_that_waited() {
    /// Fail at once.
    #[command]
    async fn fails(ctx: &CommandContext) -> Result<()> {
        press(ctx).await?;
        "seven".parse::<u32>()?;
        Ok(())
    }

    /// Fail after the answer was put off.
    #[command]
    async fn fails_late(ctx: &CommandContext) -> Result<()> {
        let _press = press(ctx).await?;
        tokio::time::sleep(MINUTE / 6).await;
        panic!("oh no");
    }

    for command in ["/fails", "/fails_late"] {
        let bot = Bot::builder().add(handlers![fails, fails_late]);
        let sim = pressed_by_bob(bot, command).await;

        let transcript = sim.stop().await;
        let report = transcript.reports().next().expect("a failure");
        let apology = format!(
            "Something went wrong. The error number is {}.",
            report.failure.id()
        );
        transcript.assert_replies(&["Go?", &apology]);
        assert_eq!(transcript.reports().count(), 1, "{command}");
        assert!(!report.failure.is::<Unanswered>(), "{command}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_does_not_answer_what_it_waited_for_fails() {
    /// Take the press, and nothing more.
    #[command]
    async fn takes(ctx: &CommandContext) -> Result<()> {
        press(ctx).await?;
        Ok(())
    }

    #[listener]
    async fn hears(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if message.content == "/hears" {
            press(ctx).await?;
        }
        Ok(())
    }

    #[error_handler]
    async fn told(_: &ErrorContext, _: &Unanswered) -> bool {
        false
    }

    let bot = || Bot::builder().add(handlers![takes, hears, told]);
    let by_command = pressed_by_bob(bot(), "/takes").await;
    let by_message = simulator(bot()).await;
    by_message.person("alice").say("/hears").await;
    let message = by_message.newest_message().expect("a question");
    by_message.person("bob").click(message, "Go").await;

    for (sim, handler) in [(by_command, "takes"), (by_message, "hears")] {
        let transcript = sim.stop().await;
        transcript.assert_unhandled(handler);
        let reports: Vec<_> = transcript.reports().collect();
        assert_eq!(reports.len(), 1, "{handler}");
        let silent = reports[0].failure.find::<Unanswered>();
        assert_eq!(silent.map(|silent| silent.handler().name()), Some(handler));
        let apology = format!(
            "Something went wrong. The error number is {}.",
            reports[0].failure.id()
        );
        transcript.assert_replies(&["Go?", &apology]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_the_handler_left_may_answer_what_it_waited_for() {
    /// Leave the answer to a task.
    #[command]
    async fn leaves(
        ctx: &CommandContext,
        /// Whether it answers.
        answers: bool,
    ) -> Result<()> {
        let press = press(ctx).await?;
        ctx.spawn("later", async move {
            tokio::time::sleep(MINUTE / 6).await;
            if answers {
                press.update("Gone.").await?;
            }
            Ok(())
        });
        Ok(())
    }

    for (command, reports) in [("/leaves answers:true", 0), ("/leaves answers:false", 1)] {
        let bot = Bot::builder().add(handlers![leaves]);
        let sim = pressed_by_bob(bot, command).await;
        tokio::time::sleep(MINUTE).await;

        let transcript = sim.stop().await;
        transcript.assert_completed("leaves");
        let found: Vec<_> = transcript.reports().collect();
        assert_eq!(found.len(), reports, "{command}");
        let mut found = found.iter();
        assert!(found.all(|report| report.handler.name() == "later"));
        assert_eq!(transcript.replies().len(), 1 + reports, "{command}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_press_that_is_waited_for_with_another_is_its_handlers_to_answer() {
    /// Ask twice.
    #[command]
    async fn asks_twice(ctx: &CommandContext) -> Result<()> {
        let first = press(ctx).await?;
        let second = first.wait_for_component(|_| true);
        first
            .update(Reply::new("Again?").row([CustomId::unrouted("go").button("Go")]))
            .await?;
        second.timeout(MINUTE).await?;
        Ok(())
    }

    let sim = pressed_by_bob(Bot::builder().add(handlers![asks_twice]), "/asks_twice").await;
    let message = sim.newest_message().expect("a question");
    sim.person("bob").click(message, "Go").await;

    let transcript = sim.stop().await;
    let reports: Vec<_> = transcript.reports().collect();
    assert_eq!(reports.len(), 1);
    assert!(reports[0].failure.is::<Unanswered>());
    assert_eq!(transcript.replies().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_modal_that_nobody_answers_is_not_left_with_a_promise() {
    /// Be asked for your name, for nothing.
    #[command]
    async fn name(ctx: &CommandContext) -> Result<()> {
        let field = cordial::component::ModalField::new::<String>("name", "Name");
        ctx.show(Modal::new("name", "Who are you?").component(field))
            .await?;
        ctx.wait_for_modal(|_| true).timeout(MINUTE).await?;
        "seven".parse::<u32>()?;
        Ok(())
    }

    #[error_handler]
    async fn silent(_: &ErrorContext, _: &std::num::ParseIntError) -> bool {
        true
    }

    for (bot, replies) in [
        (Bot::builder().add(handlers![name]), 1),
        (Bot::builder().add(handlers![name, silent]), 0),
    ] {
        let sim = simulator(bot).await;
        let alice = sim.person("alice");

        alice.run("/name").await;
        alice.submit(&[("Name", "Alice")]).await;
        let before = sim.requests().len();
        tokio::time::sleep(MINUTE).await;

        assert_eq!(sim.requests().len(), before, "nothing is promised any more");
        let transcript = sim.stop().await;
        assert_eq!(transcript.replies().len(), replies);
        assert_eq!(transcript.reports().count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_for_the_component_goes_before_those_who_wait() {
    #[component]
    async fn pressed(ctx: &ComponentContext) -> Result<()> {
        ctx.update("Pressed.").await
    }

    /// Show a button.
    #[command]
    async fn show(ctx: &CommandContext) -> Result<()> {
        ctx.reply(Reply::new("Press").row([pressed::id().button("Press")]))
            .await?;
        let taken = ctx.wait_for_component(|_| true).timeout(MINUTE).await?;
        assert!(taken.is_none());
        Ok(())
    }

    let bot = Bot::builder().interaction_timeout(MINUTE * 2);
    let sim = simulator(bot.add(handlers![show, pressed])).await;
    let alice = sim.person("alice");

    alice.run("/show").await;
    let message = sim.newest_message().expect("a button");
    alice.click(message, "Press").await;
    tokio::time::sleep(MINUTE * 2).await;

    assert_eq!(sim.content(message).as_deref(), Some("Pressed."));
    sim.stop().await.assert_completed("show");
}

#[tokio::test(start_paused = true)]
async fn a_modal_is_waited_for() {
    /// Be asked for your name.
    #[command]
    async fn name(ctx: &CommandContext) -> Result<()> {
        let field = cordial::component::ModalField::new::<String>("name", "Name");
        ctx.show(Modal::new("name", "Who are you?").component(field))
            .await?;
        let form = ctx.wait_for_modal(|form| form.modal().custom_id == "name");
        if let Some(form) = form.timeout(MINUTE).await? {
            let name: String = form.field("name").await?;
            form.reply(format!("Hello, {name}!")).await?;
        }
        Ok(())
    }

    let sim = simulator(Bot::builder().add(handlers![name])).await;
    let alice = sim.person("alice");

    alice.run("/name").await;
    alice.submit(&[("Name", "Alice")]).await;

    let transcript = sim.stop().await;
    transcript.assert_replies(&["Hello, Alice!"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_is_cut_off_with_the_bot() {
    let sim = simulator(Bot::builder().add(handlers![quiz])).await;
    let alice = sim.person("alice");

    alice.run("/quiz").await;
    let transcript = sim.stop().await;

    transcript.assert_unhandled("quiz");
}

#[tokio::test(start_paused = true)]
async fn what_twilight_does_not_know_can_be_waited_for() {
    #[listener]
    async fn waits(ctx: &Context, _: &MessageCreate) -> Result<()> {
        let status = ctx.wait_for::<RawEvent>(|event| event.name() == Some("NEWS"));
        if let Some(event) = status.timeout(MINUTE).await? {
            ctx.reply(event.name().unwrap_or_default()).await?;
        }
        Ok(())
    }

    let sim = simulator(Bot::builder().add(handlers![waits])).await;
    let alice = sim.person("alice");

    alice.say("hello").await;
    sim.send_raw("NEWS", "{}").await;

    sim.stop().await.assert_replies(&["NEWS"]);
}

#[tokio::test(start_paused = true)]
async fn what_has_no_room_is_shown_to_the_handler_that_waits_for_it() {
    /// Needs the second message to be over with the first.
    #[listener]
    async fn hears_two(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if message.content == "one" {
            let next = ctx.wait_for::<MessageCreate>(|next| next.content == "two");
            let next = next.timeout(MINUTE).await?;
            ctx.reply(next.map_or("Nothing.", |_| "Two!")).await?;
        }
        Ok(())
    }

    for order in [None, Some(Order::ByChannel)] {
        let bot = Bot::builder().max_in_hand(1).add(handlers![hears_two]);
        let sim = simulator(match order {
            Some(order) => bot.in_order(order),
            None => bot,
        })
        .await;

        let alice = sim.person("alice");
        alice.say("one").await;
        alice.say("two").await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["Two!"]);
        // Of both, and of the bot's own.
        assert_eq!(transcript.invocations("hears_two").len(), 3, "{order:?}");
    }
}
