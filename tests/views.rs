//! Views: listeners that take a part of an event.

use std::sync::{Arc, Mutex};

use cordial::exception::MalformedEvent;
use cordial::extract::Author;
use cordial::prelude::*;
use cordial::testing::{Feed, Simulator};
use cordial::twilight::model::gateway::event::EventType;
use cordial::twilight::model::id::marker::{ChannelMarker, GuildMarker};

/// What was said.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn add(&self, what: impl Into<String>) {
        self.0.lock().expect("no panic").push(what.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

#[derive(EventView)]
#[view(MessageCreate)]
struct Said<'a> {
    content: &'a str,
    channel_id: Id<ChannelMarker>,
    guild_id: Option<Id<GuildMarker>>,
    #[view(name = "type")]
    kind: u8,
    #[view(part)]
    author: Speaker<'a>,
}

#[derive(EventView)]
#[view(part)]
struct Speaker<'a> {
    username: &'a str,
    #[view(default)]
    bot: bool,
}

#[derive(EventView)]
#[view(MessageCreate)]
struct Owned {
    content: String,
}

/// Takes for a number what is text.
#[derive(EventView)]
#[view(MessageCreate)]
#[expect(dead_code, reason = "it cannot be read")]
struct Mistaken {
    content: u64,
}

#[listener]
async fn hears(_: &Context, said: &Said<'_>, heard: State<Heard>) {
    let Speaker { username, bot } = said.author;
    let place = (said.channel_id.get(), said.guild_id.map(Id::get), said.kind);
    heard.add(format!("{username} {bot} {place:?} {}", said.content));
}

#[listener]
async fn hears_owned(_: &Context, said: &Owned, heard: State<Heard>) {
    heard.add(format!("owned {}", said.content));
}

#[listener]
async fn hears_whole(_: &Context, message: &MessageCreate, heard: State<Heard>) {
    heard.add(format!("whole {}", message.content));
}

#[listener]
async fn hears_mistaken(_: &Context, _: &Mistaken) {}

/// Takes what only the whole event has.
#[listener]
async fn hears_author(ctx: &Context, said: &Said<'_>, author: Author, heard: State<Heard>) {
    let kind = ctx.event().map(Event::kind);
    heard.add(format!("{} {kind:?} {}", author.0.name, said.content));
}

#[listener]
async fn answers(ctx: &Context, said: &Said<'_>) -> Result<()> {
    if !said.author.bot {
        ctx.reply(said.content).await?;
    }
    Ok(())
}

#[error_handler]
async fn malformed(_: &ErrorContext, error: &MalformedEvent, heard: State<Heard>) -> bool {
    heard.add(error.to_string());
    true
}

fn message(sequence: u64, content: &str) -> String {
    format!(
        r#"{{"t":"MESSAGE_CREATE","s":{sequence},"op":0,"d":{{"id":"9","channel_id":"2","guild_id":"1","author":{{"id":"3","username":"alice","discriminator":"0","avatar":null}},"content":{content},"timestamp":"2026-01-01T00:00:00+00:00","edited_timestamp":null,"tts":false,"mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"pinned":false,"type":0}}}}"#
    )
}

/// Feeds a bot with messages of these contents, as JSON, and returns what was heard.
async fn fed(bot: BotBuilder, contents: &[&str]) -> Vec<String> {
    let heard = Heard::default();
    let mut feed = Feed::new(bot.state(heard.clone())).expect("a bot");
    for (number, content) in contents.iter().enumerate() {
        feed.message(&message(number as u64 + 1, content));
    }
    feed.settled().await;
    heard.all()
}

#[tokio::test(start_paused = true)]
async fn a_view_has_what_it_declares() {
    let bot = Bot::builder().add(handlers![hears]);

    let heard = fed(bot, &[r#""hello""#, r#""two\nlines \u00e9""#]).await;

    let expected = [
        "alice false (2, Some(1), 0) hello",
        "alice false (2, Some(1), 0) two\nlines é",
    ];
    assert_eq!(heard, expected);
}

#[tokio::test(start_paused = true)]
async fn views_and_listeners_of_the_whole_event_hear_the_same() {
    let bot = Bot::builder().add(handlers![hears_whole, hears_owned, hears]);

    let heard = fed(bot, &[r#""hello""#]).await;

    let expected = [
        "whole hello",
        "owned hello",
        "alice false (2, Some(1), 0) hello",
    ];
    assert_eq!(heard, expected);
}

#[tokio::test(start_paused = true)]
async fn the_whole_event_is_there_for_whoever_asks() {
    let bot = Bot::builder().add(handlers![hears_author]);

    let heard = fed(bot, &[r#""hello""#]).await;

    assert_eq!(heard, ["alice Some(MessageCreate) hello"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_of_another_form_fails_the_listener() {
    let bot = Bot::builder().add(handlers![hears_mistaken, hears_owned, malformed]);

    let heard = fed(bot, &[r#""secret""#]).await;

    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].contains("MESSAGE_CREATE"), "{heard:?}");
    assert!(!heard[0].contains("secret"), "{heard:?}");
    assert_eq!(heard[1], "owned secret");
}

#[tokio::test(start_paused = true)]
async fn a_view_can_be_answered() {
    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let sim = Simulator::start(bot.add(handlers![answers])).await;
    let alice = sim.join("alice").await;

    alice.say("hello").await;

    assert_eq!(sim.transcript().replies(), ["hello"]);
}

#[test]
fn a_view_asks_for_what_its_event_needs() {
    let bot = Bot::builder().state(Heard::default()).add(handlers![hears]);
    let bot = bot.build().expect("a bot");

    let messages = Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES;
    assert_eq!(bot.intents(), messages);
    assert!(bot.wanted().contains(EventType::MessageCreate));
}

#[tokio::test(start_paused = true)]
async fn events_in_parts_wait_by_turns_and_in_order_as_others_do() {
    let bot = Bot::builder()
        .max_in_hand(1)
        .in_order(cordial::dispatch::Order::ByChannel)
        .add(handlers![hears_owned]);

    let heard = fed(bot, &[r#""a""#, r#""b""#, r#""c""#]).await;

    assert_eq!(heard, ["owned a", "owned b", "owned c"]);
}
