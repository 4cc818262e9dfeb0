//! What goes wrong with requests on the simulated Discord arrives as it was asked for, byte by byte.
//! A client that knows nothing but bytes looks at it: twilight's would ask again at once, and for
//! ever.

use std::net::SocketAddr;
use std::time::Duration;

use cordial::exception::Scope;
use cordial::prelude::*;
use cordial::testing::{Fault, RequestRecord, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, advance, timeout};

const ME: &str = "/users/@me";
const MESSAGES: &str = "/channels/*/messages";
/// How long nothing arrives before an answer counts as stalled.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// A client that knows nothing but bytes.
struct Raw {
    address: SocketAddr,
    token: String,
}

/// What came of a request.
#[derive(Debug)]
struct Arrived {
    head: String,
    body: Vec<u8>,
    /// Whether the connection is open, and nothing comes any more.
    is_stalled: bool,
}

impl Raw {
    fn new(sim: &Simulator) -> Self {
        Self {
            address: sim.http_address(),
            token: sim.http().token().expect("a token").to_owned(),
        }
    }

    /// Sends a request, and returns the connection.
    async fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connected");
        let (token, length) = (&self.token, body.len());
        let request = format!(
            "{method} /api/v10{path} HTTP/1.1\r\nhost: discord\r\nauthorization: {token}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\
             \r\n{body}"
        );
        let written = stream.write_all(request.as_bytes()).await;
        written.expect("sent");
        stream
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Arrived {
        let mut stream = self.send(method, path, body).await;
        let mut bytes = Vec::new();
        let mut buffer = [0; 4_096];
        let is_stalled = loop {
            match timeout(PATIENCE, stream.read(&mut buffer)).await {
                Err(_) => break true,
                Ok(read) => match read.expect("read") {
                    0 => break false,
                    read => bytes.extend_from_slice(&buffer[..read]),
                },
            }
        };
        Arrived::new(&bytes, is_stalled)
    }

    async fn get(&self, path: &str) -> Arrived {
        self.ask("GET", path, "").await
    }

    async fn say(&self, sim: &Simulator, content: &str) -> Arrived {
        self.ask("POST", &messages(sim, "general"), content).await
    }
}

impl Arrived {
    fn new(bytes: &[u8], is_stalled: bool) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let (head, body) = bytes.split_at(end.map_or(bytes.len(), |end| end + 4));
        Self {
            head: String::from_utf8(head.to_vec()).expect("a head"),
            body: body.to_vec(),
            is_stalled,
        }
    }

    /// Returns the status, or nothing if there was no answer.
    fn status(&self) -> Option<u16> {
        let (_, status) = self.head.split_once(' ')?;
        status.get(..3)?.parse().ok()
    }

    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.lines().skip(1);
        lines.filter_map(|line| line.split_once(": "))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers().find(|(other, _)| *other == name)?;
        Some(value)
    }

    /// Returns the headers about rate limits, in the order of their names.
    fn limits(&self) -> Vec<(&str, &str)> {
        let is_about = |name: &str| name.starts_with("x-ratelimit-") || name == "retry-after";
        let mut limits: Vec<_> = self.headers().filter(|(name, _)| is_about(name)).collect();
        limits.sort_unstable();
        limits
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a text")
    }
}

fn messages(sim: &Simulator, channel: &str) -> String {
    let channel = sim.channel_id(channel).expect("a channel");
    format!("/channels/{channel}/messages")
}

async fn start() -> (Simulator, Raw) {
    let sim = Simulator::start(Bot::builder()).await;
    let raw = Raw::new(&sim);
    (sim, raw)
}

/// What the bot's own account is, on the wire.
async fn truth(raw: &Raw) -> Vec<u8> {
    raw.get(ME).await.body
}

const HELLO: &str = r#"{"content":"hello"}"#;

/// Counts the messages there are.
async fn sent(sim: &Simulator, raw: &Raw) -> usize {
    let listed = raw.get(&messages(sim, "general")).await;
    listed.text().matches(r#""content":"#).count()
}

// Rate limits that are made up.

#[tokio::test(start_paused = true)]
async fn too_much_by_the_bot_is_refused_as_documented() {
    let (sim, raw) = start().await;
    sim.inject(
        "GET",
        ME,
        Fault::rate_limited(Scope::User, Duration::from_millis(64_570)),
    );

    let refused = raw.get(ME).await;

    assert_eq!(refused.status(), Some(429));
    assert_eq!(refused.header("content-type"), Some("application/json"));
    assert_eq!(
        refused.text(),
        r#"{"global":false,"message":"You are being rate limited.","retry_after":64.57}"#
    );
    assert_eq!(
        refused.limits(),
        [
            ("retry-after", "65"),
            ("x-ratelimit-bucket", "get-users-@me"),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1767225664.570"),
            ("x-ratelimit-reset-after", "64.570"),
            ("x-ratelimit-scope", "user"),
        ]
    );
    assert_eq!(raw.get(ME).await.status(), Some(200));
}

#[tokio::test(start_paused = true)]
async fn too_much_of_a_resource_leaves_something_of_the_route() {
    let (sim, raw) = start().await;
    sim.inject(
        "GET",
        ME,
        Fault::rate_limited(Scope::Shared, Duration::from_secs(9)),
    );

    let refused = raw.get(ME).await;

    assert_eq!(
        refused.text(),
        r#"{"global":false,"message":"The resource is being rate limited.","retry_after":9.0}"#
    );
    assert_eq!(refused.header("retry-after"), Some("9"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("4"));
    assert_eq!(refused.header("x-ratelimit-reset-after"), Some("1.000"));
    assert_eq!(refused.header("x-ratelimit-scope"), Some("shared"));
}

#[tokio::test(start_paused = true)]
async fn too_much_in_all_tells_of_no_route() {
    let (sim, raw) = start().await;
    sim.inject(
        "*",
        "/**",
        Fault::rate_limited(Scope::Global, Duration::from_secs(2)),
    );

    let refused = raw.get(ME).await;

    assert!(refused.text().contains(r#""global":true"#));
    assert_eq!(
        refused.limits(),
        [
            ("retry-after", "2"),
            ("x-ratelimit-global", "true"),
            ("x-ratelimit-scope", "global"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_stands_before_discord_answers_with_a_page() {
    let (sim, raw) = start().await;
    sim.inject(
        "*",
        "/**",
        Fault::rate_limited(Scope::Edge, Duration::from_secs(60)),
    );

    let refused = raw.get(ME).await;

    assert_eq!(refused.status(), Some(429));
    assert_eq!(refused.header("content-type"), Some("text/html"));
    assert!(refused.text().contains("Error 1015"));
    assert_eq!(refused.limits(), [("retry-after", "60")]);
}

#[tokio::test(start_paused = true)]
async fn headers_can_lie_and_be_left_out() {
    let (sim, raw) = start().await;
    let limited = || Fault::rate_limited(Scope::User, Duration::from_secs(2));
    let date = "Thu, 01 Jan 2026 00:01:00 GMT";
    sim.inject("GET", ME, limited().without_headers());
    sim.inject(
        "GET",
        ME,
        limited().without_headers().header("Retry-After", "0.5"),
    );
    sim.inject(
        "GET",
        ME,
        limited().remaining(3).header("Retry-After", date),
    );
    sim.inject("GET", ME, limited().without_body());

    let answers = [
        raw.get(ME).await,
        raw.get(ME).await,
        raw.get(ME).await,
        raw.get(ME).await,
    ];

    assert_eq!(answers[0].limits(), []);
    assert_eq!(answers[1].limits(), [("retry-after", "0.5")]);
    assert_eq!(answers[2].header("retry-after"), Some(date));
    assert_eq!(answers[2].header("x-ratelimit-remaining"), Some("3"));
    assert_eq!((answers[3].text(), answers[3].length()), ("", Some(0)));
    assert!(answers.iter().all(|answer| answer.status() == Some(429)));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_to_wait_longer_than_it_lasts() {
    let (sim, raw) = start().await;
    let minute = Duration::from_secs(60);
    sim.inject(
        "*",
        "/**",
        Fault::rate_limited(Scope::Global, minute).lasting(minute),
    );

    let mut told = Vec::new();
    for _ in 0..4 {
        let answer = raw.get(ME).await;
        told.push((
            answer.status(),
            answer.header("retry-after").map(str::to_owned),
        ));
        advance(Duration::from_secs(25)).await;
    }

    let limited = |after: &str| (Some(429), Some(after.to_owned()));
    assert_eq!(
        told,
        [
            limited("60"),
            limited("35"),
            limited("10"),
            (Some(200), None)
        ]
    );
}

// How often.

#[tokio::test(start_paused = true)]
async fn a_fault_hits_as_often_as_it_says_until_it_is_mended() {
    let (sim, raw) = start().await;
    sim.inject("GET", ME, Fault::status(500));
    sim.inject("GET", ME, Fault::status(502).times(2));
    sim.inject("*", "/**", Fault::status(503).always());

    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(raw.get(ME).await.status().expect("an answer"));
    }
    sim.mend();
    answers.push(raw.get(ME).await.status().expect("an answer"));

    assert_eq!(answers, [500, 502, 502, 503, 503, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_hits_only_what_it_is_for() {
    let (sim, raw) = start().await;
    sim.inject("POST", "/**", Fault::status(500).always());
    sim.inject("GET", "/channels/**", Fault::status(502).always());
    sim.inject("GET", "/guilds/*", Fault::status(503).always());
    let guild = sim.guild_id();

    let answers = [
        raw.get(ME).await.status(),
        raw.say(&sim, HELLO).await.status(),
        raw.get(&messages(&sim, "general")).await.status(),
        raw.get(&format!("/guilds/{guild}")).await.status(),
        raw.get(&format!("/guilds/{guild}/channels")).await.status(),
    ];

    assert_eq!(answers, [200, 500, 502, 503, 200].map(Some));
}

#[tokio::test(start_paused = true)]
async fn times_and_lasting_both_end_a_fault() {
    let (sim, raw) = start().await;
    let fault = || Fault::status(500).lasting(Duration::from_secs(10));
    sim.inject("GET", ME, fault().times(1));
    sim.inject("GET", "/gateway", fault().times(9));

    let limited = [raw.get(ME).await.status(), raw.get(ME).await.status()];
    let before = raw.get("/gateway").await.status();
    advance(Duration::from_secs(10)).await;
    let after = raw.get("/gateway").await.status();

    assert_eq!(limited, [Some(500), Some(200)]);
    assert_eq!([before, after], [Some(500), Some(200)]);
}

// What is answered.

#[tokio::test(start_paused = true)]
async fn a_status_comes_with_its_usual_body() {
    let (sim, raw) = start().await;
    sim.inject("GET", ME, Fault::status(403));
    sim.inject("GET", ME, Fault::html(502));
    sim.inject("GET", ME, Fault::answer(418, "tea"));
    sim.inject("GET", ME, Fault::unreadable());

    let answers = [
        raw.get(ME).await,
        raw.get(ME).await,
        raw.get(ME).await,
        raw.get(ME).await,
    ];

    let statuses = answers.iter().map(Arrived::status);
    assert!(statuses.eq([403, 502, 418, 200].map(Some)));
    assert_eq!(
        answers[0].text(),
        r#"{"code":0,"message":"403: Forbidden"}"#
    );
    assert_eq!(answers[1].header("content-type"), Some("text/html"));
    assert!(answers[1].text().contains("<h1>502 Bad Gateway</h1>"));
    assert_eq!(answers[2].text(), "tea");
    assert_eq!(
        answers[3].text(),
        r#"{"simulated":"not what was asked for"}"#
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_is_refused_when_it_is_made() {
    for status in [0, 100, 1_000] {
        assert!(std::panic::catch_unwind(|| Fault::status(status)).is_err());
    }
    assert!(std::panic::catch_unwind(|| Fault::hang_up().header("a b", "")).is_err());
}

#[tokio::test(start_paused = true)]
async fn json_can_end_too_early_and_bytes_be_no_gzip() {
    let (sim, raw) = start().await;
    sim.inject("GET", ME, Fault::truncated_json(500));
    sim.inject("GET", ME, Fault::garbage(200));

    let (truncated, garbage) = (raw.get(ME).await, raw.get(ME).await);

    assert_eq!(truncated.text(), r#"{"code":0,"message":"500"#);
    assert_eq!(truncated.length(), Some(truncated.body.len()));
    assert_eq!(garbage.header("content-encoding"), Some("gzip"));
    assert_eq!(garbage.body, b"\xde\xad\xbe\xef no gzip");
}

// How it is sent.

#[tokio::test(start_paused = true)]
async fn bodies_end_before_their_end() {
    let (sim, raw) = start().await;
    let whole = truth(&raw).await;
    let half = &whole[..whole.len() / 2];
    for fault in [
        Fault::stalled_body(200),
        Fault::cut_body(200),
        Fault::wrong_length(200),
        Fault::cut_chunks(200),
    ] {
        sim.inject("GET", ME, fault.after_effect());
    }

    let stalled = raw.get(ME).await;
    let cut = raw.get(ME).await;
    let wrong = raw.get(ME).await;
    let chunks = raw.get(ME).await;

    assert_eq!(
        (&stalled.body[..], stalled.length()),
        (half, Some(whole.len()))
    );
    assert!(stalled.is_stalled);
    assert_eq!((&cut.body[..], cut.length()), (half, Some(whole.len())));
    assert!(!cut.is_stalled);
    assert_eq!(
        (&wrong.body, wrong.length()),
        (&whole, Some(whole.len() * 2))
    );
    assert!(!wrong.is_stalled);
    let size = format!("{:X}\r\n", half.len());
    assert_eq!(chunks.body, [size.as_bytes(), half, b"\r\n"].concat());
    assert_eq!(chunks.header("transfer-encoding"), Some("chunked"));
    assert_eq!(chunks.length(), None);
    assert!(!chunks.is_stalled);
}

#[tokio::test(start_paused = true)]
async fn a_length_can_be_made_up() {
    let (sim, raw) = start().await;
    sim.inject(
        "GET",
        ME,
        Fault::answer(200, "12345").header("Content-Length", "9"),
    );
    sim.inject(
        "GET",
        ME,
        Fault::answer(200, "12345").header("Content-Length", "3"),
    );

    let (long, short) = (raw.get(ME).await, raw.get(ME).await);

    assert_eq!((long.text(), long.length()), ("12345", Some(9)));
    assert_eq!((short.text(), short.length()), ("123", Some(3)));
}

#[tokio::test(start_paused = true)]
async fn a_body_can_drip() {
    let (sim, raw) = start().await;
    sim.inject("GET", ME, Fault::dripping(500, Duration::from_secs(1)));
    let begun = Instant::now();

    let dripped = raw.get(ME).await;

    assert_eq!(
        dripped.text(),
        r#"{"code":0,"message":"500: Internal Server Error"}"#
    );
    let last = u64::try_from(dripped.body.len() - 1).expect("short");
    assert_eq!(begun.elapsed().as_secs(), last);
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_late_or_never_come() {
    let (sim, raw) = start().await;
    sim.inject("GET", ME, Fault::slow_headers(Duration::from_secs(7)));
    sim.inject("GET", ME, Fault::stalled());
    sim.inject("GET", ME, Fault::hang_up());
    let begun = Instant::now();

    let late = raw.get(ME).await;
    let waited = begun.elapsed();
    let (stalled, hung_up) = (raw.get(ME).await, raw.get(ME).await);

    assert_eq!((late.status(), waited.as_secs()), (Some(200), 7));
    assert_eq!((stalled.status(), stalled.is_stalled), (None, true));
    assert_eq!((hung_up.status(), hung_up.is_stalled), (None, false));
}

// What has an effect.

#[tokio::test(start_paused = true)]
async fn a_request_that_goes_wrong_has_an_effect_only_if_asked() {
    let faults = || [Fault::status(502), Fault::hang_up(), Fault::cut_body(200)];
    for fault in faults() {
        let (sim, raw) = start().await;
        sim.inject("POST", MESSAGES, fault.clone());
        sim.inject("POST", MESSAGES, fault.after_effect());

        raw.say(&sim, HELLO).await;
        let before = sent(&sim, &raw).await;
        raw.say(&sim, HELLO).await;
        let after = sent(&sim, &raw).await;

        assert_eq!((before, after), (0, 1));
        sim.stop().await.assert_replies(&["hello"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_arrive_whole_has_no_effect() {
    let (sim, raw) = start().await;

    let mut stream = TcpStream::connect(raw.address).await.expect("connected");
    let half = format!(
        "POST /api/v10{} HTTP/1.1\r\nauthorization: {}\r\ncontent-length: 99\r\n\r\n{HELLO}",
        messages(&sim, "general"),
        raw.token
    );
    stream.write_all(half.as_bytes()).await.expect("sent");
    drop(stream);
    sim.settle().await;

    assert_eq!(sent(&sim, &raw).await, 0);
    let requests = sim.requests();
    let half = requests.iter().rev().nth(1).expect("a request");
    assert_eq!((half.method(), half.status()), ("POST", None));
}

// Rate limits that are kept.

#[tokio::test(start_paused = true)]
async fn a_limit_is_kept_for_each_channel_until_it_is_reset() {
    let (sim, raw) = start().await;
    let http = sim.http();
    let other = http.create_guild_channel(sim.guild_id(), "other").await;
    other.expect("made");
    sim.limit("POST", MESSAGES, 5, Duration::from_secs(2));

    let mut remaining = Vec::new();
    for _ in 0..5 {
        let answer = raw.say(&sim, HELLO).await;
        assert_eq!(answer.status(), Some(200));
        let told = answer.header("x-ratelimit-remaining").expect("told");
        remaining.push(told.to_owned());
        advance(Duration::from_millis(100)).await;
    }
    let refused = raw.say(&sim, HELLO).await;
    let elsewhere = raw.ask("POST", &messages(&sim, "other"), HELLO).await;
    advance(Duration::from_millis(1_500)).await;
    let again = raw.say(&sim, HELLO).await;

    assert_eq!(remaining, ["4", "3", "2", "1", "0"]);
    assert_eq!(refused.status(), Some(429));
    assert_eq!(
        refused.limits(),
        [
            ("retry-after", "2"),
            ("x-ratelimit-bucket", "post-channels-id-messages"),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1767225602.000"),
            ("x-ratelimit-reset-after", "1.500"),
            ("x-ratelimit-scope", "user"),
        ]
    );
    assert!(refused.text().contains(r#""retry_after":1.5"#));
    assert_eq!(elsewhere.status(), Some(200));
    assert_eq!(again.header("x-ratelimit-remaining"), Some("4"));
    assert_eq!(again.header("x-ratelimit-scope"), None);
    assert_eq!(raw.get(ME).await.limits(), []);
}

#[tokio::test(start_paused = true)]
async fn the_scope_is_on_every_answer_if_asked() {
    let (sim, raw) = start().await;
    sim.limit("GET", ME, 5, Duration::from_secs(2));
    sim.scope_on_every_answer(true);

    assert_eq!(raw.get(ME).await.header("x-ratelimit-scope"), Some("user"));
}

#[tokio::test(start_paused = true)]
async fn routes_can_share_a_bucket_whose_name_changes() {
    let (sim, raw) = start().await;
    let window = Duration::from_secs(2);
    sim.limit_as("one", "GET", MESSAGES, 3, window);
    sim.limit_as("one", "POST", MESSAGES, 3, window);

    let first = raw.say(&sim, HELLO).await;
    let second = raw.get(&messages(&sim, "general")).await;
    sim.rename_bucket("one", "two");
    let third = raw.say(&sim, HELLO).await;
    let fourth = raw.get(&messages(&sim, "general")).await;

    let told = [&first, &second, &third, &fourth].map(|answer| {
        let told = |name| answer.header(name).expect("told");
        (told("x-ratelimit-bucket"), told("x-ratelimit-remaining"))
    });
    assert_eq!(
        told,
        [("one", "2"), ("one", "1"), ("two", "0"), ("two", "0")]
    );
    assert_eq!((third.status(), fourth.status()), (Some(200), Some(429)));
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_everything_leaves_answers_to_interactions_alone() {
    let (sim, raw) = start().await;
    sim.limit_all(2);
    let application = sim.http().current_user_application().await.expect("read");
    let application = application.model().await.expect("an application").id;
    let follow_up = format!("/webhooks/{application}/token");

    let admitted = raw.get(ME).await;
    let refused = raw.get("/gateway").await;
    let callback = raw
        .ask("POST", "/interactions/1/token/callback", "{}")
        .await;
    let webhook = raw.ask("POST", &follow_up, HELLO).await;
    advance(Duration::from_secs(1)).await;
    let again = raw.get(ME).await;

    assert_eq!(
        (admitted.status(), refused.status()),
        (Some(200), Some(429))
    );
    assert_eq!(
        refused.limits(),
        [
            ("retry-after", "1"),
            ("x-ratelimit-global", "true"),
            ("x-ratelimit-scope", "global"),
        ]
    );
    assert_eq!(
        (callback.status(), webhook.status()),
        (Some(404), Some(401))
    );
    assert_eq!(again.status(), Some(200));
}

#[tokio::test(start_paused = true)]
async fn limits_can_be_lifted_and_are_not_mended() {
    let (sim, raw) = start().await;
    sim.limit("GET", ME, 0, Duration::from_secs(2));
    sim.limit_all(100);

    sim.mend();
    let mended = raw.get(ME).await.status();
    sim.lift_limits();
    let lifted = raw.get(ME).await;

    assert_eq!((mended, lifted.status()), (Some(429), Some(200)));
    assert_eq!(lifted.limits(), []);
}

#[tokio::test(start_paused = true)]
async fn a_made_up_refusal_tells_of_the_limit_that_is_kept() {
    let (sim, raw) = start().await;
    sim.limit_as("own", "GET", ME, 7, Duration::from_secs(2));
    sim.inject(
        "GET",
        ME,
        Fault::rate_limited(Scope::Shared, Duration::from_secs(9)),
    );

    let refused = raw.get(ME).await;

    assert_eq!(refused.header("x-ratelimit-bucket"), Some("own"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("6"));
    assert_eq!(refused.header("retry-after"), Some("9"));
}

// The nonce.

#[tokio::test(start_paused = true)]
async fn an_enforced_nonce_sends_one_message() {
    let (sim, raw) = start().await;
    let once = r#"{"content":"hello","nonce":"a1","enforce_nonce":true}"#;
    sim.inject("POST", MESSAGES, Fault::hang_up().after_effect());

    let lost = raw.say(&sim, once).await;
    let found = raw.say(&sim, once).await;
    let again = raw.say(&sim, once).await;

    assert_eq!(lost.status(), None);
    assert!(found.text().contains(r#""nonce":"a1""#), "{found:?}");
    assert_eq!(found.text(), again.text());
    assert_eq!(sent(&sim, &raw).await, 1);
    advance(Duration::from_secs(5 * 60)).await;
    raw.say(&sim, once).await;
    assert_eq!(sent(&sim, &raw).await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_nonce_that_is_not_enforced_is_only_told() {
    let (sim, raw) = start().await;

    for _ in 0..2 {
        raw.say(&sim, r#"{"content":"hello","nonce":7}"#).await;
    }
    let long = format!(r#"{{"content":"hello","nonce":"{}"}}"#, "n".repeat(26));
    let refused = raw.say(&sim, &long).await;

    assert_eq!(sent(&sim, &raw).await, 2);
    assert_eq!(refused.status(), Some(400));
    assert!(
        refused.text().contains(r#""nonce":{"_errors""#),
        "{refused:?}"
    );
}

// The record.

#[tokio::test(start_paused = true)]
async fn every_request_is_recorded() {
    let (sim, raw) = start().await;
    let before = sim.requests().len();
    sim.inject(
        "GET",
        ME,
        Fault::rate_limited(Scope::User, Duration::from_secs(1)),
    );
    sim.inject("GET", ME, Fault::hang_up());

    raw.get(ME).await;
    advance(Duration::from_secs(3)).await;
    raw.get(ME).await;
    raw.ask("POST", "/interactions/1/secret/callback", "{}")
        .await;

    let requests = sim.requests().split_off(before);
    let told: Vec<_> = requests
        .iter()
        .map(|request| (request.method(), request.path(), request.status()))
        .collect();
    assert_eq!(
        told,
        [
            ("GET", ME, Some(429)),
            ("GET", ME, None),
            ("POST", "/interactions/1/{token}/callback", Some(404)),
        ]
    );
    assert!(requests[0].is_rate_limited() && !requests[1].is_rate_limited());
    assert_eq!(requests[1].at(), requests[0].at() + Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_request_whose_client_went_away() {
    let (sim, raw) = start().await;
    let before = sim.requests().len();
    sim.delay("GET", "/gateway", PATIENCE);
    sim.inject("GET", ME, Fault::stalled());
    sim.inject("GET", ME, Fault::stalled_body(200));
    sim.inject("GET", ME, Fault::slow_headers(PATIENCE));
    let begun = Instant::now();

    for path in [ME, ME, ME, "/gateway"] {
        let stream = raw.send("GET", path, "").await;
        // Long enough for the request to arrive.
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(stream);
    }
    sim.settle().await;

    assert_eq!(begun.elapsed().as_secs(), 4);
    let requests = sim.requests().split_off(before);
    let statuses: Vec<_> = requests.iter().map(RequestRecord::status).collect();
    assert_eq!(statuses, [None, Some(200), None, None]);
}

#[tokio::test(start_paused = true)]
async fn settling_waits_for_a_client_that_still_waits() {
    let (sim, raw) = start().await;
    sim.inject("GET", ME, Fault::stalled());
    let begun = Instant::now();

    let waiting = tokio::spawn(async move {
        let stream = raw.send("GET", ME, "").await;
        tokio::time::sleep(Duration::from_secs(30)).await;
        drop(stream);
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    sim.settle().await;

    assert_eq!(begun.elapsed().as_secs(), 30);
    waiting.await.expect("waited");
}

// The bot, meanwhile.

#[tokio::test(start_paused = true)]
async fn a_bot_sees_what_goes_wrong() {
    #[listener]
    async fn asks(_: &Context, _: &MemberAdd, http: Http) -> Result<()> {
        http.current_user().await?;
        Ok(())
    }
    let sim = Simulator::start(Bot::builder().add(handlers![asks])).await;
    sim.inject("GET", ME, Fault::status(503).always());

    sim.join("alice").await;

    let transcript = sim.stop().await;
    let mut reports = transcript.reports();
    let failure = &reports.next().expect("something failed").failure;
    assert!(
        failure.is::<cordial::exception::Unavailable>(),
        "{failure:?}"
    );
}
