//! What is told of the connections themselves: to listeners, to whoever asks for the health of the bot, and
//! of events that nobody can read. Faults have their numbers in the catalogue.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose own locks are poisoned fails"
)]
use std::collections::VecDeque;
use std::error::Error;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::bot::ShardThreads;
use cordial::event::{
    ConnectionEvent, RawEvent, SequenceGap, ShardLost, ShardReady, ShardResumed, ShardsRecommended,
};
use cordial::exception::{MalformedEvent, SessionsExhausted};
use cordial::health::{Health, ShardState};
use cordial::prelude::*;
use cordial::testing::{ConnectionRecord, GatewayFault, Received, Simulator, Transcript};
use cordial::twilight::model::gateway::OpCode;
use cordial::twilight::model::gateway::payload::outgoing::{RequestGuildMembers, UpdatePresence};
use cordial::twilight::model::gateway::presence::{
    Activity, ActivityType, MinimalActivity, Status,
};
use tokio::time::sleep;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What a listener was told.
struct Told<T>(Arc<Mutex<VecDeque<T>>>);

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Told<T> {
    fn push(&self, told: T) {
        self.0.lock().unwrap().push_back(told);
    }

    fn next(&self) -> Option<T> {
        self.0.lock().unwrap().pop_front()
    }
}

#[listener]
async fn of_connections(_: &Context, event: &ConnectionEvent, told: State<Told<ConnectionEvent>>) {
    if !matches!(event, ConnectionEvent::Latency(_)) {
        told.push(event.clone());
    }
}

#[listener]
async fn raw(_: &Context, event: &RawEvent, told: State<Told<RawEvent>>) {
    told.push(event.clone());
}

#[listener]
async fn hears(_: &Context, _: &MessageCreate) {}

/// Returns the failures of a kind that were told of.
fn failures<E: Error + Clone + Send + Sync + 'static>(transcript: &Transcript) -> Vec<E> {
    let reports = transcript.reports();
    reports
        .filter_map(|report| report.failure.find::<E>().cloned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn listeners_are_told_of_sessions_that_begin_end_and_go_on() {
    let told = Told::<ConnectionEvent>::default();
    let bot = Bot::builder().state(told.clone());
    let sim = Simulator::start(bot.add(handlers![of_connections, hears])).await;
    let alice = sim.join("alice").await;
    assert!(matches!(
        told.next(),
        Some(ConnectionEvent::Ready(ShardReady { .. }))
    ));

    sim.drop_connections();
    alice.say("hello").await;
    sleep(secs(10)).await;

    let Some(ConnectionEvent::Lost(lost)) = told.next() else {
        panic!("it was lost");
    };
    assert!(lost.resumes, "{lost:?}");
    let Some(ConnectionEvent::Resumed(ShardResumed { replayed, .. })) = told.next() else {
        panic!("it was resumed");
    };
    assert_eq!(replayed, 1);
    assert_eq!(told.next(), None);
}

#[tokio::test(start_paused = true)]
async fn a_listener_may_take_one_sort_of_what_happens_to_connections() {
    #[listener]
    async fn lost(_: &Context, event: &ShardLost, told: State<Told<ShardLost>>) {
        told.push(event.clone());
    }
    let told = Told::<ShardLost>::default();
    let bot = Bot::builder().state(told.clone()).add(handlers![lost]);
    let sim = Simulator::start(bot).await;

    sim.close_connections(4009);
    sleep(secs(10)).await;

    let lost = told.next().expect("it was lost");
    assert_eq!((lost.code, lost.resumes), (Some(4009), false));
    assert!(told.next().is_none());
}

#[tokio::test(start_paused = true)]
async fn g4_a_gateway_that_answers_no_sign_of_life_is_left_although_it_sends_events() {
    let told = Told::<ConnectionEvent>::default();
    let bot = Bot::builder().state(told.clone());
    let sim = Simulator::start(bot.add(handlers![of_connections, hears])).await;
    let alice = sim.join("alice").await;
    told.next();
    sim.misbehave(GatewayFault::no_ack().lasting(secs(300)));

    for _ in 0..30 {
        alice.say("hello").await;
        sleep(secs(10)).await;
    }

    let Some(ConnectionEvent::Lost(lost)) = told.next() else {
        panic!("it was left");
    };
    assert_eq!(lost.why, "the gateway did not acknowledge a heartbeat");
    assert!(lost.resumes);
    assert_eq!(sim.stop().await.reports().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn g12_somebody_is_told_when_few_sessions_are_left() {
    let bot = Bot::builder().add(handlers![hears]);
    let day = secs(24 * 3600);
    let sim = Simulator::builder(bot).session_starts(2, 1000, day);
    let sim = sim.start().await;

    sim.invalidate_sessions();
    sleep(day).await;
    sim.join("alice").await.say("hello").await;

    let exhausted = failures::<SessionsExhausted>(&sim.stop().await);
    assert_eq!(exhausted.len(), 1);
    assert_eq!(exhausted[0].remaining(), 1);
    assert!(exhausted[0].wait() > secs(3600), "{:?}", exhausted[0]);
}

#[tokio::test(start_paused = true)]
async fn g19_an_event_that_cannot_be_read_is_told_of_and_shown_as_it_came() {
    let told = Told::<RawEvent>::default();
    let bot = Bot::builder().state(told.clone());
    let sim = Simulator::start(bot.add(handlers![raw, hears])).await;
    let alice = sim.join("alice").await;
    sim.misbehave(GatewayFault::text(
        r#"{"op":0,"s":1000,"t":"MESSAGE_CREATE","d":{"content":"a secret"}}"#,
    ));

    alice.say("hello").await;
    sleep(secs(1)).await;

    let event = told.next().expect("it is shown");
    assert_eq!(
        (event.name(), event.sequence(), event.is_known()),
        (Some("MESSAGE_CREATE"), Some(1000), true)
    );
    assert!(event.json().contains("a secret"));
    assert!(!format!("{event:?}").contains("a secret"));
    let malformed = failures::<MalformedEvent>(&sim.stop().await);
    assert_eq!(malformed.len(), 1);
    assert_eq!(malformed[0].sequence(), Some(1000));
    assert!(!malformed[0].to_string().contains("a secret"));
}

#[tokio::test(start_paused = true)]
async fn g20_an_event_that_twilight_does_not_know_reaches_a_raw_listener_and_is_counted() {
    #[derive(serde::Deserialize)]
    struct Status {
        status: String,
    }
    let told = Told::<RawEvent>::default();
    let bot = Bot::builder().state(told.clone());
    let sim = Simulator::start(bot.add(handlers![raw, hears])).await;
    let alice = sim.join("alice").await;
    sim.misbehave(GatewayFault::text(
        r#"{"op":0,"s":1000,"t":"VOICE_CHANNEL_STATUS_UPDATE","d":{"status":"live"}}"#,
    ));

    alice.say("hello").await;
    sleep(secs(1)).await;

    let event = told.next().expect("it is shown");
    assert!(!event.is_known());
    assert_eq!(event.data::<Status>().unwrap().status, "live");
    assert_eq!(sim.stop().await.reports().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn g28_numbers_that_are_missing_are_told_of() {
    let told = Told::<ConnectionEvent>::default();
    let bot = Bot::builder().state(told.clone());
    let sim = Simulator::start(bot.add(handlers![of_connections, hears])).await;
    let alice = sim.join("alice").await;
    told.next();
    sim.misbehave(GatewayFault::skipped_event());

    drop(alice.say("unheard"));
    alice.say("lost").await;
    alice.say("hello").await;

    let Some(ConnectionEvent::Gap(SequenceGap { from, to, .. })) = told.next() else {
        panic!("one is missing");
    };
    assert_eq!(to, from + 2);
    assert_eq!(sim.connections().len(), 1, "nobody connects again for that");
}

fn presence(status: Status) -> Result<UpdatePresence> {
    let activity = MinimalActivity {
        kind: ActivityType::Playing,
        name: "chess".to_owned(),
        url: None,
    };
    Ok(UpdatePresence::new(
        [Activity::from(activity)],
        false,
        None,
        status,
    )?)
}

#[tokio::test(start_paused = true)]
async fn g36_commands_wait_for_room_and_of_presences_the_last_is_sent() {
    #[listener]
    async fn sends(ctx: &Context, joined: &MemberAdd) -> Result<()> {
        for nonce in 0..300_u32 {
            let ask = RequestGuildMembers::builder(joined.guild_id).nonce(nonce.to_string());
            ctx.shard().command(&ask.query("", None))?;
            let status = if nonce == 299 {
                Status::DoNotDisturb
            } else {
                Status::Idle
            };
            ctx.shard().command(&presence(status)?)?;
        }
        Ok(())
    }
    let sim = Simulator::start(Bot::builder().add(handlers![sends])).await;

    sim.join("alice").await;
    sleep(secs(300)).await;

    let connections = sim.connections();
    assert_eq!(connections.len(), 1, "Discord closes what sends too much");
    let sent = connections[0].received().iter();
    let ops = sent.filter_map(|(_, received)| match received {
        Received::Other(op) => Some(*op),
        _ => None,
    });
    let ops: Vec<_> = ops.collect();
    let count = |op: OpCode| ops.iter().filter(|sent| **sent == op as u64).count();
    assert_eq!(count(OpCode::RequestGuildMembers), 300);
    assert!(count(OpCode::PresenceUpdate) < 5);
}

#[tokio::test(start_paused = true)]
async fn a_new_session_begins_with_the_last_presence() {
    #[listener]
    async fn hides(ctx: &Context, _: &MemberAdd) -> Result<()> {
        ctx.shard().command(&presence(Status::Invisible)?)?;
        Ok(())
    }
    let sim = Simulator::start(Bot::builder().add(handlers![hides])).await;
    sim.join("alice").await;

    sim.invalidate_sessions();
    sleep(secs(60)).await;

    let connections = sim.connections();
    let identify = connections[1]
        .received()
        .iter()
        .find_map(|(_, received)| match received {
            Received::Identify { status, .. } => Some(status.clone()),
            _ => None,
        });
    assert_eq!(identify.flatten().as_deref(), Some("invisible"));
}

#[tokio::test(start_paused = true)]
async fn g40_another_number_of_shards_is_told_of_and_not_taken() {
    let told = Told::<ConnectionEvent>::default();
    let bot = Bot::builder().state(told.clone());
    let sim = Simulator::start(bot.add(handlers![of_connections])).await;
    sleep(secs(2 * 3600)).await;
    told.next();
    sim.misbehave(GatewayFault::connection_info(
        r#"{"url":"wss://gateway.discord.gg","shards":4,"session_start_limit":{"total":1000,"remaining":900,"reset_after":60000,"max_concurrency":1}}"#,
    ));

    sim.invalidate_sessions();
    sleep(secs(60)).await;

    assert!(matches!(told.next(), Some(ConnectionEvent::Lost(_))));
    let shards = told.next();
    let Some(ConnectionEvent::Shards(ShardsRecommended {
        now: 1,
        recommended: 4,
        ..
    })) = shards
    else {
        panic!("it is told of: {shards:?}");
    };
    assert_eq!(sim.connections().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_health_of_a_bot_says_what_its_shards_do() {
    #[listener]
    async fn looks(ctx: &Context, _: &MessageCreate, told: State<Told<Health>>) {
        told.push(ctx.health().clone());
    }
    let told = Told::<Health>::default();
    let bot = Bot::builder().state(told.clone()).add(handlers![looks]);
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;

    alice.say("hello").await;
    sleep(secs(120)).await;

    let health = told.next().expect("it was looked at");
    assert!(health.is_well());
    let shard = &health.shards()[0];
    assert_eq!(shard.state(), ShardState::Active);
    assert_eq!((shard.sessions(), shard.connections()), (1, 1));
    assert!(shard.silence().expect("it has heard") >= secs(119));
    assert!(shard.latency().is_some());

    sim.misbehave(GatewayFault::no_hello());
    sim.drop_connections();
    sleep(secs(5)).await;
    assert!(!health.is_well());
    sleep(secs(60)).await;
    assert!(health.is_well());
    assert_eq!(health.shards()[0].resumes(), 1);
    sim.stop().await;
    assert_eq!(health.shards()[0].state(), ShardState::Stopped);
}

/// Blocks its thread until it is told that it may end.
#[listener]
async fn blocks(_: &Context, _: &Ready, gate: State<Gate>) {
    gate.entered.lock().unwrap().send(()).unwrap();
    gate.may_end.lock().unwrap().recv().unwrap();
}

struct Gate {
    entered: Mutex<Sender<()>>,
    may_end: Mutex<Receiver<()>>,
}

#[test]
fn h6_a_handler_that_blocks_the_only_thread_holds_up_no_sign_of_life() {
    let (entered, has_entered) = channel();
    let (let_end, may_end) = channel();
    let gate = Gate {
        entered: Mutex::new(entered),
        may_end: Mutex::new(may_end),
    };
    let mine = runtime();
    let sim = mine.block_on(async {
        Simulator::builder(Bot::builder())
            .misbehave(GatewayFault::hello_interval(1000).always())
            .start()
            .await
    });
    // Its connection is the last: the first may be too soon after that of the simulator's own bot.
    let bot = Bot::builder().state(gate).add(handlers![blocks]);
    let bot = sim.beside(bot).shard_threads(ShardThreads::Own);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = std::thread::spawn(move || {
        runtime().block_on(bot.build().unwrap().run_until(async {
            drop(stopped.await);
        }))
    });

    let beats = || {
        sim.connections()
            .last()
            .map_or(0, ConnectionRecord::heartbeats)
    };
    // Until the bot has blocked itself, and for two signs of life more.
    mine.block_on(async {
        while has_entered.try_recv().is_err() {
            tokio::task::yield_now().await;
        }
        let before = beats();
        while beats() < before + 2 {
            tokio::task::yield_now().await;
        }
    });

    let_end.send(()).unwrap();
    drop(stop);
    running.join().unwrap().unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
