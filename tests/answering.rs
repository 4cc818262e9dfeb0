//! Whoever waits for an answer gets one in time: from the handler, by being put off, or an apology.

use std::time::Duration;

use cordial::exception::{AlreadyAnswered, Expired, OnlySuggestions, TimedOut, Unanswered};
use cordial::prelude::*;
use cordial::testing::{Happening, Person, Simulator, Transcript};

/// How long a handler thinks before it answers.
struct Thinking(Duration);

async fn bot(
    bot: BotBuilder,
    act: impl AsyncFnOnce(&Simulator, &Person),
) -> (Transcript, Simulator) {
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;
    act(&sim, &alice).await;
    (sim.transcript(), sim)
}

/// Returns what the bot asked of Discord, beyond starting.
fn requests(transcript: &Transcript) -> Vec<&str> {
    let requests = transcript.iter().filter_map(|happening| match happening {
        Happening::Request { method, path, .. } if path.contains("{token}") => {
            let last = path.rsplit('/').next().expect("a segment");
            Some((method, last))
        }
        _ => None,
    });
    requests
        .map(|(method, last)| match (method.as_str(), last) {
            ("POST", "callback") => "answer",
            ("POST", _) => "follow up",
            ("PATCH", _) => "edit",
            ("DELETE", _) => "delete",
            _ => "look",
        })
        .collect()
}

/// Returns whether the latest message was shown to one person alone.
fn is_ephemeral(transcript: &Transcript) -> bool {
    let sent = transcript.iter().filter_map(|happening| match happening {
        Happening::Sent { only_for, .. } => Some(only_for.is_some()),
        _ => None,
    });
    sent.last().expect("a message")
}

fn failures(transcript: &Transcript) -> Vec<&Failure> {
    transcript.reports().map(|report| &report.failure).collect()
}

/// Think about it.
#[command]
async fn think(ctx: &CommandContext, thinking: State<Thinking>) -> Result<()> {
    tokio::time::sleep(thinking.0).await;
    ctx.reply(Reply::new("Done.").row([ponder::id().button("Ponder")]))
        .await?;
    Ok(())
}

#[component]
async fn ponder(ctx: &ComponentContext, thinking: State<Thinking>) -> Result<()> {
    tokio::time::sleep(thinking.0).await;
    ctx.update(Reply::new("Pondered.").row([ask::id().button("Ask")]))
        .await
}

#[component]
async fn ask(ctx: &ComponentContext) -> Result<()> {
    ctx.show(question::modal()).await
}

/// A question
#[modal]
async fn question(
    ctx: &ModalContext,
    thinking: State<Thinking>,
    /// What?
    what: String,
) -> Result<()> {
    tokio::time::sleep(thinking.0).await;
    ctx.reply(format!("{what}? No.")).await?;
    Ok(())
}

#[command(menu = "Think about them")]
async fn think_about(ctx: &UserMenuContext, thinking: State<Thinking>) -> Result<()> {
    tokio::time::sleep(thinking.0).await;
    ctx.reply(format!("About {}.", ctx.target().name)).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_up_to_ten_minutes_never_comes_too_late() {
    let around_the_limits = (0..=60).map(|step| Duration::from_millis(1_500 + step * 50));
    let longer = (0..=20).map(|step| Duration::from_secs(step * 30));
    for time in around_the_limits.chain(longer) {
        let handlers = handlers![think, ponder, ask, question, think_about];
        let built = Bot::builder().state(Thinking(time)).add(handlers);
        let (transcript, sim) = bot(built, async |sim, alice| {
            alice.run("/think").await;
            let message = sim.newest_message().expect("an answer");
            alice.click(message, "Ponder").await;
            assert_eq!(
                sim.content(message).as_deref(),
                Some("Pondered."),
                "{time:?}"
            );
            alice.click(message, "Ask").await;
            alice.submit(&[("What?", "Why")]).await;
            alice.menu_of("Think about them", alice).await;
        })
        .await;

        assert_eq!(failures(&transcript).len(), 0, "{time:?}: {transcript:?}");
        sim.stop()
            .await
            .assert_replies(&["Done.", "Why? No.", "About alice."]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_quick_answer_is_not_put_off() {
    let quick = Thinking(Duration::from_millis(1_999));
    let built = Bot::builder().state(quick).add(handlers![think, ponder]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/think").await).await;

    assert_eq!(requests(&transcript), ["answer"]);
}

#[tokio::test(start_paused = true)]
async fn when_an_answer_is_put_off_is_the_authors_choice() {
    let slow = || Bot::builder().state(Thinking(Duration::from_millis(2_500)));
    let later = slow().defer_after(Duration::from_millis(2_800));
    let never = slow().never_defer();

    for built in [later, never] {
        let built = built.add(handlers![think]);
        let (transcript, _sim) = bot(built, async |_, alice| alice.run("/think").await).await;

        assert_eq!(requests(&transcript), ["answer"]);
    }
}

#[tokio::test(start_paused = true)]
async fn without_being_put_off_a_late_answer_is_refused_before_it_is_sent() {
    /// Take too long.
    #[command(defer = "never")]
    async fn late(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(4)).await;
        ctx.reply("Too late.").await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![late]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/late").await).await;

    assert!(failures(&transcript)[0].is::<Expired>());
    assert_eq!(requests(&transcript), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn who_sees_the_promise_is_said_by_the_command() {
    /// Keep it to yourself.
    #[command(defer = "ephemeral")]
    async fn secret(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.reply("Between us.").await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![secret]);
    let (transcript, sim) = bot(built, async |_, alice| alice.run("/secret").await).await;

    assert_eq!(requests(&transcript), ["answer", "edit"]);
    assert!(is_ephemeral(&sim.transcript()));
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_put_off_what_is_put_off_already() {
    /// Defer late.
    #[command]
    async fn defers(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.defer().await?;
        ctx.reply("Done.").await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![defers]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/defers").await).await;

    assert_eq!(requests(&transcript), ["answer", "edit"]);
    assert_eq!(failures(&transcript).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_modal_cannot_be_shown_once_the_answer_was_put_off() {
    /// Ask late.
    #[command]
    async fn asks(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.show(question::modal()).await
    }

    let built = Bot::builder()
        .state(Thinking(Duration::ZERO))
        .add(handlers![asks, question]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/asks").await).await;

    let already = failures(&transcript)[0].find::<AlreadyAnswered>();
    assert_eq!(already.expect("refused").first(), None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_waits_for_the_promise_that_is_on_its_way() {
    /// Answer while being put off.
    #[command]
    async fn crosses(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        ctx.reply("Done.").await?;
        Ok(())
    }

    let sim = Simulator::start(Bot::builder().add(handlers![crosses])).await;
    let alice = sim.join("alice").await;
    sim.delay("POST", "/callback", Duration::from_millis(600));
    alice.run("/crosses").await;

    let transcript = sim.stop().await;
    assert_eq!(requests(&transcript), ["answer", "edit"]);
    transcript.assert_replies(&["Done."]);
    transcript.assert_completed("crosses");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_answers_is_reported_and_apologised_for() {
    /// Say nothing.
    #[command]
    async fn silent(_: &CommandContext) {}

    let built = Bot::builder().add(handlers![silent]);
    let (transcript, sim) = bot(built, async |_, alice| alice.run("/silent").await).await;

    let unanswered = failures(&transcript)[0].find::<Unanswered>();
    assert_eq!(unanswered.expect("silence").handler().name(), "silent");
    assert!(is_ephemeral(&sim.transcript()));
}

#[tokio::test(start_paused = true)]
async fn being_put_off_is_no_answer() {
    /// Say nothing for long.
    #[command]
    async fn dreams(_: &CommandContext) {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }

    let built = Bot::builder().add(handlers![dreams]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/dreams").await).await;

    assert!(failures(&transcript)[0].is::<Unanswered>());
}

#[tokio::test(start_paused = true)]
async fn a_task_may_answer_after_the_handler_has_ended() {
    /// Leave it to a task.
    #[command]
    async fn leaves(ctx: &CommandContext) {
        let later = ctx.clone();
        ctx.spawn("later", async move {
            tokio::time::sleep(Duration::from_secs(90)).await;
            later.reply("At last.").await?;
            Ok(())
        });
    }

    let built = Bot::builder().add(handlers![leaves]);
    let (_, sim) = bot(built, async |_, alice| {
        alice.run("/leaves").await;
        tokio::time::sleep(Duration::from_secs(100)).await;
    })
    .await;

    let transcript = sim.stop().await;
    assert_eq!(failures(&transcript).len(), 0, "{transcript:?}");
    transcript.assert_replies(&["At last."]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_does_not_answer_either_is_reported() {
    /// Leave it to a task.
    #[command]
    async fn leaves(ctx: &CommandContext) {
        ctx.spawn("later", async move {
            tokio::time::sleep(Duration::from_secs(90)).await;
            Ok(())
        });
    }

    let built = Bot::builder().add(handlers![leaves]);
    let (_, sim) = bot(built, async |_, alice| {
        alice.run("/leaves").await;
        tokio::time::sleep(Duration::from_secs(100)).await;
    })
    .await;

    let transcript = sim.stop().await;
    let unanswered = failures(&transcript)[0].find::<Unanswered>();
    assert_eq!(unanswered.expect("silence").handler().name(), "later");
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("the password is hunter2")]
struct Secretive;

#[derive(Debug, thiserror::Error, Exception)]
#[error("no track 7 in queue 9")]
#[facet(dyn UserFacing)]
struct QueueEmpty;

impl UserFacing for QueueEmpty {
    fn text(&self) -> String {
        "There is nothing to skip, <@1>.".to_owned()
    }
}

/// Fail with a secret.
#[command]
async fn leaks(_: &CommandContext) -> Result<(), Secretive> {
    Err(Secretive)
}

/// Fail with something to say.
#[command]
async fn skip(_: &CommandContext) -> Result<(), QueueEmpty> {
    Err(QueueEmpty)
}

#[tokio::test(start_paused = true)]
async fn what_nobody_handled_is_apologised_for_without_its_text() {
    let built = Bot::builder().add(handlers![leaks]);
    let (transcript, sim) = bot(built, async |_, alice| alice.run("/leaks").await).await;

    let message = sim.newest_message().expect("an apology");
    let text = sim.content(message).expect("a text");
    assert!(
        text.contains(&failures(&transcript)[0].id().to_string()),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
    assert!(is_ephemeral(&transcript));
}

#[tokio::test(start_paused = true)]
async fn an_error_for_people_is_told_to_them() {
    let built = Bot::builder().add(handlers![skip]);
    let (transcript, sim) = bot(built, async |_, alice| alice.run("/skip").await).await;

    assert_eq!(transcript.replies(), ["There is nothing to skip, <@1>."]);
    sim.stop().await.assert_unhandled("skip");
}

#[tokio::test(start_paused = true)]
async fn what_people_are_told_is_the_authors_choice() {
    let built = Bot::builder()
        .apology(|ctx, failure| {
            let text = format!("{} for {}", failure.code(), ctx.user().name);
            Some(text.into())
        })
        .add(handlers![leaks]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/leaks").await).await;

    assert_eq!(transcript.replies(), ["secretive for alice"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_was_answered_is_not_apologised_to() {
    /// Answer, and fail.
    #[command]
    async fn half(ctx: &CommandContext) -> Result<()> {
        ctx.reply("So far, so good.").await?;
        Err(Secretive.into())
    }

    let built = Bot::builder().add(handlers![half]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/half").await).await;

    assert_eq!(transcript.replies(), ["So far, so good."]);
}

#[tokio::test(start_paused = true)]
async fn an_apology_keeps_the_promise_that_was_made() {
    /// Fail late.
    #[command(defer = "ephemeral")]
    async fn fails_late(_: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        Err(QueueEmpty.into())
    }

    let built = Bot::builder().add(handlers![fails_late]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/fails_late").await).await;

    assert_eq!(requests(&transcript), ["answer", "edit"]);
    assert_eq!(transcript.replies(), ["There is nothing to skip, <@1>."]);
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_answers_before_cordial_does() {
    #[error_handler]
    async fn sorry(ctx: &CommandContext, _: &QueueEmpty) -> bool {
        ctx.reply("The queue is empty.").await.is_ok()
    }

    let built = Bot::builder().add(handlers![skip, sorry]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/skip").await).await;

    assert_eq!(transcript.replies(), ["The queue is empty."]);
    transcript.assert_handled_by("skip", "sorry");
}

#[tokio::test(start_paused = true)]
async fn a_failing_completion_suggests_nothing_and_tells_nobody() {
    #[autocomplete]
    async fn breaks(_: &AutocompleteContext) -> Result<Vec<String>> {
        Err(Secretive.into())
    }

    /// Say something.
    #[command]
    async fn say(
        ctx: &CommandContext,
        /// What?
        #[option(autocomplete = breaks)]
        what: String,
    ) -> Result<()> {
        ctx.reply(what).await?;
        Ok(())
    }

    #[error_handler]
    async fn tries(ctx: &ErrorContext, _: &Secretive) -> Result<bool> {
        ctx.reply("Sorry.").await?;
        Ok(true)
    }

    let built = Bot::builder().add(handlers![say, tries]);
    let (transcript, _sim) = bot(built, async |_, alice| {
        let none: [String; 0] = [];
        assert_eq!(alice.complete("/say what:x").await, none);
    })
    .await;

    assert!(
        failures(&transcript)
            .iter()
            .any(|failure| failure.is::<OnlySuggestions>())
    );
    assert_eq!(requests(&transcript), ["answer"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_for_one_person_never_keeps_a_promise_that_everybody_sees() {
    /// Tell a secret, slowly.
    #[command]
    async fn secret(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.reply(Reply::new("Between us.").ephemeral()).await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![secret]);
    let (transcript, sim) = bot(built, async |_, alice| alice.run("/secret").await).await;

    assert_eq!(requests(&transcript), ["answer", "delete", "follow up"]);
    assert!(is_ephemeral(&sim.transcript()));
    sim.stop().await.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn a_handler_is_cut_off_while_its_error_handlers_can_still_answer() {
    /// Never end.
    #[command]
    async fn endless(_: &CommandContext) {
        std::future::pending::<()>().await;
    }

    let built = Bot::builder().add(handlers![endless]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/endless").await).await;

    assert!(failures(&transcript)[0].is::<TimedOut>());
    assert_eq!(requests(&transcript), ["answer", "delete", "follow up"]);
}

#[tokio::test(start_paused = true)]
async fn a_promise_that_nobody_keeps_is_taken_back() {
    /// Fail late.
    #[command]
    async fn fails_late(_: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        Err(QueueEmpty.into())
    }

    #[error_handler]
    async fn swallows(_: &CommandContext, _: &QueueEmpty) -> bool {
        true
    }

    let built = Bot::builder().add(handlers![fails_late, swallows]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/fails_late").await).await;

    assert_eq!(requests(&transcript), ["answer", "delete"]);
    assert_eq!(transcript.replies(), [""; 0]);
}

/// Does something five seconds after a command was run, and returns what Discord was asked for, and
/// whether the last message was for one person alone.
async fn after_five_seconds(built: BotBuilder, command: &str) -> (Vec<String>, Transcript) {
    let (_, sim) = bot(built, async |_, alice| {
        alice.run(command).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
    })
    .await;
    let transcript = sim.stop().await;
    let asked = requests(&transcript).into_iter().map(str::to_owned);
    (asked.collect(), transcript)
}

#[tokio::test(start_paused = true)]
async fn a_promise_is_taken_back_when_a_task_fails_and_nobody_says_so() {
    /// Leave it to a task.
    #[command]
    async fn leaves(ctx: &CommandContext) {
        ctx.spawn("later", async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            Err(QueueEmpty.into())
        });
    }

    #[error_handler]
    async fn swallows(_: &CommandContext, _: &QueueEmpty) -> bool {
        true
    }

    let built = Bot::builder().add(handlers![leaves, swallows]);
    let (asked, _) = after_five_seconds(built, "/leaves").await;

    assert_eq!(asked, ["answer", "delete"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_lost_a_promise_for_an_answer_that_was_refused_is_told() {
    /// Say too much, slowly.
    #[command]
    async fn says_too_much(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.reply(Reply::new("x".repeat(2_001)).ephemeral()).await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![says_too_much]);
    let (_, transcript) = after_five_seconds(built, "/says_too_much").await;

    assert!(transcript.replies()[0].starts_with("Something went wrong"));
    assert!(is_ephemeral(&transcript));
}

#[tokio::test(start_paused = true)]
async fn an_edit_for_one_person_never_keeps_a_promise_that_everybody_sees() {
    /// Tell a secret, slowly.
    #[command]
    async fn secret(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.edit(Reply::new("Between us.").ephemeral()).await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![secret]);
    let (asked, transcript) = after_five_seconds(built, "/secret").await;

    assert_eq!(asked, ["answer", "delete", "follow up"]);
    assert!(is_ephemeral(&transcript));
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_ask_for_secrecy_after_it_was_put_off() {
    /// Keep it to yourself, late.
    #[command]
    async fn secret(ctx: &CommandContext) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ctx.defer_ephemeral().await?;
        ctx.reply("Between us.").await?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![secret]);
    let (asked, transcript) = after_five_seconds(built, "/secret").await;

    assert_eq!(asked, ["answer", "delete", "follow up"]);
    assert!(is_ephemeral(&transcript));
    transcript.assert_completed("secret");
}

#[tokio::test(start_paused = true)]
async fn messages_may_follow_a_promise_at_once() {
    /// Follow up twice.
    #[command]
    async fn twice(ctx: &CommandContext) -> Result<()> {
        ctx.defer().await?;
        let (one, two) = tokio::join!(ctx.follow_up("one"), ctx.follow_up("two"));
        one?;
        two?;
        Ok(())
    }

    let built = Bot::builder().add(handlers![twice]);
    let (asked, transcript) = after_five_seconds(built, "/twice").await;

    assert_eq!(asked, ["answer", "edit", "follow up"]);
    transcript.assert_replies(&["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn a_promise_of_the_authors_that_is_never_kept_is_reported() {
    /// Promise, and forget.
    #[command]
    async fn forgets(ctx: &CommandContext) -> Result<()> {
        ctx.defer().await
    }

    let built = Bot::builder().add(handlers![forgets]);
    let (_, transcript) = after_five_seconds(built, "/forgets").await;

    assert!(failures(&transcript)[0].is::<Unanswered>());
}

#[tokio::test(start_paused = true)]
async fn what_an_error_handler_says_after_a_secret_is_one() {
    /// Tell a secret, and fail.
    #[command]
    async fn half(ctx: &CommandContext) -> Result<()> {
        ctx.reply(Reply::new("Between us.").ephemeral()).await?;
        Err(QueueEmpty.into())
    }

    #[error_handler]
    async fn details(ctx: &ErrorContext, error: &QueueEmpty) -> bool {
        ctx.reply(error.to_string()).await.is_ok()
    }

    let built = Bot::builder().add(handlers![half, details]);
    let (_, transcript) = after_five_seconds(built, "/half").await;

    transcript.assert_replies(&["Between us.", "no track 7 in queue 9"]);
    assert!(is_ephemeral(&transcript));
}

#[tokio::test(start_paused = true)]
async fn twenty_commands_at_once_do_not_wait_for_each_other_nor_for_one_that_hangs() {
    const CALLBACK: &str = "/interactions/*/*/callback";

    /// Answer.
    #[command]
    async fn here(ctx: &CommandContext) -> Result<()> {
        ctx.reply("here").await?;
        Ok(())
    }

    let sim = Simulator::start(Bot::builder().add(handlers![here])).await;
    let alice = sim.join("alice").await;
    let run = || {
        let alice = alice.clone();
        tokio::spawn(async move { alice.run("/here").await })
    };
    sim.delay("POST", CALLBACK, Duration::from_secs(3_600));
    let hanging = run();
    tokio::time::sleep(Duration::from_millis(1)).await;
    sim.delay("POST", CALLBACK, Duration::from_millis(200));

    let begun = tokio::time::Instant::now();
    for _ in 0..20 {
        run();
    }
    while sim.transcript().replies().len() < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    let took = begun.elapsed();
    assert!(took < Duration::from_millis(500), "{took:?}");
    assert!(sim.transcript().reports().next().is_none());
    hanging.abort();
}

#[tokio::test(start_paused = true)]
async fn people_are_told_of_the_failure_that_took_the_place_of_another() {
    #[error_handler]
    async fn replaces(_: &CommandContext, _: &Secretive) -> Flow {
        Flow::replace(QueueEmpty)
    }

    let built = Bot::builder().add(handlers![leaks, replaces]);
    let (transcript, _sim) = bot(built, async |_, alice| alice.run("/leaks").await).await;

    assert_eq!(transcript.replies(), ["There is nothing to skip, <@1>."]);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_is_told_of_stops_a_bot_that_is_to_stop() {
    let built = Bot::builder()
        .unhandled(Unhandled::Shutdown)
        .apology(|_, _| None)
        .add(handlers![skip]);
    let sim = Simulator::start(built).await;
    sim.join("alice").await.run("/skip").await;

    let failure = sim
        .ended()
        .await
        .expect_err("nobody handled it, and nobody was told");
    assert!(failure.is::<QueueEmpty>());
}
