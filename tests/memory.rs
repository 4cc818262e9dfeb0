//! What a bot takes of the machine: memory is bounded whatever comes, and tasks, threads and files are given
//! back.
//!
//! `CORDIAL_IN_HAND=1024 cargo test --release --test memory -- --nocapture` overloads a bot as it is
//! unless it is told otherwise, by six million events.

#![cfg(target_os = "linux")]
#![expect(
    clippy::print_stdout,
    reason = "the figures are shown with `--nocapture`"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot do its work fails")]
use std::env;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cordial::bot::{ShardThreads, Token};
use cordial::event::ShardReady;
use cordial::exception::Overloaded;
use cordial::prelude::*;
use cordial::sabotage::{Sabotage, commit};
use cordial::testing::{Feed, GatewayFault, Simulator};
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;
use tokio::time::sleep;

/// How many events are in hand at most, unless it is said otherwise. Each takes a second.
const IN_HAND: usize = 16;
const MINUTES: usize = 10;
/// What an event takes beside its text: as `max_queued_bytes` says.
const EVENT: usize = 1 << 10;
/// What the allocator may keep for itself, and how much more it may take in all minutes after the third.
const SLACK: usize = 8 << 20;

/// One at a time: what is measured is the process.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs something in a time of its own.
fn in_virtual_time<T>(run: impl Future<Output = T>) -> T {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build();
    runtime.unwrap().block_on(run)
}

/// Returns how much memory this process takes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.trim().parse::<usize>().unwrap() * 1_024
}

/// Returns how many files this process has open.
fn files() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Returns how many threads this process has for shards.
fn shard_threads() -> usize {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    let names = threads.map(|thread| fs::read_to_string(thread.unwrap().path().join("comm")));
    // One that ends meanwhile has no name any more.
    let names = names.map(Result::unwrap_or_default);
    names.filter(|name| name.starts_with("shard")).count()
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

#[listener]
async fn takes_a_second(_: &Context, _: &MessageCreate) {
    sleep(Duration::from_secs(1)).await;
}

/// Writes a message of two thousand characters.
fn message(number: usize) -> String {
    let content = format!("{number:0>2000}");
    format!(
        r#"{{"op":0,"t":"MESSAGE_CREATE","s":{number},"d":{{"id":"{number}","channel_id":"2","guild_id":"{guild}","author":{{"id":"3","username":"alice","discriminator":"0","avatar":null}},"content":"{content}","timestamp":"2026-01-01T00:00:00+00:00","edited_timestamp":null,"tts":false,"mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"pinned":false,"type":0}}}}"#,
        guild = number % 7 + 1,
    )
}

/// Lets ten times as many messages come in a minute as can be handled. Returns how many bytes they have.
async fn overload(feed: &mut Feed, number: &mut usize, in_hand: usize) -> usize {
    let mut longest = 0;
    for _ in 0..600 {
        for _ in 0..in_hand {
            *number += 1;
            let text = message(*number);
            longest = longest.max(text.len());
            feed.message(&text);
        }
        sleep(Duration::from_millis(100)).await;
    }
    longest
}

/// How much more memory a bot took after each minute of ten times too much, and how much it may take.
struct Took {
    minutes: Vec<usize>,
    most: usize,
}

impl Took {
    fn is_bounded(&self) -> bool {
        self.minutes.iter().all(|took| *took <= self.most)
    }

    fn is_flat(&self) -> bool {
        let later = self.minutes.iter().skip(3).max();
        later <= Some(&(self.minutes[2] + SLACK / 2))
    }
}

/// Lets ten times too much come for so many minutes, and measures.
async fn flood(minutes: usize, in_hand: usize) -> Took {
    let bot = Bot::builder().max_in_hand(in_hand);
    let bot = bot.add(handlers![takes_a_second, shed]);
    let mut feed = Feed::new(bot).unwrap();
    let (idle, idle_tasks, idle_files) = (resident(), tasks(), files());
    let (mut number, mut took, mut longest) = (0, Vec::new(), 0);
    for _ in 0..minutes {
        longest = overload(&mut feed, &mut number, in_hand).await.max(longest);
        took.push(resident().saturating_sub(idle));
        assert!(tasks() <= idle_tasks + in_hand + 10, "{} tasks", tasks());
    }
    let load = feed.health().load();
    println!("{number} messages, {load:?}; more memory after each minute: {took:?}");
    assert_eq!((load.in_hand(), load.queued()), (in_hand, 10_000));
    feed.settled().await;
    let load = feed.health().load();
    assert_eq!((load.in_hand(), load.queued(), load.running()), (0, 0, 0));
    assert_eq!((tasks(), files()), (idle_tasks, idle_files));
    Took {
        minutes: took,
        most: (in_hand + 10_000) * (EVENT + longest) + SLACK,
    }
}

#[test]
fn i9_ten_times_too_much_for_ten_minutes_takes_no_more_memory_than_is_said() {
    let _alone = alone();
    let in_hand = env::var("CORDIAL_IN_HAND").map_or(IN_HAND, |number| number.parse().unwrap());

    let took = in_virtual_time(flood(MINUTES, in_hand));

    assert!(took.is_bounded() && took.is_flat(), "{:?}", took.minutes);
}

#[test]
fn i9_memory_that_is_not_given_back_is_noticed() {
    let _alone = alone();
    commit(Some(Sabotage::KeepShed));

    let took = in_virtual_time(flood(4, IN_HAND));

    commit(None);
    assert!(!took.is_bounded() && !took.is_flat(), "{:?}", took.minutes);
}

/// Says nothing of what is shed.
#[error_handler]
async fn shed(_: &ErrorContext, _: &Overloaded) -> bool {
    true
}

/// Lets a bot go through two hundred connections, until it is stopped.
async fn live_long() {
    let idle = tasks();
    let sim = Simulator::start(Bot::builder().add(handlers![takes_a_second])).await;
    let alice = sim.join("alice").await;
    alice.say("hello").await;
    // After that, no connection is kept in case it is of use.
    let long = Duration::from_secs(200);
    sleep(long).await;
    let running = (tasks(), files());
    for _ in 0..50 {
        sim.misbehave(GatewayFault::drop_instead_of_hello().times(3));
        sim.drop_connections();
        alice.say("hello").await;
        sim.invalidate_sessions();
        alice.say("hello").await;
    }
    sleep(long).await;
    assert!(sim.connections().len() > 200);
    assert_eq!((tasks(), files()), running);
    drop(alice);
    sim.stop().await;
    // What is cut off needs its turn to notice.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(tasks(), idle);
}

#[test]
fn i9_a_bot_that_went_through_much_gives_back_its_tasks_and_files() {
    let _alone = alone();
    // What listens for signals lasts as long as the process.
    in_virtual_time(live_long());
    let idle = files();

    in_virtual_time(live_long());

    assert_eq!(files(), idle);
}

#[listener]
async fn is_told(_: &Context, _: &ShardReady, told: State<Arc<Notify>>) {
    told.notify_one();
}

#[test]
fn i9_a_bot_that_has_ended_gives_back_the_threads_of_its_shards() {
    let _alone = alone();
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sim = Simulator::start(Bot::builder()).await;
        let told = Arc::new(Notify::new());
        let bot = Bot::builder()
            .token(Token::new(sim.token()).unwrap())
            .endpoints(sim.endpoints())
            .shard_threads(ShardThreads::Own)
            .state(Arc::clone(&told))
            .add(handlers![is_told]);
        let told = async {
            told.notified().await;
            assert!(shard_threads() > 0);
        };
        bot.run_until(told).await.unwrap();
    });
    // It may be on its way out.
    let patience = Instant::now() + Duration::from_secs(60);
    while shard_threads() > 0 {
        assert!(Instant::now() < patience);
        thread::yield_now();
    }
}
