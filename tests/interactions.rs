//! An interaction has one answer, in time; what comes after changes it or follows it up.

mod log;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::exception::{AlreadyAnswered, CommandError, Expired, InteractionError, NotAnswered};
use cordial::prelude::*;
use cordial::testing::{Happening, Simulator, Transcript};
use cordial::twilight::model::application::interaction::InteractionData;
use cordial::twilight::model::channel::message::Component;
use cordial::twilight::model::channel::message::component::{ActionRow, Button, ButtonStyle};

fn button(label: &str, is_disabled: bool) -> Component {
    Component::Button(Button {
        id: None,
        custom_id: Some(format!("id of {label}")),
        disabled: is_disabled,
        emoji: None,
        label: Some(label.to_owned()),
        style: ButtonStyle::Primary,
        url: None,
        sku_id: None,
    })
}

/// Shows whoever joins what may be pressed.
#[listener]
async fn shows(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
    let channels = http.guild_channels(joined.guild_id).await?.model().await?;
    let row = ActionRow {
        id: None,
        components: vec![button("Press", false), button("Off", true)],
    };
    http.create_message(channels[0].id)
        .content("What now?")
        .components(&[row.into()])
        .await?;
    Ok(())
}

/// Lets somebody press the button of a bot.
async fn pressed(bot: BotBuilder) -> (Simulator, Transcript) {
    let sim = Simulator::start(bot.add(handlers![shows])).await;
    let alice = sim.join("alice").await;
    let message = sim.newest_message().expect("a message");
    alice.click(message, "Press").await;
    let transcript = sim.transcript();
    (sim, transcript)
}

fn responder(ctx: &Context) -> &Responder {
    ctx.responder().expect("an interaction")
}

fn failure(transcript: &Transcript) -> &Failure {
    &transcript.reports().last().expect("a failure").failure
}

#[tokio::test(start_paused = true)]
async fn a_press_says_who_pressed_what() {
    #[listener]
    async fn tells(ctx: &Context, press: &InteractionCreate, author: Option<Author>) -> Result<()> {
        let Some(InteractionData::MessageComponent(data)) = &press.data else {
            panic!("no component");
        };
        let author = author.expect("somebody").name.clone();
        ctx.reply(format!("{author} pressed {}.", data.custom_id))
            .await?;
        Ok(())
    }

    let (sim, _) = pressed(Bot::builder().add(handlers![tells])).await;

    let transcript = sim.stop().await;
    transcript.assert_replies(&["What now?", "alice pressed id of Press."]);
    let presses = transcript.iter();
    let presses = presses.filter(|happening| matches!(happening, Happening::Used { .. }));
    assert_eq!(presses.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_changed_followed_up_and_deleted() {
    #[listener]
    async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        let responder = responder(ctx);
        assert!(!responder.is_answered());
        let first = responder.reply("one").await?;
        assert!(responder.is_answered());
        let changed = responder.edit("two").await?;
        assert_eq!(first.id, changed.id);
        responder.follow_up(Reply::new("three").ephemeral()).await?;
        responder.delete().await?;
        Ok(())
    }

    let (sim, _) = pressed(Bot::builder().add(handlers![answers])).await;

    let transcript = sim.stop().await;
    transcript.assert_completed("answers");
    transcript.assert_replies(&["What now?", "one", "three"]);
    let deleted = |happening: &Happening| matches!(happening, Happening::Deleted { content } if content == "two");
    assert!(transcript.iter().any(deleted), "{transcript}");
    let alone = |happening: &Happening| matches!(happening, Happening::Sent { only_for: Some(name), .. } if name == "alice");
    assert_eq!(
        transcript
            .iter()
            .filter(|happening| alone(happening))
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_promise_gives_fifteen_minutes() {
    #[listener(timeout = "none")]
    async fn takes_long(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        responder(ctx).defer_ephemeral().await?;
        tokio::time::sleep(Duration::from_secs(14 * 60)).await;
        ctx.reply("done").await?;
        Ok(())
    }

    let (sim, _) = pressed(Bot::builder().add(handlers![takes_long])).await;

    let transcript = sim.stop().await;
    transcript.assert_completed("takes_long");
    let done = |happening: &Happening| matches!(happening, Happening::Sent { content, only_for: Some(_), .. } if content == "done");
    assert!(transcript.iter().any(done), "{transcript}");
}

#[tokio::test(start_paused = true)]
async fn a_message_with_a_component_can_be_changed_in_answer() {
    #[listener]
    async fn changes(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        responder(ctx).update("Thank you.").await?;
        responder(ctx).follow_up("Anything else?").await?;
        Ok(())
    }

    #[listener]
    async fn changes_later(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        responder(ctx).defer_update().await?;
        responder(ctx).edit("Thank you.").await?;
        ctx.reply("Anything else?").await?;
        Ok(())
    }

    for listener in [handlers![changes], handlers![changes_later]] {
        let sim = Simulator::start(Bot::builder().add(handlers![shows]).add(listener)).await;
        let alice = sim.join("alice").await;
        let message = sim.newest_message().expect("a message");

        alice.click(message, "id of Press").await;

        assert_eq!(sim.content(message).as_deref(), Some("Thank you."));
        let transcript = sim.stop().await;
        transcript.assert_replies(&["What now?", "Anything else?"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_answer_is_refused_before_it_is_sent_and_names_the_first() {
    const FIRST: u32 = line!() + 4;

    #[listener]
    async fn answers_twice(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply("once").await?;
        ctx.reply("twice").await?;
        Ok(())
    }

    let (sim, transcript) = pressed(Bot::builder().add(handlers![answers_twice])).await;

    let failure = failure(&transcript);
    let already = failure.find::<AlreadyAnswered>().expect("refused");
    assert_eq!(
        (already.first().file(), already.first().line()),
        ("tests/interactions.rs", FIRST)
    );
    assert_eq!(failure.place().map(|place| place.line()), Some(FIRST + 1));
    assert!(failure.is::<InteractionError>() && failure.is::<CommandError>());
    sim.stop().await.assert_replies(&["What now?", "once"]);
}

#[tokio::test(start_paused = true)]
async fn error_handlers_answer_the_interaction_too() {
    #[listener]
    async fn fails(_: &Context, _: &InteractionCreate) -> Result<()> {
        "many".parse::<u8>()?;
        Ok(())
    }

    #[error_handler]
    async fn apologises(ctx: &ErrorContext, failure: &Failure) -> Result<bool> {
        let text = format!("That failed: {}.", failure.id());
        ctx.reply(Reply::new(text).ephemeral()).await?;
        Ok(true)
    }

    let (sim, _) = pressed(Bot::builder().add(handlers![fails, apologises])).await;

    let transcript = sim.stop().await;
    transcript.assert_handled_by("fails", "apologises");
    let alone = |happening: &Happening| {
        matches!(
            happening,
            Happening::Sent {
                only_for: Some(_),
                ..
            }
        )
    };
    assert!(transcript.iter().any(alone), "{transcript}");
}

#[tokio::test(start_paused = true)]
async fn what_is_too_late_is_not_sent() {
    #[listener]
    async fn is_slow(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(4)).await;
        ctx.reply("sorry").await?;
        Ok(())
    }

    #[listener(timeout = "none")]
    async fn is_slower(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        responder(ctx).defer().await?;
        tokio::time::sleep(Duration::from_secs(16 * 60)).await;
        ctx.reply("sorry").await?;
        Ok(())
    }

    for (listener, limit) in [(handlers![is_slow], 3), (handlers![is_slower], 15 * 60)] {
        let (sim, transcript) = pressed(Bot::builder().add(listener)).await;

        let expired = failure(&transcript).find::<Expired>().expect("too late");
        assert_eq!(expired.limit(), Duration::from_secs(limit));
        assert!(expired.age() > expired.limit());
        sim.stop().await.assert_replies(&["What now?"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_answered_cannot_be_changed() {
    #[listener]
    async fn hurries(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        responder(ctx).edit("changed").await?;
        Ok(())
    }

    let (_sim, transcript) = pressed(Bot::builder().add(handlers![hurries])).await;

    assert!(failure(&transcript).is::<NotAnswered>());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_did_not_arrive_can_be_given_again_but_not_to_what_is_gone() {
    #[derive(Default)]
    struct Said(Arc<Mutex<Vec<String>>>);

    #[listener]
    async fn insists(ctx: &Context, _: &InteractionCreate, said: State<Said>) {
        for _ in 0..2 {
            let failure = ctx.reply("now").await.err();
            let code = failure.map_or("ok", |failure| failure.code());
            said.0.lock().expect("no panic").push(code.to_owned());
        }
    }

    for (status, code, expected) in [
        (500, 0, ["server_error", "ok"]),
        (404, 10062, ["unknown_interaction", "expired"]),
    ] {
        let said = Said::default();
        let seen = Arc::clone(&said.0);
        let bot = Bot::builder().state(said).add(handlers![shows, insists]);
        let sim = Simulator::start(bot).await;
        let alice = sim.join("alice").await;
        let body = format!(r#"{{"code":{code},"message":"no"}}"#);
        sim.answer_next("POST", "/interactions/*/*/callback", status, body);

        let message = sim.newest_message().expect("a message");
        alice.click(message, "Press").await;

        assert_eq!(*seen.lock().expect("no panic"), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn many_messages_are_sent_at_a_pace() {
    #[listener]
    async fn talks(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        let begun = tokio::time::Instant::now();
        ctx.reply("0").await?;
        for number in 1..=11 {
            responder(ctx).follow_up(number.to_string()).await?;
        }
        assert_eq!(begun.elapsed().as_secs(), 4);
        Ok(())
    }

    let (sim, _) = pressed(Bot::builder().add(handlers![talks])).await;

    let transcript = sim.stop().await;
    transcript.assert_completed("talks");
    assert_eq!(transcript.replies().len(), 13);
}

#[tokio::test(start_paused = true)]
async fn no_token_of_an_interaction_is_logged() {
    #[listener]
    async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        tracing::info!("{:?}", responder(ctx));
        responder(ctx).defer().await?;
        ctx.reply("one").await?;
        responder(ctx).follow_up("two").await?;
        responder(ctx).delete().await?;
        Ok(())
    }

    log::listen(tracing::Level::TRACE);
    let (sim, _) = pressed(Bot::builder().add(handlers![answers])).await;
    let transcript = sim.stop().await;

    transcript.assert_completed("answers");
    let log = log::logged();
    assert!(log.contains("Responder"), "{log}");
    let told: Vec<_> = log
        .lines()
        .filter(|line| line.contains("interaction-"))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    assert!(
        !transcript.to_string().contains("interaction-"),
        "{transcript}"
    );
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`alice` cannot click: the button `Off` is disabled")]
async fn a_disabled_button_cannot_be_pressed() {
    let sim = Simulator::start(Bot::builder().add(handlers![shows])).await;
    let alice = sim.join("alice").await;
    let message = sim.newest_message().expect("a message");

    alice.click(message, "Off").await;
}

#[tokio::test(start_paused = true)]
async fn twenty_at_once_do_not_wait_for_each_other_nor_for_one_that_hangs() {
    const CALLBACK: &str = "/interactions/*/*/callback";

    #[listener(timeout = "none")]
    async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply("here").await?;
        Ok(())
    }

    let sim = Simulator::start(Bot::builder().add(handlers![shows, answers])).await;
    let alice = sim.join("alice").await;
    let message = sim.newest_message().expect("a message");
    sim.delay("POST", CALLBACK, Duration::from_secs(3_600));
    let hanging = tokio::spawn({
        let alice = alice.clone();
        async move { alice.click(message, "Press").await }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    sim.delay("POST", CALLBACK, Duration::from_millis(200));

    let begun = tokio::time::Instant::now();
    for _ in 0..20 {
        let alice = alice.clone();
        tokio::spawn(async move { alice.click(message, "Press").await });
    }
    while sim.transcript().replies().len() < 21 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    let took = begun.elapsed();
    assert!(took < Duration::from_millis(500), "{took:?}");
    hanging.abort();
}
