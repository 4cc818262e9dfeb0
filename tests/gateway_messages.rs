//! What can be wrong with what the gateway says, and what becomes of it: the faults G8 to G39 of
//! `docs/reliability.md` that lie with a message, by their numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cordial::event::payloads::RateLimited;
use cordial::exception::MalformedEvent;
use cordial::prelude::*;
use cordial::testing::{GatewayFault, Log, Simulator, UNKNOWN_EVENTS};
use cordial::twilight::model::gateway::payload::outgoing::RequestGuildMembers;
use tokio::time::{advance, sleep};

/// How many events were heard.
#[derive(Clone, Default)]
struct Heard(Arc<AtomicUsize>);

impl Heard {
    fn one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how many were since it was last asked.
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

#[listener]
async fn hears(_: &Context, _: &MessageCreate, heard: State<Heard>) {
    heard.one();
}

#[listener]
async fn uses(_: &Context, _: &InteractionCreate, heard: State<Heard>) {
    heard.one();
}

/// A bot that counts what it hears, on a simulator.
struct Rig {
    sim: Simulator,
    heard: Heard,
}

impl Rig {
    async fn new() -> Self {
        let heard = Heard::default();
        let bot = Bot::builder().state(heard.clone());
        let sim = Simulator::builder(bot.add(handlers![hears, uses])).member("alice");
        Self {
            sim: sim.start().await,
            heard,
        }
    }

    /// Returns what could not be read so far: each event by its name and its number.
    fn unread(&self) -> Vec<(Option<String>, Option<u64>)> {
        let transcript = self.sim.transcript();
        let failures = transcript.reports().filter_map(|report| {
            let error = report.failure.find::<MalformedEvent>()?;
            Some((error.event().map(str::to_owned), error.sequence()))
        });
        failures.collect()
    }

    /// Asserts that the bot hears what is said, over the connection that it always had.
    async fn assert_unmoved(&self, case: &str) {
        self.heard.take();
        self.sim.person("alice").say("hello").await;

        assert_eq!(self.heard.take(), 1, "{case}");
        assert_eq!(self.sim.connections().len(), 1, "{case}");
        self.sim.assert_nothing_lost();
    }
}

#[tokio::test(start_paused = true)]
async fn g5_time_that_passed_unnoticed_costs_no_connection() {
    for seconds in [30, 60, 600, 3_600] {
        let rig = Rig::new().await;
        // A heartbeat is on its way, or its answer.
        sleep(Duration::from_secs(100)).await;

        advance(Duration::from_secs(seconds)).await;
        sleep(Duration::from_secs(90)).await;

        rig.sim.person("alice").say("hello").await;
        assert_eq!(rig.heard.take(), 1, "{seconds}");
        assert_eq!(rig.sim.connections().len(), 1, "{seconds}");
    }
}

#[tokio::test(start_paused = true)]
async fn g8_a_sign_of_life_is_given_when_it_is_asked_for() {
    let rig = Rig::new().await;
    for _ in 0..3 {
        let heartbeats = || rig.sim.connections()[0].heartbeats();
        let before = heartbeats();

        rig.sim.ask_for_heartbeat();
        sleep(Duration::from_secs(1)).await;

        assert!(heartbeats() > before);
    }
    rig.assert_unmoved("asked").await;
}

#[tokio::test(start_paused = true)]
async fn g18_what_is_no_message_is_passed_over() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "hello",
        r#"{"op":"#,
        r#"{"op":"x","d":null}"#,
        r#"{"op":-1,"d":null}"#,
        r#"{"op":1.5,"d":null}"#,
        r#"{"op":255,"d":null}"#,
        r#"{"op":100000000000000000000,"d":null}"#,
        r#"{"d":{}}"#,
        r#"{"op":0}"#,
        r#"{"op":0,"d":{}}"#,
        r#"{"t":"MESSAGE_CREATE","op":0,"d":{}}"#,
        r#"{"t":5,"s":"x","op":0,"d":{}}"#,
        r#"{"t":"MESSAGE_CREATE","s":-1,"op":0,"d":{}}"#,
        r#"{"op":11,"d":"x","s":"x","t":[]}"#,
    ] {
        let rig = Rig::new().await;

        rig.sim.misbehave(GatewayFault::text(text));

        rig.assert_unmoved(text).await;
    }
    for fault in [
        GatewayFault::malformed_json(),
        GatewayFault::unknown_op(),
        GatewayFault::binary(*b"\0\x01"),
    ] {
        let rig = Rig::new().await;

        rig.sim.misbehave(fault.clone());

        rig.assert_unmoved(&format!("{fault:?}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn g18_what_is_no_message_is_told_of_once() {
    for text in [
        "",
        "hello",
        "{}",
        r#"{"op":"x","d":null}"#,
        r#"{"op":255,"d":null}"#,
        r#"{"op":0,"d":{}}"#,
    ] {
        let rig = Rig::new().await;
        rig.sim.misbehave(GatewayFault::text(text));

        rig.sim.person("alice").say("hello").await;

        assert_eq!(rig.unread().len(), 1, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn g18_an_event_without_its_number_or_its_type_is_told_of_and_costs_nothing_else() {
    for fault in [
        GatewayFault::without_sequence(),
        GatewayFault::without_type(),
    ] {
        let rig = Rig::new().await;
        rig.sim.misbehave(fault.clone());
        rig.sim.person("alice").say("hello").await;
        // The simulator does not wait for what cannot be understood.
        sleep(Duration::from_secs(1)).await;

        assert_eq!(rig.unread().len(), 1, "{fault:?}");
        rig.assert_unmoved(&format!("{fault:?}")).await;
    }
}

/// What can be wrong with a message: the place, and the JSON that stands there, if any does.
const WRONG: [(&str, Option<&str>); 12] = [
    ("/id", None),
    ("/id", Some("\"0\"")),
    ("/id", Some("\"abc\"")),
    ("/id", Some("-1")),
    ("/channel_id", Some("{}")),
    ("/author", None),
    ("/author", Some("[]")),
    ("/author/id", Some("1.5")),
    ("/content", Some("5")),
    ("/timestamp", Some("\"yesterday\"")),
    ("/type", Some("256")),
    ("/mention_roles", None),
];

fn changed(pointer: &str, json: Option<&str>) -> GatewayFault {
    let fault = match json {
        Some(json) => GatewayFault::changed_field(pointer, json),
        None => GatewayFault::missing_field(pointer),
    };
    fault.only("MESSAGE_CREATE")
}

#[tokio::test(start_paused = true)]
async fn g19_an_event_that_cannot_be_read_is_told_of_once_without_what_it_says() {
    let log = Log::listen(tracing::Level::TRACE);
    for (pointer, json) in WRONG {
        let rig = Rig::new().await;
        rig.sim.misbehave(changed(pointer, json));

        rig.sim.person("alice").say("my password").await;

        let case = format!("{pointer} {json:?}");
        let event = rig.sim.sent().pop().expect("an event");
        let unread = (Some("MESSAGE_CREATE".to_owned()), Some(event.sequence()));
        assert_eq!(rig.unread(), [unread], "{case}");
        assert_eq!(rig.heard.take(), 0, "{case}");
        rig.assert_unmoved(&case).await;
    }
    assert!(!log.text().contains("my password"), "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn g22_a_value_that_nobody_knows_is_heard_or_told_of_and_never_lost() {
    for (pointer, json) in [
        ("/type", "255"),
        ("/type", "99"),
        ("/flags", "18446744073709551615"),
        ("/author/public_flags", "18446744073709551615"),
        ("/components", r#"[{"type":99}]"#),
        (
            "/components",
            r#"[{"type":1,"components":[{"type":2,"style":99,"label":"x"}]}]"#,
        ),
        ("/embeds", "[{}]"),
        ("/embeds", r#"[{"type":"hologram"}]"#),
        ("/attachments", "[{}]"),
        ("/message_snapshots", "[{}]"),
        ("/poll", "{}"),
        ("/activity", r#"{"type":99}"#),
        (
            "/sticker_items",
            r#"[{"id":"1","name":"x","format_type":99}]"#,
        ),
        ("/nonce", "5"),
        ("/nobody_knows", "{}"),
        ("/guild_id", "null"),
        ("/webhook_id", "\"x\""),
    ] {
        let rig = Rig::new().await;
        rig.sim.misbehave(changed(pointer, Some(json)));

        rig.sim.person("alice").say("hello").await;

        let case = format!("{pointer} {json}");
        assert_eq!(rig.heard.take() + rig.unread().len(), 1, "{case}");
        rig.assert_unmoved(&case).await;
    }
}

#[tokio::test(start_paused = true)]
async fn g22_an_interaction_that_nobody_knows_is_heard_or_told_of_and_never_lost() {
    let known = r#"{"id":"1","application_id":"1","type":2,"token":"x","version":1,
        "attachment_size_limit":1,"locale":"en-US","entitlements":[],
        "authorizing_integration_owners":{},
        "user":{"id":"1","username":"alice","discriminator":"0","avatar":null},
        "data":{"id":"1","name":"roll","type":1,"options":[{"name":"x","type":3,"value":"x"}]}}"#;
    for (from, to) in [
        ("", ""),
        (r#""type":2,"#, r#""type":99,"#),
        (r#""type":1,"#, r#""type":99,"#),
        (r#""type":3,"#, r#""type":50,"#),
        (r#""value":"x""#, r#""value":{}"#),
        (r#""en-US""#, r#""xx-XX""#),
        (r#""version":1"#, r#""version":2"#),
        (r#""token":"x","#, ""),
        (r#""data":{"#, r#""datum":{"#),
        (r#""user":{"#, r#""person":{"#),
    ] {
        let rig = Rig::new().await;

        rig.sim
            .send_raw("INTERACTION_CREATE", &known.replace(from, to))
            .await;

        assert_eq!(rig.heard.take() + rig.unread().len(), 1, "{to}");
        rig.assert_unmoved(to).await;
    }
}

#[tokio::test(start_paused = true)]
async fn g20_an_event_that_twilight_does_not_know_costs_nothing() {
    let rig = Rig::new().await;
    for (name, data) in UNKNOWN_EVENTS {
        rig.sim.send_raw(name, data).await;
        rig.sim.send_raw("SIMULATED_EVENT", data).await;
        rig.sim.send_raw("", data).await;
    }

    assert!(rig.unread().is_empty());
    rig.assert_unmoved("unknown").await;
}

#[tokio::test(start_paused = true)]
async fn g21_who_asks_for_too_many_members_is_told() {
    #[listener]
    async fn asks(ctx: &Context, joined: &MemberAdd) -> Result<()> {
        let all = RequestGuildMembers::builder(joined.guild_id).query("", None);
        ctx.shard().command(&all)?;
        Ok(())
    }

    #[listener]
    async fn is_told(_: &Context, _: &RateLimited, heard: State<Heard>) {
        heard.one();
    }

    let heard = Heard::default();
    let bot = Bot::builder().state(heard.clone());
    let sim = Simulator::start(bot.add(handlers![asks, is_told])).await;
    let limited = GatewayFault::members_rate_limited(Duration::from_secs(30));
    sim.misbehave(limited);

    sim.join("alice").await;
    sleep(Duration::from_secs(1)).await;
    sim.settle().await;

    let sent = sim.sent().pop().expect("an event");
    assert_eq!(sent.event(), "RATE_LIMITED");
    // It is heard, or it is told of that it cannot be read.
    assert_eq!((sent.invocations(), sent.ended()), (1, 1));
    assert_eq!(sim.connections().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn g23_what_is_nested_however_deep_breaks_nothing() {
    for depth in [200, 20_000] {
        let nested = "[".repeat(depth) + &"]".repeat(depth);
        let rig = Rig::new().await;
        for fault in [
            GatewayFault::nested_event(depth),
            GatewayFault::text("[".repeat(depth)),
            GatewayFault::text(&nested),
            GatewayFault::text(r#"{"op":0,"d":"#.to_owned() + &nested),
            GatewayFault::text(format!(r#"{{"op":{nested},"d":null}}"#)),
            GatewayFault::text(format!(r#"{{"op":99,"d":{nested}}}"#)),
        ] {
            rig.sim.misbehave(fault);
            rig.sim.person("alice").say("hello").await;

            assert!(rig.heard.take() <= 1);
            rig.assert_unmoved(&depth.to_string()).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn g23_a_field_that_is_nested_too_deep_is_told_of() {
    for depth in [100, 200] {
        let nested = "[".repeat(depth) + &"]".repeat(depth);
        for pointer in ["/content", "/embeds", "/components", "/author"] {
            let rig = Rig::new().await;
            let data = format!(r#"{{"id":"5","{}":{nested}}}"#, &pointer[1..]);

            rig.sim.send_raw("MESSAGE_CREATE", &data).await;

            assert_eq!(rig.unread().len(), 1, "{pointer} {depth}");
            rig.assert_unmoved(pointer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn g39_thousands_of_guilds_come_and_go_and_each_is_heard_of() {
    #[listener]
    async fn comes(_: &Context, _: &GuildCreate, heard: State<Heard>) {
        heard.one();
    }

    #[listener]
    async fn goes(_: &Context, gone: &GuildDelete, heard: State<Heard>) {
        assert_eq!(gone.unavailable, Some(true));
        heard.one();
    }

    let heard = Heard::default();
    let bot = Bot::builder().state(heard.clone());
    let sim = Simulator::start(bot.add(handlers![comes, goes])).await;
    heard.take();

    sim.flood_of_guilds(2_500, 2_000).await;
    assert_eq!(heard.take(), 2_500);
    sim.flood_of_outages(2_500).await;
    assert_eq!(heard.take(), 2_500);
    sim.misbehave(GatewayFault::cut_event(3_000));
    sim.flood_of_guilds(2_500, 2_000).await;
    assert_eq!(heard.take(), 2_500);

    assert_eq!(sim.connections().len(), 2);
    sim.assert_nothing_lost();
    sim.stop().await.assert_completed("goes");
}
