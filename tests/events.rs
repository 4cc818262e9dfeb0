//! What a listener's signature asks for: the event, its intents, and the arguments after it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::context::Shard;
use cordial::event::{EventKinds, EventPayload, GatewayPayload, Occurrence, Part, Presence, View};
use cordial::outcome::Outcome;
use cordial::prelude::*;
use cordial::testing::{Log, Simulator, Transcript};
use cordial::twilight::model::gateway::event::EventType;

/// Builds a bot of some handlers.
fn built(handlers: Handlers) -> Bot {
    Bot::builder().add(handlers).build().expect("no mistake")
}

#[listener]
async fn joins(_: &Context, _: &MemberAdd) {}

#[listener]
async fn messages(_: &Context, _: &MessageCreate) {}

#[listener]
async fn guild_messages(_: &Context, _: &GuildMessage) {}

#[listener]
async fn direct_messages(_: &Context, _: &DirectMessage) {}

#[listener]
async fn reads(_: &Context, _: &GuildMessage, _: Content) {}

#[listener]
async fn everything(_: &Context, _: &Event) {}

// Intents and wanted events.

#[test]
fn intents_are_derived_from_signatures() {
    let both = Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES;
    for (handlers, expected) in [
        (handlers![], Intents::empty()),
        (handlers![joins], Intents::GUILD_MEMBERS),
        (handlers![messages], both),
        (handlers![guild_messages], Intents::GUILD_MESSAGES),
        (handlers![direct_messages], Intents::DIRECT_MESSAGES),
        (
            handlers![reads],
            Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT,
        ),
        (
            handlers![joins, direct_messages],
            Intents::GUILD_MEMBERS | Intents::DIRECT_MESSAGES,
        ),
    ] {
        assert_eq!(built(handlers).intents(), expected);
    }
}

#[test]
fn everything_is_all_that_needs_no_grant() {
    let intents = built(handlers![everything]).intents();

    assert!(!intents.contains(Intents::GUILD_MEMBERS));
    assert!(!intents.contains(Intents::GUILD_PRESENCES));
    assert!(!intents.contains(Intents::MESSAGE_CONTENT));
    assert!(intents.contains(Intents::GUILDS | Intents::GUILD_MESSAGE_TYPING));
}

#[test]
fn an_error_handlers_arguments_ask_for_intents_too() {
    #[error_handler]
    async fn quotes(_: &GuildMessage, _: &Failure, _: Content) -> bool {
        true
    }

    let bot = built(handlers![guild_messages, quotes]);

    assert_eq!(
        bot.intents(),
        Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT
    );
}

#[test]
fn intents_can_be_extended_or_replaced() {
    let extended = Bot::builder()
        .intents(Intents::GUILDS)
        .add(handlers![joins])
        .build();
    let only = Intents::GUILD_MEMBERS | Intents::GUILD_PRESENCES;
    let replaced = Bot::builder()
        .only_intents(only)
        .add(handlers![joins])
        .build();

    let extended = extended.expect("no mistake").intents();
    assert_eq!(extended, Intents::GUILDS | Intents::GUILD_MEMBERS);
    assert_eq!(replaced.expect("no mistake").intents(), only);
}

#[test]
fn wanted_events_are_derived_from_signatures_and_can_be_extended() {
    let derived = built(handlers![joins, reads]).wanted();
    let more = Bot::builder()
        .wants([EventType::TypingStart])
        .add(handlers![joins])
        .build();

    assert_eq!(
        derived.iter().collect::<Vec<_>>(),
        [EventType::MemberAdd, EventType::MessageCreate]
    );
    let more = more.expect("no mistake").wanted();
    assert!(more.contains(EventType::TypingStart) && more.contains(EventType::MemberAdd));
    assert_eq!(built(handlers![everything]).wanted(), EventKinds::ALL);
}

#[test]
fn direct_messages_have_their_text_without_an_intent() {
    #[listener]
    async fn reads_whispers(_: &Context, _: &DirectMessage, _: Content) {}

    assert_eq!(
        built(handlers![reads_whispers]).intents(),
        Intents::DIRECT_MESSAGES
    );
}

/// Notes which events it is told of.
#[derive(Default)]
struct Cache(Mutex<Vec<EventType>>);

impl cordial::outcome::Observer for Cache {
    fn received(&self, _: cordial::twilight::gateway::ShardId, event: &Event) {
        self.0.lock().expect("no panic").push(event.kind());
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_told_of_what_is_wanted_beyond_the_listeners() {
    let cache = Arc::new(Cache::default());
    let bot = Bot::builder()
        .intents(Intents::GUILDS)
        .wants([EventType::GuildCreate])
        .observer(Arc::clone(&cache) as _);
    let sim = Simulator::start(bot.add(handlers![joins])).await;
    sim.join("alice").await;
    sim.stop().await;

    let seen = cache.0.lock().expect("no panic").clone();
    assert_eq!(seen, [EventType::GuildCreate, EventType::MemberAdd]);
}

#[tokio::test(start_paused = true)]
async fn a_listener_of_everything_can_be_kept_to_some() {
    let bot = Bot::builder()
        .only_wants([EventType::MessageCreate])
        .add(handlers![everything]);
    let sim = Simulator::start(bot).await;
    sim.join("alice").await.say("hello").await;
    // Whoever reads this fails.
    sim.send_raw("TYPING_START", r#"{"no":"such event"}"#).await;

    let transcript = sim.stop().await;
    assert_eq!(transcript.invocations("everything").len(), 1);
    assert_eq!(transcript.reports().count(), 0, "{transcript}");
}

#[test]
fn a_payload_says_what_it_is() {
    assert_eq!(MemberAdd::KIND, EventType::MemberAdd);
    assert_eq!(MemberAdd::NAME, "MemberAdd");
    assert_eq!(GuildMessage::NAME, "InGuild<MessageCreate>");
}

// What is read.

#[tokio::test(start_paused = true)]
async fn an_event_that_nobody_wants_is_never_read() {
    let sim = Simulator::start(Bot::builder().intents(Intents::all()).add(handlers![joins])).await;

    // Whoever reads this as what it says it is fails.
    sim.send_raw("TYPING_START", r#"{"no":"such event"}"#).await;
    sim.send_raw("MESSAGE_CREATE", "5").await;
    sim.send_raw("A_NEW_EVENT", r#"{"of":"tomorrow"}"#).await;

    let transcript = sim.stop().await;
    assert_eq!(transcript.reports().count(), 0, "{transcript}");
}

#[tokio::test(start_paused = true)]
async fn a_narrow_event_is_handed_over_only_where_it_is_from() {
    let bot = Bot::builder().add(handlers![messages, guild_messages, direct_messages]);
    let sim = Simulator::start(bot).await;

    sim.join("alice").await.say("hello").await;
    let in_guild = sim.transcript();
    sim.person("alice").whisper("hello").await;

    let both = sim.stop().await;
    let count = |transcript: &Transcript, name| transcript.invocations(name).len();
    assert_eq!(count(&in_guild, "guild_messages"), 1);
    assert_eq!(count(&in_guild, "direct_messages"), 0);
    assert_eq!(count(&both, "guild_messages"), 1);
    assert_eq!(count(&both, "direct_messages"), 1);
    assert_eq!(count(&both, "messages"), 2);
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_for_a_narrow_event_is_asked_only_there() {
    #[derive(Debug, thiserror::Error, Exception)]
    #[error("a problem")]
    struct Problem;

    #[listener]
    async fn fails(_: &Context, _: &MessageCreate) -> Result<()> {
        Err(Problem.into())
    }

    #[error_handler]
    async fn in_guild(_: &GuildMessage, _: &Problem) -> bool {
        true
    }

    let sim = Simulator::start(Bot::builder().add(handlers![fails, in_guild])).await;
    let alice = sim.join("alice").await;
    alice.say("hello").await;
    sim.transcript().assert_handled_by("fails", "in_guild");
    alice.whisper("hello").await;

    sim.stop().await.assert_unhandled("fails");
}

#[tokio::test(start_paused = true)]
async fn a_listener_of_everything_hears_everything() {
    let sim = Simulator::start(Bot::builder().add(handlers![everything])).await;

    sim.join("alice").await.say("hello").await;

    let transcript = sim.stop().await;
    let heard: Vec<_> = transcript
        .invocations("everything")
        .iter()
        .filter_map(|it| it.event)
        .collect();
    for kind in [
        EventType::Ready,
        EventType::GuildCreate,
        EventType::MessageCreate,
    ] {
        assert!(heard.contains(&kind), "{heard:?}");
    }
}

// Arguments.

#[tokio::test(start_paused = true)]
async fn a_listener_takes_who_and_where() {
    #[derive(Default)]
    struct Seen(Mutex<String>);

    #[expect(clippy::too_many_arguments, reason = "all that there are")]
    #[listener]
    async fn takes(
        ctx: &Context,
        message: &MessageCreate,
        Author(author): Author,
        author_id: AuthorId,
        guild: Option<GuildId>,
        channel: ChannelId,
        content: Option<Content>,
        shard: Shard,
        http: Http,
        seen: State<Seen>,
    ) {
        assert_eq!(author.id, message.author.id);
        assert_eq!(*author_id, message.author.id);
        assert_eq!(guild.map(|guild| *guild), message.guild_id);
        assert_eq!(*channel, message.channel_id);
        assert_eq!(shard.id(), ctx.shard().id());
        assert!(http.current_user().await.is_ok());
        *seen.0.lock().expect("no panic") = content.expect("its text").to_string();
    }

    let sim = Simulator::start(Bot::builder().state(Seen::default()).add(handlers![takes])).await;
    let alice = sim.join("alice").await;
    alice.say("in the guild").await;
    alice.whisper("in private").await;

    let transcript = sim.stop().await;
    assert_eq!(transcript.invocations("takes").len(), 2);
    transcript.assert_completed("takes");
    assert_eq!(transcript.reports().count(), 0, "{transcript}");
}

#[test]
fn the_text_of_a_message_is_not_for_logs() {
    let content = Content("a secret".to_owned());

    assert_eq!(content, "a secret");
    assert!(!format!("{content:?}").contains("secret"));
}

#[tokio::test(start_paused = true)]
async fn plain_functions_are_listeners_too() {
    async fn plain(_: &Context, _: &MemberAdd) {}

    async fn with_arguments(
        _: &Context,
        _: &MemberAdd,
        _: AuthorId,
        _: GuildId,
    ) -> anyhow::Result<()> {
        Ok(())
    }

    let bot = Bot::builder()
        .listener(plain)
        .listener(with_arguments)
        .listener(Listener::new(plain).name("plain again"));
    let sim = Simulator::start(bot).await;
    sim.join("alice").await;

    let transcript = sim.stop().await;
    transcript.assert_completed("plain");
    transcript.assert_completed("with_arguments");
    transcript.assert_completed("plain again");
}

#[tokio::test]
async fn a_function_with_an_attribute_can_still_be_called() {
    #[error_handler(when = |_| false)]
    async fn says(_: &MemberAddLike, _: &std::fmt::Error) -> bool {
        true
    }

    type MemberAddLike = ErrorContext;

    fn is_a_function(_: impl AsyncFn(&ErrorContext, &std::fmt::Error) -> bool) {}

    is_a_function(says);
}

// Start-up.

#[tokio::test(start_paused = true)]
async fn at_the_start_it_is_told_which_listener_asked_for_what() {
    let log = Log::listen(tracing::Level::INFO);

    Simulator::start(Bot::builder().add(handlers![joins, reads]))
        .await
        .stop()
        .await;

    let log = log.text();
    let line = |listener: &str| {
        let told = format!("listener={listener} ");
        log.lines()
            .find(|line| line.contains(&told))
            .unwrap_or_else(|| panic!("{log}"))
            .to_owned()
    };
    let joins = line("joins");
    assert!(
        joins.contains("event=\"MemberAdd\"") && joins.contains("GUILD_MEMBERS"),
        "{joins}"
    );
    let reads = line("reads");
    assert!(
        reads.contains("GUILD_MESSAGES | MESSAGE_CONTENT"),
        "{reads}"
    );
}

#[test]
fn a_handler_may_stand_below_a_condition() {
    #[listener]
    #[cfg(not(test))]
    async fn never(_: &Context, _: &NoSuchEvent) {}

    #[error_handler]
    #[cfg(test)]
    async fn always(_: &ErrorContext, _: &Failure) -> bool {
        true
    }

    assert_eq!(built(handlers![always]).error_handlers().len(), 1);
}

/// An event of the author's whose type has a bug.
struct Buggy;

impl EventPayload for Buggy {
    const NAME: &'static str = "Buggy";

    fn kinds() -> EventKinds {
        <MessageCreate as EventPayload>::kinds()
    }

    fn intents() -> Intents {
        <MessageCreate as EventPayload>::intents()
    }

    fn matches(_: &Occurrence) -> bool {
        panic!("what is it?")
    }

    fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
        Self::matches(occurrence).then(|| View::Owned(Box::new(Self)))
    }

    fn carries(_: Part) -> Presence {
        Presence::Never
    }
}

#[tokio::test(start_paused = true)]
async fn a_type_that_panics_is_a_failure_of_its_handlers_alone() {
    #[listener]
    async fn takes_it(_: &Context, _: &Buggy) {}

    #[listener]
    async fn waits_for_it(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if message.content == "one" {
            let waiting = ctx.wait_for::<Buggy>(|_| true);
            drop(waiting.timeout(Duration::from_secs(5)).await);
        }
        Ok(())
    }

    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let bot = bot.add(handlers![takes_it, waits_for_it, messages]);
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;

    alice.say("one").await;
    alice.say("two").await;

    let transcript = sim.stop().await;
    let failed = transcript.invocations("takes_it").into_iter();
    let failed = failed.filter(|one| matches!(one.outcome, Outcome::Unhandled { .. }));
    assert_eq!(failed.count(), 2);
    assert_eq!(transcript.invocations("messages").len(), 2);
    assert_eq!(transcript.invocations("waits_for_it").len(), 2);
}
