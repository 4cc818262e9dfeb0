//! The cache while a bot serves: beside handlers that take long, events that wait, and what is shown of it.

use crate::*;

/// Takes long, and tells what was before the edit, and what the cache knows in the end.
#[listener]
async fn slow(ctx: &Context, edit: &Updated<Message>, seen: State<Seen>) -> Result<()> {
    tokio::time::sleep(Duration::from_secs(5)).await;
    let was = before(edit.before.as_ref(), |message| message.content.clone());
    let now = ctx.cache().message(edit.key)?;
    let now = before(now.as_ref(), |now| now.content.clone());
    seen.note(format!("{was} -> {}, now {now}", edit.after.content));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_handler_sees_what_was_before_its_own_event_whatever_came_since() {
    type Set = fn(BotBuilder) -> BotBuilder;
    let side_by_side: Set = |bot| bot;
    let waiting: Set = |bot| bot.max_in_hand(1);
    let in_order: Set = |bot| bot.in_order(Order::ByChannel);
    for set in [side_by_side, waiting, in_order] {
        let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
        let (sim, seen) = simulator(set(bot).add(handlers![slow])).await;
        let alice = sim.person("alice");
        let message = alice.say("one").await;

        tokio::join!(alice.edit(message, "two"), alice.edit(message, "three"));

        let mut saw = seen.take();
        saw.sort_unstable();
        assert_eq!(saw, ["one -> two, now three", "two -> three, now three"]);
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_shed_is_kept_all_the_same() {
    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let bot = bot.max_in_hand(1).max_queued(0).add(handlers![slow]);
    let (sim, seen) = simulator(bot).await;
    let alice = sim.person("alice");
    let message = alice.say("one").await;

    tokio::join!(alice.edit(message, "two"), alice.edit(message, "three"));

    assert_eq!(sim.health().load().shed(), 1);
    seen.assert(&["one -> two, now three"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_an_event_that_waits_took_from_the_cache_counts_as_its_bytes() {
    #[listener]
    async fn lingers(_: &Context, message: &Deleted<Message>, seen: State<Seen>) {
        tokio::time::sleep(Duration::from_secs(5)).await;
        seen.note(message.value.is_some().to_string());
    }

    for (length, shed) in [(10, 0), (4_000, 1)] {
        let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
        let bot = bot.max_in_hand(1).max_queued_bytes(4_000);
        let (sim, seen) = simulator(bot.add(handlers![lingers])).await;
        let alice = sim.person("alice");
        let text = "a".repeat(length);
        let (one, two) = (alice.whisper(&*text).await, alice.whisper(&*text).await);

        tokio::join!(alice.delete(one), alice.delete(two));

        assert_eq!(sim.health().load().shed(), shed, "{length}");
        assert_eq!(seen.take().len(), if shed == 0 { 2 } else { 1 });
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_kept_and_cannot_be_read_is_told_of_once() {
    #[listener]
    async fn takes_all(_: &Context, _: &Updated<Role>, seen: State<Seen>) {
        seen.note("updated");
    }

    #[error_handler]
    async fn unreadable(_: &ErrorContext, error: &MalformedEvent, seen: State<Seen>) -> bool {
        seen.note(error.event().unwrap_or_default());
        true
    }

    type Set = fn(BotBuilder) -> BotBuilder;
    let unheard: Set = |bot| bot.cache(Resource::Roles);
    let heard: Set = |bot| bot.add(handlers![takes_all]);
    let in_order: Set = |bot| bot.add(handlers![takes_all]).in_order(Order::ByGuild);
    for set in [unheard, heard, in_order] {
        let bot = set(Bot::builder().add(handlers![unreadable]));
        let (sim, seen) = simulator(bot).await;

        sim.send_raw("GUILD_ROLE_UPDATE", r#"{"guild_id":"nobody's"}"#)
            .await;

        seen.assert(&["GUILD_ROLE_UPDATE"]);
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_people_wrote_is_in_no_debug_form() {
    #[listener]
    async fn shows(
        ctx: &Context,
        edit: &Updated<Message>,
        messages: Cached<Message>,
        seen: State<Seen>,
    ) {
        seen.note(format!("{edit:?} {messages:?} {ctx:?} {:?}", ctx.cache()));
    }

    #[listener]
    async fn deleted(ctx: &Context, gone: &Deleted<Message>, seen: State<Seen>) {
        seen.note(format!("{gone:?} {ctx:?}"));
    }

    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let (sim, seen) = simulator(bot.add(handlers![shows, deleted])).await;
    let alice = sim.person("alice");

    let message = alice.say("a secret").await;
    alice.edit(message, "another secret").await;
    alice.delete(message).await;

    let shown = seen.take().join(" ");
    assert!(shown.contains(&message.id().to_string()), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_health_of_a_bot_tells_how_much_is_kept() {
    let bot = Bot::builder().cache([Resource::Roles, Resource::Messages]);
    let (sim, _) = simulator(bot).await;
    let usage = || sim.health().cache();
    let before = usage();
    assert_eq!(before.len(), 2);
    assert_eq!((before[0].name(), before[0].entries()), ("roles", 2));
    assert_eq!((before[1].name(), before[1].entries()), ("messages", 0));
    assert_eq!(before[1].bytes(), 0);

    let alice = sim.person("alice");
    let short = alice.whisper("a").await;
    let of_short = usage()[1].bytes();
    alice.whisper("a".repeat(1_000)).await;

    let both = usage()[1];
    assert_eq!(both.entries(), 2);
    assert_eq!(both.bytes(), 2 * of_short + 999);
    alice.delete(short).await;
    assert_eq!(usage()[1].bytes(), of_short + 999);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_keeps_sessions_fills_its_cache_when_it_is_started_again() {
    #[error_handler]
    async fn lost(_: &ErrorContext, _: &SessionLost, seen: State<Seen>) -> bool {
        seen.note("lost");
        true
    }

    let seen = Seen::default();
    let file = std::env::temp_dir().join(format!("cordial-cache-{}", std::process::id()));
    let bot = || {
        looking(|ctx| ctx.cache().of::<Role>().unwrap().len().to_string())
            .cache(Resource::Roles)
            .session_store(FileStore::new(&file))
            .state(seen.clone())
            .add(handlers![lost])
    };
    let sim = Simulator::builder(bot()).member("alice").start().await;

    let sim = sim.restart(bot()).await;
    look(&sim).await;

    seen.assert(&["lost", "2"]);
    sim.stop().await;
    std::fs::remove_file(&file).ok();
}
