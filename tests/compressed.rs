//! Connections that are compressed: what can go wrong with them, by the numbers of `docs/reliability.md`.
//!
//! They are where cordial has the feature for it: `cargo test --features zlib --test compressed`.

#![cfg(any(feature = "zlib", feature = "zstd"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{GatewayFault, Log, Simulator};
use tokio::time::sleep;

/// The letters of all messages that were heard.
#[derive(Clone, Default)]
struct Heard(Arc<AtomicUsize>);

#[listener]
async fn hears(_: &Context, message: &GuildMessage, heard: State<Heard>) {
    heard.0.fetch_add(message.content.len(), Ordering::Relaxed);
}

/// A bot that hears messages over a connection that is compressed.
struct Rig {
    sim: Simulator,
    heard: Heard,
}

impl Rig {
    async fn new() -> Self {
        let heard = Heard::default();
        let bot = Bot::builder().state(heard.clone()).add(handlers![hears]);
        let bot = bot.intents(Intents::MESSAGE_CONTENT);
        let sim = Simulator::builder(bot).member("alice").start().await;
        Self { sim, heard }
    }

    /// Asserts that a message of so many letters is heard.
    async fn assert_hears(&self, letters: usize) {
        let before = self.heard.0.load(Ordering::Relaxed);
        let alice = self.sim.person("alice");
        alice.say("x".repeat(letters)).await;
        assert_eq!(self.heard.0.load(Ordering::Relaxed), before + letters);
    }

    /// Returns how many sessions were resumed.
    fn resumes(&self) -> usize {
        let connections = self.sim.connections();
        connections.iter().filter(|one| one.is_resumed()).count()
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_compressed_is_heard() {
    let rig = Rig::new().await;
    let format = if cfg!(feature = "zstd") {
        "zstd"
    } else {
        "zlib"
    };
    let connections = rig.sim.connections();
    let asked = connections[0].path().expect("a websocket");
    assert!(
        asked.contains(&format!("compress={format}-stream")),
        "{asked}"
    );

    rig.assert_hears(1).await;
    for bytes in [10_000, 70_000, 140_000, 1_000_000] {
        rig.sim.misbehave(GatewayFault::huge_event(bytes));
        rig.assert_hears(2_000).await;
    }

    assert_eq!(rig.sim.connections().len(), 1);
    rig.sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn g25_a_stream_that_is_damaged_is_a_connection_that_was_lost() {
    let log = Log::listen(tracing::Level::INFO);
    let rig = Rig::new().await;
    rig.sim.misbehave(GatewayFault::damaged_compression());

    rig.assert_hears(5).await;
    rig.assert_hears(5).await;

    assert_eq!(rig.sim.connections().len(), 2);
    assert_eq!(rig.resumes(), 1);
    let told = log.text().matches("received damaged data").count();
    assert_eq!(told, 1, "{}", log.text());
    rig.sim.assert_nothing_lost();
    rig.sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn g25_a_gateway_whose_streams_are_all_damaged_is_not_stormed() {
    let rig = Rig::new().await;
    let minute = Duration::from_secs(60);
    rig.sim
        .misbehave(GatewayFault::damaged_compression().lasting(10 * minute));
    rig.sim.drop_connections();

    sleep(10 * minute).await;
    let made = rig.sim.connections().len();
    sleep(2 * minute).await;

    assert!((5..40).contains(&made), "{made}");
    rig.assert_hears(5).await;
    rig.sim.stop().await;
}

// twilight asks for zstd if it has both, whose messages are whole.
#[cfg(not(feature = "zstd"))]
#[tokio::test(start_paused = true)]
async fn g27_a_message_that_comes_in_parts_is_put_together() {
    let rig = Rig::new().await;
    for parts in [2, 3, 100, 10_000] {
        rig.sim.misbehave(GatewayFault::split_compression(parts));
        rig.assert_hears(1_000).await;
    }

    assert_eq!(rig.sim.connections().len(), 1);
    rig.sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_within_a_message_is_resumed() {
    let rig = Rig::new().await;
    for bytes in [1, 5, 50, 500] {
        rig.sim
            .misbehave(GatewayFault::cut_event(bytes).only("MESSAGE_CREATE"));
        rig.assert_hears(1_000).await;
    }

    assert_eq!(rig.resumes(), 4);
    rig.sim.stop().await;
}
