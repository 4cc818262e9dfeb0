//! What becomes of events while a bot is started again: the faults S1, S8 and S9 of
//! `docs/reliability.md`, and what is told of those that are lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::bot::{FileStore, SessionStore, ShardThreads};
use cordial::exception::{SessionLost, StoreFailed};
use cordial::handler::BoxFuture;
use cordial::prelude::*;
use cordial::testing::{ConnectionEnd, ConnectionRecord, GatewayFault, Log, Received, Simulator};
use tokio::sync::Notify;
use tokio::time::sleep;

/// What stands in every part of the token of the simulator's bots.
const SECRET: &str = "c2ltdWxhdGVk";

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What the bots of a test have in common, as a world outside of them.
#[derive(Clone, Default)]
struct World(Arc<Told>);

#[derive(Default)]
struct Told {
    /// How often handlers began with each message, and how often they came to an end.
    begun: Mutex<BTreeMap<String, u32>>,
    ended: Mutex<BTreeMap<String, u32>>,
    lost: Mutex<Vec<(u64, Duration)>>,
    store_failed: AtomicU32,
    /// Lets those go on that wait.
    go_on: Notify,
}

impl World {
    fn begun(&self) -> Vec<(String, u32)> {
        let begun = self.0.begun.lock().expect("no panic");
        begun.clone().into_iter().collect()
    }

    fn ended(&self) -> Vec<(String, u32)> {
        let ended = self.0.ended.lock().expect("no panic");
        ended.clone().into_iter().collect()
    }

    fn lost(&self) -> Vec<(u64, Duration)> {
        self.0.lost.lock().expect("no panic").clone()
    }

    fn store_failed(&self) -> u32 {
        self.0.store_failed.load(Ordering::Relaxed)
    }
}

fn count(counts: &Mutex<BTreeMap<String, u32>>, text: &str) {
    *counts
        .lock()
        .expect("no panic")
        .entry(text.to_owned())
        .or_default() += 1;
}

/// Hears messages. It takes its time with those that say so, and for ever with others.
#[listener]
async fn hears(_: &Context, message: &MessageCreate, world: State<World>) {
    let text = message.content.as_str();
    count(&world.0.begun, text);
    if text.starts_with("slow") {
        sleep(secs(3)).await;
    }
    if text.starts_with("stuck") {
        world.0.go_on.notified().await;
    }
    count(&world.0.ended, text);
}

#[error_handler]
async fn lost(_: &ErrorContext, lost: &SessionLost, world: State<World>) -> bool {
    let mut all = world.0.lost.lock().expect("no panic");
    all.push((lost.sequence(), lost.gap()));
    true
}

#[error_handler]
async fn store_failed(_: &ErrorContext, _: &StoreFailed, world: State<World>) -> bool {
    world.0.store_failed.fetch_add(1, Ordering::Relaxed);
    true
}

fn bot(world: &World) -> BotBuilder {
    Bot::builder()
        .state(world.clone())
        .intents(Intents::MESSAGE_CONTENT)
        .grace(secs(10))
        .add(handlers![hears, lost, store_failed])
}

/// A file in a directory of its own, for as long as the test lasts.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);

        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cordial-restart-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a directory");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("bot.sessions")
    }

    fn store(&self) -> FileStore {
        FileStore::new(self.file())
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.file()).expect("a file")
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes()).expect("text")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A bot that keeps its sessions in a file, on a simulator.
struct Rig {
    sim: Simulator,
    world: World,
    place: Place,
}

impl Rig {
    async fn new() -> Self {
        let (world, place) = (World::default(), Place::new());
        let sim = Simulator::start(bot(&world).session_store(place.store())).await;
        Self { sim, world, place }
    }

    fn bot(&self) -> BotBuilder {
        bot(&self.world).session_store(self.place.store())
    }

    /// Puts another bot in the place of the one that runs or ran.
    async fn restart(self) -> Self {
        let bot = self.bot();
        let sim = self.sim.restart(bot).await;
        Self { sim, ..self }
    }

    async fn say(&self, text: &str) {
        self.sim.join("alice").await.say(text).await;
    }

    /// Returns the last connection.
    fn connection(&self) -> ConnectionRecord {
        self.sim.connections().pop().expect("a connection")
    }
}

fn times(texts: &[(&str, u32)]) -> Vec<(String, u32)> {
    let owned = texts
        .iter()
        .map(|(text, times)| ((*text).to_owned(), *times));
    owned.collect()
}

/// Returns the number that a session was resumed from.
fn resumed_from(connection: &ConnectionRecord) -> Option<u64> {
    connection.received().iter().find_map(|(_, received)| {
        let Received::Resume { sequence, .. } = received else {
            return None;
        };
        *sequence
    })
}

#[tokio::test(start_paused = true)]
async fn s1_what_happens_while_a_bot_is_started_again_is_told_once() {
    let mut rig = Rig::new().await;
    rig.say("before").await;

    rig.sim.quit().await;
    rig.say("between").await;
    let rig = rig.restart().await;
    rig.say("after").await;

    let all = times(&[("after", 1), ("before", 1), ("between", 1)]);
    assert_eq!(rig.world.ended(), all);
    assert_eq!(rig.world.lost(), []);
    assert!(rig.connection().is_resumed() && !rig.connection().is_identified());
}

#[tokio::test(start_paused = true)]
async fn s1_the_session_is_not_closed_with_a_code_that_ends_it() {
    let mut rig = Rig::new().await;

    rig.sim.quit().await;

    let end = rig.connection().end();
    assert_eq!(end, Some(ConnectionEnd::ClosedByClient(Some(4000))));
}

#[tokio::test(start_paused = true)]
async fn s1_without_a_store_a_bot_says_goodbye_and_begins_anew() {
    let world = World::default();
    let mut sim = Simulator::start(bot(&world)).await;
    let alice = sim.join("alice").await;
    sim.quit().await;
    alice.say("between").await;

    let sim = sim.restart(bot(&world)).await;

    let connections = sim.connections();
    let end = connections[0].end();
    assert_eq!(end, Some(ConnectionEnd::ClosedByClient(Some(1000))));
    assert!(connections[1].is_identified() && !connections[1].is_resumed());
    assert_eq!((world.begun(), world.lost()), (Vec::new(), Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn s2_what_runs_when_a_bot_is_stopped_comes_to_an_end_and_is_not_repeated() {
    let rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    alice.say("before").await;
    // Nobody waits for it.
    let slow = tokio::spawn(async move { alice.say("slow").await });
    sleep(secs(1)).await;
    assert_eq!(rig.world.ended(), times(&[("before", 1)]));

    let rig = rig.restart().await;
    slow.await.expect("said");
    rig.say("after").await;

    let all = times(&[("after", 1), ("before", 1), ("slow", 1)]);
    assert_eq!((rig.world.begun(), rig.world.ended()), (all.clone(), all));
}

#[tokio::test(start_paused = true)]
async fn s2_what_was_cut_off_was_reported_and_does_not_come_again() {
    let rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    let stuck = tokio::spawn(async move { alice.say("stuck").await });
    sleep(secs(1)).await;

    let rig = rig.restart().await;
    stuck.await.expect("said");
    rig.say("after").await;

    let transcript = rig.sim.transcript();
    let reports: Vec<_> = transcript.reports().collect();
    assert_eq!(reports.len(), 1, "{transcript}");
    assert!(reports[0].failure.is::<cordial::exception::Cancelled>());
    assert_eq!(rig.world.begun(), times(&[("after", 1), ("stuck", 1)]));
}

#[tokio::test(start_paused = true)]
async fn s2_what_waited_when_the_time_was_over_is_left_to_the_next_run() {
    let (world, place) = (World::default(), Place::new());
    let one_by_one = |bot: BotBuilder| bot.max_in_hand(1).session_store(place.store());
    let sim = Simulator::start(one_by_one(bot(&world))).await;
    let alice = sim.join("alice").await;
    for text in ["stuck", "second", "third"] {
        let alice = alice.clone();
        tokio::spawn(async move { alice.say(text).await });
    }
    sleep(secs(1)).await;

    let sim = sim.restart(one_by_one(bot(&world))).await;
    sim.settle().await;

    let once = times(&[("second", 1), ("stuck", 1), ("third", 1)]);
    assert_eq!(world.begun(), once);
    assert_eq!(world.ended(), times(&[("second", 1), ("third", 1)]));
    sim.assert_nothing_lost();
    assert_eq!(sim.transcript().shed(), []);
}

#[tokio::test(start_paused = true)]
async fn i3_restarts_in_the_middle_of_traffic_lose_nothing_and_repeat_nothing() {
    let mut rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    let traffic = tokio::spawn(async move {
        for number in 0..200 {
            let kind = if number % 7 == 0 { "slow" } else { "quick" };
            let alice = alice.clone();
            tokio::spawn(async move { alice.say(format!("{kind} {number}")).await });
            sleep(Duration::from_millis(137)).await;
        }
    });

    for pause in [2_u64, 5, 1, 7, 3] {
        sleep(secs(pause)).await;
        rig = rig.restart().await;
    }
    traffic.await.expect("no panic");
    sleep(secs(5)).await;
    rig.sim.settle().await;

    let ended = rig.world.ended();
    assert_eq!(ended.len(), 200);
    assert_eq!(rig.world.begun(), ended);
    assert!(ended.iter().all(|(_, times)| *times == 1), "{ended:?}");
    assert_eq!(rig.world.lost(), []);
    rig.sim.assert_nothing_lost();
    let identified = rig
        .sim
        .connections()
        .into_iter()
        .filter(ConnectionRecord::is_identified);
    assert_eq!(identified.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn s8_after_a_crash_what_was_not_done_comes_again_and_nothing_else() {
    let mut rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    alice.say("before").await;
    let stuck = tokio::spawn({
        let alice = alice.clone();
        async move { alice.say("stuck").await }
    });
    sleep(secs(1)).await;
    let quick = tokio::spawn(async move { alice.say("quick").await });
    // What was done is saved.
    sleep(secs(2)).await;

    rig.sim.crash().await;
    stuck.await.expect("said");
    quick.await.expect("said");
    rig.say("between").await;
    let world = rig.world.clone();
    let go_on = tokio::spawn(async move {
        sleep(secs(1)).await;
        world.0.go_on.notify_waiters();
    });
    let rig = rig.restart().await;
    go_on.await.expect("no panic");

    let begun = times(&[("before", 1), ("between", 1), ("quick", 1), ("stuck", 2)]);
    let ended = times(&[("before", 1), ("between", 1), ("quick", 1), ("stuck", 1)]);
    assert_eq!((rig.world.begun(), rig.world.ended()), (begun, ended));
    assert_eq!(rig.world.lost(), []);
}

#[tokio::test(start_paused = true)]
async fn s8_after_a_crash_at_most_what_was_done_since_the_last_save_comes_again() {
    let mut rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    for number in 0..30 {
        alice.say(format!("quick {number:02}")).await;
        sleep(Duration::from_millis(250)).await;
    }

    rig.sim.crash().await;
    let rig = rig.restart().await;

    let ended = rig.world.ended();
    assert_eq!(ended.len(), 30);
    let (once, again) = ended.split_at(25);
    assert!(once.iter().all(|(_, times)| *times == 1), "{ended:?}");
    assert!(again.iter().all(|(_, times)| *times <= 2), "{ended:?}");
    assert_eq!(rig.world.lost(), []);
}

#[tokio::test(start_paused = true)]
async fn s8_a_session_is_saved_as_soon_as_it_has_begun() {
    let mut rig = Rig::new().await;
    rig.sim.invalidate_sessions();
    sleep(secs(10)).await;
    rig.sim.settle().await;
    sleep(Duration::from_millis(10)).await;

    rig.sim.crash().await;
    let rig = rig.restart().await;

    assert_eq!(rig.world.lost().len(), 1);
    assert!(rig.connection().is_resumed());
}

#[tokio::test(start_paused = true)]
async fn s8_crashes_one_after_the_other_lose_nothing() {
    let mut rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    let traffic = tokio::spawn(async move {
        for number in 0..100 {
            let kind = if number % 5 == 0 { "slow" } else { "quick" };
            let alice = alice.clone();
            tokio::spawn(async move { alice.say(format!("{kind} {number}")).await });
            sleep(Duration::from_millis(301)).await;
        }
    });

    for _ in 0..12 {
        sleep(Duration::from_millis(2_333)).await;
        rig.sim.crash().await;
        sleep(Duration::from_millis(777)).await;
        rig = rig.restart().await;
    }
    traffic.await.expect("no panic");
    sleep(secs(5)).await;
    rig.sim.settle().await;

    assert_eq!(rig.world.ended().len(), 100);
    assert_ne!(rig.world.begun(), rig.world.ended());
    assert_eq!(rig.world.lost(), []);
}

#[tokio::test(start_paused = true)]
async fn g29_what_is_sent_twice_in_one_run_is_done_when_the_first_is() {
    let mut rig = Rig::new().await;
    rig.sim.misbehave(GatewayFault::repeated_event());
    let alice = rig.sim.join("alice").await;
    rig.sim.misbehave(GatewayFault::repeated_event());
    let stuck = tokio::spawn(async move { alice.say("stuck").await });
    sleep(secs(3)).await;

    rig.sim.crash().await;
    stuck.await.expect("said");
    let world = rig.world.clone();
    let go_on = tokio::spawn(async move {
        sleep(secs(1)).await;
        world.0.go_on.notify_waiters();
    });
    let rig = rig.restart().await;
    go_on.await.expect("no panic");

    // Begun in each run, and no more often.
    assert_eq!(rig.world.begun(), times(&[("stuck", 2)]));
    assert_eq!(rig.world.ended(), times(&[("stuck", 1)]));
}

#[tokio::test(start_paused = true)]
async fn s9_what_was_damaged_is_not_used_and_that_is_said() {
    for damage in [
        |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2),
        |bytes: &mut Vec<u8>| bytes.clear(),
        |bytes: &mut Vec<u8>| bytes[100] ^= 1,
        |bytes: &mut Vec<u8>| *bytes = b"something else".to_vec(),
    ] {
        let log = Log::listen(tracing::Level::WARN);
        let mut rig = Rig::new().await;
        rig.sim.quit().await;
        let mut bytes = rig.place.bytes();
        damage(&mut bytes);
        fs::write(rig.place.file(), bytes).expect("written");

        let rig = rig.restart().await;
        rig.say("after").await;

        assert!(rig.connection().is_identified() && !rig.connection().is_resumed());
        assert_eq!(rig.world.ended(), times(&[("after", 1)]));
        assert_eq!(rig.world.store_failed(), 0);
        let log = log.text();
        assert!(log.contains("saved sessions are not resumed"), "{log}");
    }
}

#[tokio::test(start_paused = true)]
async fn s8_sessions_of_other_intents_are_not_resumed_and_the_gap_is_told() {
    let mut rig = Rig::new().await;
    rig.say("before").await;
    rig.sim.quit().await;

    let bot = rig.bot().intents(Intents::GUILD_MESSAGE_TYPING);
    let sim = rig.sim.restart(bot).await;

    let connection = sim.connections().pop().expect("a connection");
    assert!(connection.is_identified() && !connection.is_resumed());
    let lost = rig.world.lost();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(lost[0].0 == 2 && lost[0].1 < secs(60), "{lost:?}");
}

#[tokio::test(start_paused = true)]
async fn s8_sessions_of_another_gateway_are_not_resumed() {
    let mut rig = Rig::new().await;
    rig.sim.quit().await;

    let sim = Simulator::start(rig.bot()).await;

    let connections = sim.connections();
    assert!(connections[0].is_identified() && !connections[0].is_resumed());
    assert_eq!(rig.world.lost(), []);
}

#[tokio::test(start_paused = true)]
async fn i3_a_session_that_discord_has_forgotten_is_told_of_with_its_gap() {
    let mut rig = Rig::new().await;
    rig.say("before").await;
    rig.sim.quit().await;
    sleep(secs(6 * 60)).await;
    rig.say("between").await;

    let rig = rig.restart().await;
    rig.say("after").await;

    let first = &rig.sim.connections()[1];
    let lost = rig.world.lost();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(Some(lost[0].0), resumed_from(first));
    // It is counted by the clock, which ran less than tokio's here, and by tokio's until there was another.
    assert!((secs(1)..secs(60)).contains(&lost[0].1), "{lost:?}");
    assert_eq!(rig.world.ended(), times(&[("after", 1), ("before", 1)]));
}

#[tokio::test(start_paused = true)]
async fn i3_a_session_that_was_lost_while_the_bot_ran_is_told_of_after_a_crash() {
    let mut rig = Rig::new().await;
    let while_it_lasts = GatewayFault::refused_handshake(503).lasting(secs(30));
    rig.sim.misbehave(while_it_lasts);
    rig.sim.invalidate_sessions();
    sleep(secs(20)).await;
    assert_eq!(rig.world.lost(), []);

    rig.sim.crash().await;
    sleep(secs(60)).await;
    let rig = rig.restart().await;

    assert_eq!(rig.world.lost().len(), 1);
    assert!(
        rig.sim
            .connections()
            .iter()
            .all(|connection| !connection.is_resumed())
    );
}

#[tokio::test(start_paused = true)]
async fn s9_a_store_that_cannot_be_written_is_told_of_once_and_stops_nobody() {
    let (world, place) = (World::default(), Place::new());
    let store = FileStore::new(place.0.join("missing/bot.sessions"));
    let sim = Simulator::start(bot(&world).session_store(store.clone())).await;
    let alice = sim.join("alice").await;
    for number in 0..5 {
        alice.say(format!("quick {number}")).await;
        sleep(secs(2)).await;
    }
    assert_eq!((world.ended().len(), world.store_failed()), (5, 1));

    // It can be written for a time, and then no more.
    fs::create_dir(place.0.join("missing")).expect("a directory");
    alice.say("quick 5").await;
    sleep(secs(2)).await;
    assert!(store.path().exists());
    fs::remove_dir_all(place.0.join("missing")).expect("removed");
    alice.say("quick 6").await;
    sleep(secs(2)).await;

    assert_eq!(world.store_failed(), 2);
    sim.stop().await;
    assert_eq!(world.store_failed(), 2);
}

/// Does what no store should.
#[derive(Clone, Copy, Debug)]
enum Odd {
    Hangs,
    Panics,
}

impl Odd {
    async fn act<T>(self) -> Result<T> {
        match self {
            Self::Hangs => std::future::pending().await,
            Self::Panics => panic!("no more"),
        }
    }
}

impl SessionStore for Odd {
    fn load(&self) -> BoxFuture<'_, Result<Option<Vec<u8>>>> {
        Box::pin(self.act())
    }

    fn save(&self, _: Vec<u8>) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.act())
    }
}

#[tokio::test(start_paused = true)]
async fn s9_a_store_that_hangs_or_panics_stops_nobody() {
    for odd in [Odd::Hangs, Odd::Panics] {
        let world = World::default();
        let sim = Simulator::start(bot(&world).session_store(odd)).await;

        sim.join("alice").await.say("quick").await;
        sim.stop().await;

        assert_eq!(world.ended(), times(&[("quick", 1)]), "{odd:?}");
        // What was saved could not be loaded, and what is to be saved not saved.
        assert_eq!(world.store_failed(), 2, "{odd:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn x11_no_token_and_nothing_that_people_wrote_is_saved() {
    let mut rig = Rig::new().await;
    rig.say("my password").await;
    let running = rig.place.text();
    rig.sim.quit().await;
    let text = rig.place.text();

    for text in [running, text] {
        assert!(text.starts_with("cordial-sessions 1 "), "{text}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.contains("simulated-token"), "{text}");
        assert!(
            !text.contains("password") && !text.contains("alice"),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn each_shard_resumes_its_own_session() {
    let (world, place) = (World::default(), Place::new());
    let with_store = || bot(&world).session_store(place.store());
    let sim = Simulator::builder(with_store()).shards(3).start().await;
    let alice = sim.join("alice").await;
    alice.say("before").await;

    let sim = sim.restart(with_store()).await;
    alice.say("after").await;

    assert_eq!(world.ended(), times(&[("after", 1), ("before", 1)]));
    let connections = sim.connections();
    assert_eq!(connections.len(), 6);
    assert!(connections[3..].iter().all(ConnectionRecord::is_resumed));
}

/// In real time: threads have no virtual one.
#[tokio::test]
async fn s1_shards_on_threads_of_their_own_leave_their_sessions_open_too() {
    let (world, place) = (World::default(), Place::new());
    let mut sim = Simulator::start(Bot::builder()).await;
    let alice = sim.join("alice").await;
    sim.quit().await;
    let begun = sim.connections().len();
    let run = |text: &'static str| {
        let bot = sim.beside(bot(&world).session_store(place.store()));
        let bot = bot.shard_threads(ShardThreads::Own).build().expect("a bot");
        let heard = async {
            while !world.ended().contains(&(text.to_owned(), 1)) {
                tokio::task::yield_now().await;
            }
        };
        bot.run_until(heard)
    };

    // The first session may be too soon after that of the simulator's own bot.
    let has_begun = async {
        while !place.file().exists() || !place.text().contains("session-") {
            tokio::task::yield_now().await;
        }
        alice.say("before").await;
    };
    let (ended, ()) = tokio::join!(run("before"), has_begun);
    ended.expect("stopped");
    alice.say("between").await;
    run("between").await.expect("stopped");

    assert_eq!(world.ended(), times(&[("before", 1), ("between", 1)]));
    let connections = sim.connections().split_off(begun);
    let last = connections.last().expect("a connection");
    assert!(last.is_resumed());
    assert_eq!(last.end(), Some(ConnectionEnd::ClosedByClient(Some(4000))));
}
