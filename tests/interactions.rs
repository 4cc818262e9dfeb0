//! An interaction has one answer, in time; what comes after changes it or follows it up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::answer::Modal;
use cordial::exception::{AlreadyAnswered, CommandError, Expired, InteractionError, NotAnswered};
use cordial::prelude::*;
use cordial::testing::{Happening, Log, Simulator, Transcript};
use cordial::twilight::model::application::interaction::InteractionData;
use cordial::twilight::model::application::interaction::modal::ModalInteractionComponent;
use cordial::twilight::model::channel::message::Component;
use cordial::twilight::model::channel::message::component::{
    ActionRow, Button, ButtonStyle, Label, SelectMenu, SelectMenuOption, SelectMenuType, TextInput,
    TextInputStyle,
};

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
    let first = already.first().expect("an author answered");
    assert_eq!(
        (first.file(), first.line()),
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
async fn error_handlers_can_answer_after_an_answer() {
    #[listener]
    async fn answers_and_fails(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply("Working on it.").await?;
        "many".parse::<u8>()?;
        Ok(())
    }

    #[error_handler]
    async fn apologises(ctx: &ErrorContext, _: &Failure) -> Result<bool> {
        ctx.reply("That failed.").await?;
        Ok(true)
    }

    let bot = Bot::builder().add(handlers![answers_and_fails, apologises]);
    let (sim, _) = pressed(bot).await;

    let transcript = sim.stop().await;
    transcript.assert_handled_by("answers_and_fails", "apologises");
    transcript.assert_replies(&["What now?", "Working on it.", "That failed."]);
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
        (403, 0, ["forbidden", "ok"]),
        (404, 10062, ["unknown_interaction", "expired"]),
        (400, 40060, ["bad_request", "already_answered"]),
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
async fn many_messages_are_sent_at_the_pace_of_the_limit() {
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

    let sim = Simulator::start(Bot::builder().add(handlers![shows, talks])).await;
    sim.limit("POST", "/webhooks/**", 5, Duration::from_secs(2));
    let alice = sim.join("alice").await;
    let message = sim.newest_message().expect("a message");
    alice.click(message, "Press").await;

    let refused = sim
        .requests()
        .into_iter()
        .any(|request| request.is_rate_limited());
    assert!(!refused);
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

    let log = Log::listen(tracing::Level::TRACE);
    let (sim, _) = pressed(Bot::builder().add(handlers![answers])).await;
    let transcript = sim.stop().await;

    transcript.assert_completed("answers");
    let log = log.text();
    assert!(log.contains("Responder"), "{log}");
    let told: Vec<_> = log
        .lines()
        .filter(|line| line.contains("c2ltdWxhdGVk"))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    assert!(
        !transcript.to_string().contains("c2ltdWxhdGVk"),
        "{transcript}"
    );
}

fn menu(kind: SelectMenuType, name: &str) -> Component {
    let option = |label: &str| SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label: label.to_owned(),
        value: label.to_lowercase(),
    };
    let options = matches!(kind, SelectMenuType::Text).then(|| vec![option("Red"), option("Blue")]);
    Component::SelectMenu(SelectMenu {
        channel_types: None,
        custom_id: name.to_owned(),
        default_values: None,
        disabled: false,
        id: None,
        kind,
        max_values: Some(2),
        min_values: None,
        options,
        placeholder: Some(format!("Choose {name}")),
        required: None,
    })
}

fn row(component: Component) -> Component {
    let components = vec![component];
    ActionRow {
        id: None,
        components,
    }
    .into()
}

/// Offers every kind of menu to whoever asks.
#[listener]
async fn offers(ctx: &Context, message: &MessageCreate) -> Result<()> {
    if !message.author.bot {
        let kinds = [
            (SelectMenuType::Text, "color"),
            (SelectMenuType::User, "who"),
            (SelectMenuType::Role, "as"),
            (SelectMenuType::Channel, "where"),
        ];
        let rows = kinds.map(|(kind, name)| row(menu(kind, name)));
        let reply = rows
            .into_iter()
            .fold(Reply::new("Choose."), Reply::component);
        ctx.reply(reply).await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_is_chosen_from_menus_is_told() {
    #[listener]
    async fn tells(ctx: &Context, choice: &InteractionCreate) -> Result<()> {
        let Some(InteractionData::MessageComponent(data)) = &choice.data else {
            panic!("no component");
        };
        let resolved = data.resolved.as_ref().expect("what was chosen");
        let users = resolved.users.values().map(|user| user.name.clone());
        let roles = resolved.roles.values().map(|role| role.name.clone());
        let channels = resolved
            .channels
            .values()
            .map(|channel| channel.name.clone());
        let named: Vec<_> = users.chain(roles).chain(channels).collect();
        let chosen = if named.is_empty() {
            data.values.join(" ")
        } else {
            named.join(" ")
        };
        ctx.reply(format!("{}: {chosen}", data.custom_id)).await?;
        Ok(())
    }

    let sim = Simulator::start(Bot::builder().add(handlers![offers, tells])).await;
    let alice = sim.join("alice").await;
    alice.say("show me").await;
    let message = sim.newest_message().expect("menus");

    alice
        .select(message, "Choose color", &["Blue", "red"])
        .await;
    alice.select(message, "who", &["@alice"]).await;
    alice.select(message, "as", &["@bot"]).await;
    alice.select(message, "where", &["#general"]).await;

    sim.stop().await.assert_replies(&[
        "Choose.",
        "color: blue red",
        "who: alice",
        "as: bot",
        "where: general",
    ]);
}

#[tokio::test(start_paused = true)]
#[should_panic(
    expected = "`alice` cannot use that: the menu `color`: the menu has no option `Green`"
)]
async fn what_a_menu_does_not_have_cannot_be_chosen() {
    let sim = Simulator::start(Bot::builder().add(handlers![offers])).await;
    let alice = sim.join("alice").await;
    alice.say("show me").await;
    let message = sim.newest_message().expect("menus");

    alice.select(message, "color", &["Green"]).await;
}

#[expect(deprecated, reason = "the field has no other way to be left out")]
fn input(custom_id: &str, is_required: bool) -> Component {
    Component::TextInput(TextInput {
        custom_id: custom_id.to_owned(),
        id: None,
        label: None,
        max_length: Some(10),
        min_length: None,
        placeholder: None,
        required: Some(is_required),
        style: TextInputStyle::Short,
        value: None,
    })
}

fn labelled(label: &str, component: Component) -> Component {
    Component::Label(Label {
        component: Box::new(component),
        description: None,
        id: None,
        label: label.to_owned(),
    })
}

/// Asks in a modal, and tells what was filled in.
#[listener]
async fn asks(ctx: &Context, interaction: &InteractionCreate) -> Result<()> {
    let Some(InteractionData::ModalSubmit(data)) = &interaction.data else {
        let modal = Modal::new("report", "A report")
            .component(labelled("Why?", input("why", true)))
            .component(labelled("Since when?", input("when", false)));
        responder(ctx).show_modal(modal).await?;
        return Ok(());
    };
    let text = |component: &ModalInteractionComponent| match component {
        ModalInteractionComponent::Label(label) => match &*label.component {
            ModalInteractionComponent::TextInput(input) => input.value.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let texts: Vec<_> = data.components.iter().map(text).collect();
    ctx.reply(format!("{}: {}", data.custom_id, texts.join(", ")))
        .await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_modal_is_filled_in_and_sent_back() {
    let (sim, _) = pressed(Bot::builder().add(handlers![asks])).await;
    let alice = sim.person("alice");
    assert_eq!(alice.modal().as_deref(), Some("A report"));

    alice.submit(&[("Why?", "spam"), ("when", "today")]).await;

    assert_eq!(alice.modal(), None);
    let transcript = sim.stop().await;
    transcript.assert_replies(&["What now?", "report: spam, today"]);
}

#[tokio::test(start_paused = true)]
async fn a_modal_is_not_sent_as_it_should_not_be() {
    for (fields, reason) in [
        (&[("when", "today")][..], "the field \"Why?\" is missing"),
        (&[("why", "a long, long story")], "takes 0 to 10 characters"),
        (&[("why", "spam"), ("how", "badly")], "has no field `how`"),
    ] {
        let (sim, _) = pressed(Bot::builder().add(handlers![asks])).await;
        let alice = sim.person("alice");

        let sent = tokio::spawn(async move { alice.submit(fields).await }).await;

        let panic = sent.expect_err("refused").into_panic();
        let said = panic.downcast::<String>().expect("a text");
        assert!(said.contains(reason), "{said}");
    }
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`alice` cannot use that: the button `Off` is disabled")]
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
