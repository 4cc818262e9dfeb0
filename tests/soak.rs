//! Bots that are killed, again and again, in the middle of their work: nothing that they were told of is
//! lost. The simulator stays, in the process of the test; each bot is a process of its own.
//!
//! `CORDIAL_KILLS=1000 CORDIAL_SEED=1 cargo test --release --test soak` kills as many.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot do its work fails")]
use std::collections::HashMap;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use cordial::bot::Endpoints;
use cordial::bot::FileStore;
use cordial::prelude::*;
use cordial::testing::Simulator;
use tokio::time::{Instant, sleep, timeout};

/// How many bots are killed unless it is said otherwise.
const KILLS: u64 = 20;
/// How long one lives at most, in milliseconds, or how many bytes it writes.
const LIFE: u64 = 250;
const MOST_NOTED: u64 = 100;
/// How long the last may take for what is left.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a bot is told by the environment.
const GATEWAY: &str = "CORDIAL_SOAK_GATEWAY";
const HTTP: &str = "CORDIAL_SOAK_HTTP";
const FOLDER: &str = "CORDIAL_SOAK_FOLDER";

/// Where a bot writes down what it has done: what is written is there although the process is killed.
struct Journal(Mutex<File>);

#[listener]
async fn notes(_: &Context, message: &MessageCreate, journal: State<Journal>) -> Result<()> {
    // Some take longer than others, so that events are not done in the order in which they came.
    let number: u64 = message.content.parse().unwrap_or_default();
    sleep(Duration::from_millis(number * 7 % 40)).await;
    let mut journal = journal.0.lock().unwrap();
    journal.write_all(format!("{}\n", message.content).as_bytes())?;
    Ok(())
}

/// Runs a bot in a process of its own, if it is told to: the test below starts this one again.
#[tokio::test]
async fn a_bot_that_is_killed() {
    let Ok(folder) = env::var(FOLDER).map(PathBuf::from) else {
        return;
    };
    let address = |name| -> SocketAddr { env::var(name).unwrap().parse().unwrap() };
    let mut options = OpenOptions::new();
    let journal = options
        .append(true)
        .create(true)
        .open(folder.join("journal"));
    let journal = Journal(Mutex::new(journal.unwrap()));
    let bot = Bot::from_env()
        .unwrap()
        .endpoints(Endpoints {
            gateway: address(GATEWAY),
            http: address(HTTP),
        })
        .session_store(FileStore::new(folder.join("sessions")))
        .intents(Intents::MESSAGE_CONTENT)
        .state(journal)
        .add(handlers![notes]);
    bot.run().await.unwrap();
}

/// Starts a bot.
fn start(folder: &Path, endpoints: Endpoints, token: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["a_bot_that_is_killed", "--exact"])
        .env(FOLDER, folder)
        .env(GATEWAY, endpoints.gateway.to_string())
        .env(HTTP, endpoints.http.to_string())
        .env("DISCORD_TOKEN", token)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// When a bot is killed.
enum Life {
    /// Wherever it is by then, which may be before it has connected.
    Until(Instant),
    /// Once so much stands in the journal.
    Noted(u64),
}

impl Life {
    fn draw(random: &mut fastrand::Rng, folder: &Path) -> Self {
        match random.u8(..4) {
            0 => Self::Until(Instant::now() + Duration::from_millis(random.u64(..LIFE))),
            _ => Self::Noted(length(folder) + random.u64(..MOST_NOTED)),
        }
    }

    fn is_over(&self, folder: &Path) -> bool {
        match self {
            Self::Until(time) => Instant::now() >= *time,
            Self::Noted(most) => length(folder) >= *most,
        }
    }
}

fn length(folder: &Path) -> u64 {
    fs::metadata(folder.join("journal")).map_or(0, |journal| journal.len())
}

/// Returns how often each number was noted.
fn noted(folder: &Path) -> HashMap<u64, u32> {
    let journal = fs::read_to_string(folder.join("journal")).unwrap_or_default();
    let mut noted = HashMap::new();
    // What is cut off at the end was not done.
    for line in journal
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
    {
        *noted.entry(line.trim_end().parse().unwrap()).or_default() += 1;
    }
    noted
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_bots_that_are_killed_lose_nothing() {
    let kills = number("CORDIAL_KILLS").unwrap_or(KILLS);
    let seed = number("CORDIAL_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("{kills} kills, CORDIAL_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = env::temp_dir().join(format!("cordial-soak-{}-{seed}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let sim = Simulator::builder(Bot::builder()).max_concurrency(16);
    let mut sim = sim.member("alice").start().await;
    let alice = sim.person("alice");
    sim.quit().await;

    let mut said = 0;
    let mut bot = start(&folder, sim.endpoints(), sim.token());
    // What was said before there is a session is told to nobody.
    while !fs::read_to_string(folder.join("sessions")).is_ok_and(|saved| saved.contains("session-"))
    {
        sleep(Duration::from_millis(5)).await;
    }
    for _ in 0..kills {
        let life = Life::draw(&mut random, &folder);
        while !life.is_over(&folder) {
            said += 1;
            // Nobody in this process would tell that it was heard.
            let pause = Duration::from_millis(random.u64(1..15));
            drop(timeout(pause, alice.say(said.to_string())).await);
            sleep(pause).await;
        }
        bot.kill().unwrap();
        bot.wait().unwrap();
        bot = start(&folder, sim.endpoints(), sim.token());
    }
    let all = async {
        while (noted(&folder).len() as u64) < said {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let is_complete = timeout(PATIENCE, all).await.is_ok();
    bot.kill().unwrap();
    bot.wait().unwrap();

    let noted = noted(&folder);
    let lost: Vec<_> = (1..=said)
        .filter(|number| !noted.contains_key(number))
        .collect();
    let repeated = noted.values().filter(|times| **times > 1).count();
    println!(
        "said {said}, lost {}, done more than once {repeated}",
        lost.len()
    );
    assert!(is_complete, "lost with CORDIAL_SEED={seed}: {lost:?}");
    fs::remove_dir_all(folder).unwrap();
}
