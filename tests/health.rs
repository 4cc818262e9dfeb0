//! What is told of the health of a bot: over HTTP, to what looks after processes, and as metrics.

#![expect(clippy::unwrap_used, reason = "a test that cannot reach the bot fails")]
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use cordial::cache::Resource;
use cordial::exception::AddressUnavailable;
use cordial::health::Health;
use cordial::prelude::*;
use cordial::testing::{GatewayFault, Simulator};
use futures_util::FutureExt;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

const LOCAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn served() -> BotBuilder {
    Bot::builder().serve_health(LOCAL)
}

/// What a server answered.
struct Answer(String);

impl Answer {
    fn status(&self) -> u16 {
        let status = self.0.split(' ').nth(1);
        status.map_or(0, |status| status.parse().unwrap())
    }

    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap()
    }
}

/// Connects to where the health of a bot is served.
async fn connect(health: &Health) -> TcpStream {
    let stream = TcpStream::connect(health.address().expect("it is served"));
    let stream = stream.await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends bytes, and returns what comes until the server closes the connection.
async fn send(health: &Health, request: &[u8]) -> Answer {
    let mut stream = connect(health).await;
    // A server that has heard enough may have closed it.
    drop(stream.write_all(request).await);
    rest(stream).await
}

async fn rest(mut stream: TcpStream) -> Answer {
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    Answer(String::from_utf8(answer).unwrap())
}

async fn ask(health: &Health, method: &str, path: &str) -> Answer {
    let request = format!("{method} {path} HTTP/1.1\r\nhost: bot\r\n\r\n");
    send(health, request.as_bytes()).await
}

async fn status(health: &Health) -> u16 {
    ask(health, "GET", "/healthz").await.status()
}

#[tokio::test(start_paused = true)]
async fn a_bot_is_not_well_before_all_of_its_shards_have_had_their_turns() {
    let sim = Simulator::builder(Bot::builder()).shards(2);
    let sim = sim.max_concurrency(1).start().await;
    sleep(secs(10)).await;
    sim.misbehave(GatewayFault::no_hello());
    let bot = sim.beside(served()).build().unwrap();
    let health = bot.health();
    let (_stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(bot.run_until(async { drop(stopped.await) }));
    while health.address().is_none() {
        tokio::task::yield_now().await;
    }

    assert_eq!(status(&health).await, 503, "no shard is there");
    sleep(secs(4)).await;
    let early = ask(&health, "GET", "/healthz").await;
    assert_eq!(
        early.status(),
        503,
        "one waits for hello, the other for its turn"
    );
    assert_eq!(early.json()["shards"].as_array().unwrap().len(), 2);
    assert_eq!(ask(&health, "GET", "/livez").await.status(), 200);

    sleep(secs(120)).await;
    assert_eq!(status(&health).await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_bot_is_well_until_a_shard_was_without_a_session_for_too_long() {
    let sim = Simulator::start(served()).await;
    let health = sim.health();
    assert_eq!(status(&health).await, 200);
    sim.misbehave(GatewayFault::hang_up().lasting(secs(150)));
    sim.drop_connections();

    sleep(secs(50)).await;
    let soon = ask(&health, "GET", "/healthz").await;
    assert_eq!(soon.status(), 200, "it may come back");
    assert_ne!(soon.json()["shards"][0]["state"], "active");
    sleep(secs(20)).await;
    assert_eq!(status(&health).await, 503);
    assert_eq!(ask(&health, "GET", "/livez").await.status(), 200);

    sleep(secs(300)).await;
    assert_eq!(status(&health).await, 200);
}

#[tokio::test(start_paused = true)]
async fn the_tolerance_is_the_authors() {
    let sim = Simulator::start(served().health_tolerance(secs(600))).await;
    let health = sim.health();
    sim.misbehave(GatewayFault::hang_up().lasting(secs(300)));
    sim.drop_connections();

    sleep(secs(200)).await;

    assert!(!health.is_well());
    assert_eq!(status(&health).await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_stops_is_not_well_while_its_handlers_end() {
    #[listener]
    async fn takes_its_time(_: &Context, _: &MemberAdd) {
        sleep(secs(8)).await;
    }
    let sim = Simulator::start(served().add(handlers![takes_its_time])).await;
    let health = sim.health();
    let person = sim.person("alice");
    let joining = tokio::spawn(async move { person.join().await });
    sleep(secs(1)).await;

    let stopping = tokio::spawn(sim.stop());
    sleep(secs(2)).await;

    let answer = ask(&health, "GET", "/healthz").await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.json()["load"]["running"], 1);
    stopping.await.unwrap();
    joining.await.unwrap();
    let address = health.address().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "it has ended");
}

#[tokio::test(start_paused = true)]
async fn the_page_says_how_much_there_is_to_do() {
    #[listener]
    async fn takes_its_time(_: &Context, _: &MessageCreate) {
        sleep(secs(20)).await;
    }
    let bot = served().max_in_hand(2).max_queued(3);
    let sim = Simulator::start(bot.add(handlers![takes_its_time])).await;
    let alice = sim.join("alice").await;

    for _ in 0..6 {
        let said = alice.say("hello").now_or_never();
        assert!(said.is_none(), "what follows from it takes long");
    }
    sleep(secs(1)).await;

    let page = ask(&sim.health(), "GET", "/healthz").await.json();
    let load = &page["load"];
    assert_eq!(
        (&load["in_hand"], &load["queued"], &load["shed"]),
        (&2.into(), &3.into(), &1.into()),
        "{load}"
    );
    assert_eq!(load["running"], 2);
    assert_eq!(page["well"], true, "being busy is no illness");
}

#[tokio::test(start_paused = true)]
async fn the_page_says_how_much_is_cached() {
    let sim = Simulator::start(served().cache([Resource::Roles, Resource::Messages])).await;

    let page = ask(&sim.health(), "GET", "/healthz").await.json();

    let (roles, messages) = (&page["cache"]["roles"], &page["cache"]["messages"]);
    assert_eq!(roles["entries"], 2);
    assert!(roles["bytes"].as_u64().unwrap() > 0, "{roles}");
    assert_eq!(
        (&messages["entries"], &messages["bytes"]),
        (&0.into(), &0.into())
    );
    assert!(page["cache"].get("members").is_none(), "they are not kept");
}

#[tokio::test(start_paused = true)]
async fn the_page_says_how_each_shard_is_and_nothing_that_people_wrote() {
    #[listener]
    async fn hears(_: &Context, _: &MessageCreate) {}
    let sim = Simulator::start(served().add(handlers![hears])).await;
    sim.join("alice").await.say("a secret").await;
    sleep(secs(60)).await;

    let answer = ask(&sim.health(), "GET", "/healthz").await;

    let page = answer.json();
    assert_eq!(page["well"], true);
    let shard = &page["shards"][0];
    assert_eq!(shard["id"], 0);
    assert_eq!(shard["state"], "active");
    assert_eq!(shard["inactive_ms"], Value::Null);
    assert!(shard["silence_ms"].as_u64().unwrap() >= 60_000);
    assert!(shard["latency_ms"].is_u64());
    assert_eq!(shard["counts"]["sessions"], 1);
    assert!(shard["counts"]["events"].as_u64().unwrap() >= 2);
    for secret in ["alice", "a secret", "c2ltdWxhdGVk"] {
        assert!(!answer.0.contains(secret), "{}", answer.0);
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_two_pages_are_served_and_only_read() {
    let sim = Simulator::start(served()).await;
    let health = sim.health();

    let head = ask(&health, "HEAD", "/healthz").await;
    assert_eq!((head.status(), head.body()), (200, ""));
    assert_eq!(ask(&health, "GET", "/healthz?verbose").await.status(), 200);
    assert_eq!(ask(&health, "GET", "/").await.status(), 404);
    assert_eq!(ask(&health, "GET", "/healthz/x").await.status(), 404);
    let post = ask(&health, "POST", "/healthz").await;
    assert_eq!(post.status(), 405);
    assert!(post.0.contains("allow: GET, HEAD"), "{}", post.0);
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_too_large_or_none_are_refused() {
    let sim = Simulator::start(served()).await;
    let health = sim.health();
    let huge = format!(
        "GET /healthz HTTP/1.1\r\nx-long: {}\r\n\r\n",
        "a".repeat(100_000)
    );
    let many = format!("GET /healthz HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(500));

    for request in [
        huge.as_bytes(),
        many.as_bytes(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\r\n\r\n\0\0\0\0 nonsense\r\n\r\n",
    ] {
        let answer = send(&health, request).await;
        assert!(matches!(answer.status(), 0 | 400..500), "{}", answer.0);
    }

    assert_eq!(status(&health).await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_arrive_in_time_is_given_up() {
    let sim = Simulator::start(served()).await;
    let health = sim.health();
    let started = Instant::now();
    let mut slow = connect(&health).await;
    slow.write_all(b"GET /healthz HT").await.unwrap();

    let answer = rest(slow).await;

    assert!(matches!(answer.status(), 0 | 408), "{}", answer.0);
    assert!(started.elapsed() <= secs(6), "{:?}", started.elapsed());
    assert_eq!(status(&health).await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_not_waited_for() {
    let sim = Simulator::start(served()).await;
    let health = sim.health();
    let started = Instant::now();

    let request = b"GET /healthz HTTP/1.1\r\ncontent-length: 1000000000\r\n\r\nabc";
    let answer = send(&health, request).await;

    assert_eq!(answer.status(), 200);
    assert!(started.elapsed() <= secs(10), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn connections_that_say_nothing_keep_nobody_out() {
    let sim = Simulator::start(served()).await;
    let health = sim.health();
    let started = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(connect(&health).await);
    }

    assert_eq!(status(&health).await, 200);

    assert!(started.elapsed() < secs(5), "{:?}", started.elapsed());
    let oldest = rest(silent.remove(0)).await;
    assert_eq!(oldest.status(), 0, "it was closed");
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_taken_ends_the_bot_before_it_connects() {
    let taken = TcpListener::bind(LOCAL).await.unwrap();
    let address = taken.local_addr().unwrap();
    let bot = Bot::builder().serve_health(address);

    let failure = Simulator::builder(bot).try_start().await.unwrap_err();

    let unavailable = failure.find::<AddressUnavailable>().expect("it says so");
    assert_eq!(unavailable.address(), address);
    let text = failure.to_string();
    assert!(text.contains(&address.to_string()), "{text}");
    assert!(text.contains("choose another port"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_address_of_another_machine_is_refused_with_what_to_do() {
    // Of a range that is for documentation alone.
    let address = SocketAddr::from(([192, 0, 2, 1], 8080));

    let bot = Simulator::builder(Bot::builder().serve_health(address));
    let failure = bot.try_start().await.unwrap_err();

    let text = failure.to_string();
    assert!(text.contains("does not belong to this machine"), "{text}");
}
