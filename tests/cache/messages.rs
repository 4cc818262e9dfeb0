//! Messages: as they were, as they are, and how many are kept.

use crate::*;

#[listener]
async fn edited(_: &Context, message: &Updated<Message>, seen: State<Seen>) {
    let was = before(message.before.as_ref(), |message| message.content.clone());
    seen.note(format!("{was} -> {}", message.after.content));
}

#[listener]
async fn deleted(_: &Context, message: &Deleted<Message>, seen: State<Seen>) {
    seen.note(before(message.value.as_ref(), |message| {
        message.content.clone()
    }));
}

#[listener]
async fn purged(_: &Context, deleted: &BulkDeleted, seen: State<Seen>) {
    let texts = deleted
        .messages
        .iter()
        .map(|message| before(message.value.as_ref(), |message| message.content.clone()));
    seen.note(texts.collect::<Vec<_>>().join(", "));
}

fn bot() -> BotBuilder {
    Bot::builder()
        .intents(Intents::MESSAGE_CONTENT)
        .add(handlers![edited, deleted, purged])
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_edited_is_seen_as_it_was_and_as_it_is() {
    let (sim, seen) = simulator(bot()).await;
    let alice = sim.person("alice");

    let message = alice.say("one").await;
    alice.edit(message, "two").await;
    alice.edit(message, "three").await;

    seen.assert(&["one -> two", "two -> three"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_deleted_is_seen_as_it_was() {
    let (sim, seen) = simulator(bot()).await;
    let alice = sim.person("alice");

    let message = alice.whisper("secret").await;
    alice.delete(message).await;

    seen.assert(&["secret"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_was_said_before_the_bot_was_there_is_not_made_up() {
    let (sim, seen) = simulator(bot()).await;
    let alice = sim.person("alice");

    let edited = alice.said(Duration::from_secs(60), "old");
    let deleted = alice.said(Duration::from_secs(50), "older");
    alice.edit(edited, "new").await;
    alice.edit(edited, "newer").await;
    alice.delete(deleted).await;

    seen.assert(&["? -> new", "new -> newer", "?"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn messages_deleted_at_once_are_one_event() {
    let (sim, seen) = simulator(bot()).await;
    let alice = sim.person("alice");
    let unknown = alice.said(Duration::from_secs(60), "old");
    let (one, two) = (alice.say("one").await, alice.say("two").await);

    let ids = [unknown.id(), one.id(), two.id()];
    let http = sim.http();
    http.delete_messages(one.channel_id(), &ids).await.unwrap();
    sim.settle().await;

    let texts = seen.take();
    assert_eq!(texts.len(), 1);
    let mut texts: Vec<_> = texts[0].split(", ").collect();
    texts.sort_unstable();
    assert_eq!(texts, ["?", "one", "two"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn no_more_messages_of_a_channel_are_kept_than_were_asked_for() {
    let (sim, seen) = simulator(bot().cache_messages(2, 100)).await;
    let alice = sim.person("alice");

    let mut said = Vec::new();
    for text in ["one", "two", "three"] {
        said.push(alice.say(text).await);
    }
    let elsewhere = alice.say_in("other", "four").await;
    for message in said.into_iter().chain([elsewhere]) {
        alice.delete(message).await;
    }

    seen.assert(&["?", "two", "three", "four"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn no_more_messages_are_kept_in_all_than_were_asked_for() {
    let (sim, seen) = simulator(bot().cache_messages(2, 3)).await;
    let alice = sim.person("alice");

    let mut said = Vec::new();
    for (channel, text) in [("a", "one"), ("b", "two"), ("a", "three"), ("b", "four")] {
        said.push(alice.say_in(channel, text).await);
    }
    assert_eq!(sim.health().cache()[0].entries(), 3);
    for message in said {
        alice.delete(message).await;
    }

    seen.assert(&["?", "two", "three", "four"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_messages_of_a_channel_go_with_it() {
    let bot = looking(|ctx| ctx.cache().of::<Message>().unwrap().len().to_string());
    let (sim, seen) = simulator(bot.cache(Resource::Messages)).await;
    let message = sim.person("alice").say_in("other", "one").await;

    look(&sim).await;
    let http = sim.http();
    http.delete_channel(message.channel_id()).await.unwrap();
    sim.settle().await;
    look(&sim).await;

    seen.assert(&["1", "0"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_session_forgets_messages_whose_deletion_may_have_been_missed() {
    let bot = looking(|ctx| ctx.cache().of::<Message>().unwrap().len().to_string());
    let (sim, seen) = simulator(bot.cache(Resource::Messages)).await;
    sim.person("alice").say("one").await;
    sim.person("alice").whisper("two").await;

    look(&sim).await;
    sim.invalidate_sessions();
    sim.settle().await;
    look(&sim).await;

    seen.assert(&["2", "0"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_resumed_session_forgets_nothing() {
    let (sim, seen) = simulator(bot()).await;
    let alice = sim.person("alice");
    let message = alice.say("one").await;

    sim.drop_connections();
    sim.settle().await;
    alice.edit(message, "two").await;

    seen.assert(&["one -> two"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_gets_what_was_before() {
    /// Wait for an edit.
    #[command]
    async fn watch(
        ctx: &CommandContext,
        _: Waits<Updated<Message>>,
        seen: State<Seen>,
    ) -> Result<()> {
        let edit = ctx.wait_for::<Updated<Message>>(|_| true);
        ctx.reply("Edit!").await?;
        if let Some(edit) = edit.timeout(Duration::from_secs(60)).await? {
            let was = before(edit.before.as_ref(), |message| message.content.clone());
            seen.note(was);
        }
        Ok(())
    }

    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let (sim, seen) = simulator(bot.add(handlers![watch])).await;
    let alice = sim.person("alice");

    let message = alice.say("one").await;
    alice.run("/watch").await;
    alice.edit(message, "two").await;

    seen.assert(&["one"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_for_what_is_not_kept_is_told_so() {
    #[listener]
    async fn waits(ctx: &Context, _: &TypingStart, seen: State<Seen>) {
        let failed = ctx.wait_for::<Updated<Message>>(|_| true).await;
        seen.note(
            failed
                .expect_err("nothing is kept")
                .is::<CacheOff>()
                .to_string(),
        );
    }

    let bot = Bot::builder().intents(Intents::GUILD_MESSAGES);
    let (sim, seen) = simulator(bot.add(handlers![waits])).await;

    look(&sim).await;

    seen.assert(&["true"]);
    sim.stop().await;
}

#[test]
fn a_cache_without_room_for_messages_is_a_mistake() {
    for (per_channel, in_all) in [(0, 1), (1, 0)] {
        let bot = Bot::builder().cache_messages(per_channel, in_all);

        let error = bot.build().expect_err("there is no room");

        assert_eq!(error.mistakes(), [Mistake::CacheWithoutRoom]);
    }
}
