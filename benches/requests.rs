//! What becomes of requests when Discord limits, refuses, hangs or breaks: cordial's beside those of
//! plain twilight-http, on the same simulated Discord.
//!
//! ```text
//! RUST_BACKTRACE=0 cargo bench --bench requests
//! ```
//!
//! prints a table in Markdown, after about two minutes. Both sides make the very same calls, by the same
//! methods of the same type: twilight's `Client`, as its builder makes it, with its rate limiter and its
//! timeout; and the `Client` that cordial gives to handlers. Each measurement has a Discord, a bot and a
//! thread of its own. What takes little and may be disturbed is measured alone; what only takes long,
//! side by side.
//!
//! Time is real, since twilight's limiter reads two clocks, of which a test stops one; except where a row
//! says why that makes no difference.
//!
//! Run as a test, it looks at what takes no time, and prints nothing.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::fmt::{self, Display};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use cordial::exception::{HttpError, RequestTimedOut, Scope};
use cordial::prelude::*;
use cordial::testing::{Fault, Person, Simulator};
use cordial::twilight::http::{Client, Error};
use cordial::twilight::model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use cordial::twilight::model::id::marker::{ApplicationMarker, InteractionMarker};
use futures_util::future::join_all;
use tokio::runtime::Builder;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, sleep, timeout};

const MESSAGES: &str = "/channels/*/messages";
const CALLBACK: &str = "/interactions/*/*/callback";

/// How long an answer takes that comes from far away.
const FAR_AWAY: Duration = Duration::from_millis(50);

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    if !has("--bench") || has("--test") {
        stalled_body().end();
        bad_gateway().end();
        lost_answer().end();
        return;
    }

    // One after the other, as long as they may be disturbed.
    let [get, send] = overhead();
    let hanging = [Hang::Callbacks, Hang::Users, Hang::Messages].map(beside_hanging_calls);
    let rest = [
        twenty_first_answers(),
        day_of_refusals(),
        stalled_body(),
        bad_gateway(),
        lost_answer(),
    ];
    let [one, ten] = [1, 10].map(limited_globally);
    let limited = [one, ten, webhook_blocked_at_the_edge()];
    let rows = limited.into_iter().chain(hanging).chain(rest);
    print(rows.chain([get, send]));
}

/// Requests sent within the 60 seconds for which Discord told the bot to send none, after calls were
/// made that read the messages of some channels, one each.
///
/// An answer takes 50 ms, as from far away, which is how fast whoever does not wait asks again. The calls
/// are given up when the time is over: all but the first request of each were sent too early.
fn limited_globally(calls: u64) -> Row {
    let time = Duration::from_secs(60);
    let measure = move |rig: Rig| async move {
        let limited = Fault::rate_limited(Scope::Global, time);
        rig.sim.inject("*", "/**", limited.lasting(time));
        rig.sim.delay("*", "/**", FAR_AWAY);
        let channels = (1..=calls).map(Id::new);
        let calls = channels.map(|channel| rig.client.channel_messages(channel).into_future());
        drop(timeout(time, join_all(calls)).await);
        rig.asked("/channels")
    };
    let what = match calls {
        1 => "requests in 60 s of a global 429, by one call".to_owned(),
        _ => format!("the same, by {calls} calls for as many channels"),
    };
    Row::new(what, |by| Side::begin(by, Clock::Real, measure))
}

/// Requests sent within 5 seconds in which what stands before Discord answers 429 to all, after one call
/// of a webhook. twilight's limiter does not hold back webhooks. An answer takes 50 ms here, too: without
/// that, the count would say how fast this machine is.
fn webhook_blocked_at_the_edge() -> Row {
    let time = Duration::from_secs(5);
    let measure = move |rig: Rig| async move {
        let blocked = Fault::rate_limited(Scope::Edge, time);
        rig.sim.inject("*", "/**", blocked.lasting(time));
        rig.sim.delay("*", "/**", FAR_AWAY);
        let webhook = rig.client.execute_webhook(Id::new(7), "token");
        drop(timeout(time, webhook.content("hello")).await);
        rig.asked("/webhooks")
    };
    let what = "requests in 5 s of a 429 at the edge, by one call of a webhook";
    Row::new(what, |by| Side::begin(by, Clock::Real, measure))
}

/// How long it takes until 20 interactions that arrived together have their first answers, where each
/// takes Discord 200 ms, and how many were answered in time: within 3 seconds.
fn twenty_first_answers() -> Row {
    let measure = async |rig: Rig| {
        let presses = rig.presses(20).await;
        rig.sim.delay("POST", CALLBACK, Duration::from_millis(200));
        let began = Instant::now();
        let answers = join_all(presses.iter().map(|press| press.answer(&rig.client))).await;
        let took = began.elapsed();
        let taken = answers.iter().filter(|answer| answer.is_ok()).count();
        format!("{}, {taken} in time", Shown(took))
    };
    let what = "20 first answers at once, of 200 ms each";
    Row::new(what, |by| Side::begin(by, Clock::Real, measure).end())
}

/// How much later a first answer is given while ten other calls hang, than when none does.
fn beside_hanging_calls(what: Hang) -> Row {
    let measure = move |rig: Rig| async move {
        let mut presses = rig.presses(12).await;
        let (first, last) = (presses.pop(), presses.pop());
        let answer = async |press: Option<Press>| {
            let began = Instant::now();
            // It may come too late to be taken.
            drop(press.expect("twelve").answer(&rig.client).await);
            began.elapsed()
        };
        let without = answer(first).await;

        let hanging = what.begin(&rig, presses);
        sleep(Duration::from_millis(100)).await;
        let with = answer(last).await;

        drop(hanging);
        Shown(with.saturating_sub(without)).to_string()
    };
    let what_is_late = format!("delay of a first answer while 10 {what} hang");
    Row::new(what_is_late, |by| match (by, what) {
        // These take long.
        (By::Twilight, Hang::Callbacks | Hang::Users) => Side::begin(by, Clock::Real, measure),
        _ => Side::begin(by, Clock::Real, measure).end(),
    })
}

/// Requests that Discord refuses with 403 in a day, where a bot writes to three channels in which it may
/// not, every 10 seconds. Discord blocks an address after 10,000 in 10 minutes.
///
/// Time is virtual: no header says anything of a limit, so that twilight's limiter has nothing to wait
/// for, and whichever clock it reads makes no difference.
fn day_of_refusals() -> Row {
    const DAY: u64 = 24 * 60 * 60;

    let measure = async |rig: Rig| {
        let refused = r#"{"code":50013,"message":"Missing Permissions"}"#;
        let refused = Fault::answer(403, refused).without_headers().always();
        rig.sim.inject("POST", MESSAGES, refused);
        for _ in 0..DAY / 10 {
            let calls = [1, 2, 3].map(|channel| {
                let call = rig.client.create_message(Id::new(channel));
                call.content("hello").into_future()
            });
            let answers = join_all(calls).await;
            assert!(answers.iter().all(Result::is_err), "it is forbidden");
            sleep(Duration::from_secs(10)).await;
        }
        rig.asked("/channels")
    };
    let what = "403s in a day of a call every 10 s to each of 3 forbidden channels";
    Row::new(what, |by| Side::begin(by, Clock::Virtual, measure).end())
}

/// What becomes of a call whose answer stops in the middle, and of each attempt after it.
///
/// Time is virtual: nothing is limited, and what is waited for are timeouts on tokio's clock, if any.
fn stalled_body() -> Row {
    let patience = Duration::from_secs(60 * 60);
    let measure = move |rig: Rig| async move {
        let stalled = Fault::stalled_body(200).always();
        rig.sim.inject("GET", MESSAGES, stalled);
        let began = Instant::now();
        let read = async {
            let asked = rig.client.channel_messages(rig.channel).await?;
            asked.model().await?;
            Ok::<_, Failure>(())
        };
        match timeout(patience, read).await {
            Err(_) => "still waiting after an hour".to_owned(),
            Ok(Ok(())) => "read".to_owned(),
            Ok(Err(failure)) => {
                let late = failure.find::<RequestTimedOut>();
                let late = late.expect("the only way to fail");
                let (took, attempts) = (Shown(began.elapsed()), late.attempts());
                format!("`RequestTimedOut` after {took}, {attempts} attempts")
            }
        }
    };
    let what = "a body that stops in the middle, each time";
    Row::new(what, |by| Side::begin(by, Clock::Virtual, measure))
}

/// What a caller knows after Discord's proxy has answered with a page, and status 502.
///
/// Time is virtual: what is waited for is only the time between cordial's attempts.
fn bad_gateway() -> Row {
    let measure = async |rig: Rig| {
        rig.sim.inject("GET", MESSAGES, Fault::html(502).always());
        let asked = rig.client.channel_messages(rig.channel).await;
        let failure = Failure::from(asked.expect_err("it fails"));
        match failure.find::<HttpError>() {
            Some(error) => {
                let status = error.status();
                let plural = if error.attempts() == 1 { "" } else { "s" };
                format!("status {status}, {} attempt{plural}", error.attempts())
            }
            None => "an error without a status".to_owned(),
        }
    };
    let what = "a page with status 502";
    Row::new(what, |by| Side::begin(by, Clock::Virtual, measure))
}

/// Messages that there are after one was sent of which the answer was lost, by a caller who tries again
/// until there is one.
///
/// Time is virtual, as above.
fn lost_answer() -> Row {
    let measure = async |rig: Rig| {
        let lost = Fault::hang_up().after_effect();
        rig.sim.inject("POST", MESSAGES, lost);
        let send = || {
            let call = rig.client.create_message(rig.channel);
            call.content("hello").into_future()
        };
        let mut calls = 1;
        while send().await.is_err() {
            calls += 1;
        }
        let plural = if calls == 1 { "" } else { "s" };
        let messages = rig.sim.transcript().replies().len();
        format!("{messages}, by {calls} call{plural}")
    };
    let what = "messages, where the answer to the first attempt is lost";
    Row::new(what, |by| Side::begin(by, Clock::Virtual, measure))
}

/// What a request costs when all is well: the median of 200, where each kind has its turn in each round.
/// Rounds are so far apart that nothing waits for the 50 a second.
///
/// Of a client in a handler, with the lane between it and what carries requests; and of `ctx.reply`,
/// which needs none.
fn overhead() -> [Row; 2] {
    const ROUNDS: usize = 200;

    let measure = async |rig: Rig| {
        let (plain, ctx) = (rig.sim.http(), rig.context());
        let user = async |client: &Client| {
            let asked = client.current_user().await.expect("the bot");
            drop(asked.model().await.expect("a user"));
        };
        let mut times: [Vec<Duration>; 4] = Default::default();
        for turn in 0..4 * ROUNDS {
            // Whoever is the first after a pause takes longer: each is as often.
            let kind = (turn + turn / 4) % 4;
            let began = Instant::now();
            match kind {
                0 => user(&plain).await,
                1 => user(&rig.client).await,
                2 => {
                    let sent = plain.create_message(rig.channel).content("hello").await;
                    drop(sent.expect("sent").model().await.expect("a message"));
                }
                _ => drop(ctx.reply("hello").await.expect("sent")),
            }
            times[kind].push(began.elapsed());
            if turn % 4 == 3 {
                sleep(Duration::from_millis(50)).await;
            }
        }
        times
            .map(|times| median(times).as_micros().to_string())
            .join(" ")
    };
    let medians = Side::begin(By::Cordial, Clock::Real, measure).text();
    let medians: Vec<f64> = medians.split(' ').flat_map(str::parse).collect();
    let row = |what: &str, plain: f64, own: f64| Row {
        what: what.to_owned(),
        twilight: Side::Ended(format!("{plain} µs")),
        cordial: Side::Ended(format!("{own} µs ({:.1} times that)", own / plain)),
    };
    [
        row("`client.current_user()`", medians[0], medians[1]),
        row(
            "a message, by `ctx.reply` in cordial",
            medians[2],
            medians[3],
        ),
    ]
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// What hangs.
#[derive(Clone, Copy)]
enum Hang {
    /// First answers to other interactions.
    Callbacks,
    /// Requests for users.
    Users,
    /// Requests for the messages of a channel.
    Messages,
}

impl Hang {
    /// Begins calls that get no answer.
    fn begin(self, rig: &Rig, presses: Vec<Press>) -> JoinSet<()> {
        let (method, path) = match self {
            Self::Callbacks => ("POST", CALLBACK),
            Self::Users => ("GET", "/users/*"),
            Self::Messages => ("GET", MESSAGES),
        };
        rig.sim.inject(method, path, Fault::stalled().times(10));
        let channel = rig.channel;
        let calls = presses.into_iter().map(|press| {
            let client = Arc::clone(&rig.client);
            async move {
                match self {
                    Self::Callbacks => drop(press.answer(&client).await),
                    Self::Users => drop(client.user(press.user).await),
                    Self::Messages => drop(client.channel_messages(channel).await),
                }
            }
        });
        calls.collect()
    }
}

impl Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Callbacks => "other first answers",
            Self::Users => "requests for users",
            Self::Messages => "requests for messages",
        })
    }
}

/// Whose requests are measured.
#[derive(Clone, Copy)]
enum By {
    Twilight,
    Cordial,
}

/// Which time passes.
#[derive(Clone, Copy)]
enum Clock {
    Real,
    Virtual,
}

/// A Discord with a bot on it, and whose requests are measured.
struct Rig {
    sim: Simulator,
    client: Arc<Client>,
    alice: Person,
    channel: Id<ChannelMarker>,
    kept: Kept,
}

/// What the bot keeps of what it is told.
#[derive(Clone, Default)]
struct Kept {
    context: Arc<Mutex<Option<Context>>>,
    presses: Arc<Mutex<Vec<Press>>>,
}

/// An interaction that waits for its first answer.
struct Press {
    application: Id<ApplicationMarker>,
    id: Id<InteractionMarker>,
    token: String,
    user: Id<UserMarker>,
}

#[listener]
async fn keeps(ctx: &Context, _: &MessageCreate, kept: State<Kept>) {
    kept.context
        .lock()
        .expect("no panic")
        .get_or_insert_with(|| ctx.clone());
}

/// Wait for an answer that is given from elsewhere.
#[command]
async fn waits(ctx: &CommandContext, kept: State<Kept>) {
    let interaction = ctx.interaction();
    let press = Press {
        application: interaction.application_id,
        id: interaction.id,
        token: ctx.responder().token().expect("it is new"),
        user: ctx.user().id,
    };
    kept.presses.lock().expect("no panic").push(press);
    std::future::pending::<()>().await;
}

impl Rig {
    async fn new(by: By) -> Self {
        let kept = Kept::default();
        let bot = Bot::builder().never_defer().state(kept.clone());
        let sim = Simulator::start(bot.add(handlers![keeps, waits])).await;
        let alice = sim.join("alice").await;
        alice.say("hello").await;
        let channel = sim.channel_id("general").expect("a channel");
        let mut rig = Self {
            client: sim.http(),
            sim,
            alice,
            channel,
            kept,
        };
        if let By::Cordial = by {
            rig.client = Arc::clone(rig.context().shared_http());
        }
        // With a connection to begin with.
        drop(rig.client.channel(channel).await.expect("a channel"));
        rig
    }

    /// Returns a context of cordial's.
    fn context(&self) -> Context {
        let context = self.kept.context.lock().expect("no panic");
        context.clone().expect("a message was sent")
    }

    /// Lets somebody use a command so many times at once.
    async fn presses(&self, count: usize) -> Vec<Press> {
        let alice = &self.alice;
        let runs = (0..count).map(|_| {
            let alice = alice.clone();
            async move { alice.run("/waits").await }
        });
        // They would wait for the answers.
        let _runs: JoinSet<()> = runs.collect();
        while self.kept.presses.lock().expect("no panic").len() < count {
            yield_now().await;
        }
        std::mem::take(&mut *self.kept.presses.lock().expect("no panic"))
    }

    /// Counts how often was asked for what a path begins with, but for the first connection.
    fn asked(&self, path: &str) -> String {
        let asked = self.sim.requests().into_iter();
        let asked = asked.filter(|record| record.path().starts_with(path));
        let is_first = format!("/channels/{}", self.channel);
        let count = asked.filter(|record| record.path() != is_first).count();
        match (count / 1_000, count % 1_000) {
            (0, count) => count.to_string(),
            (thousands, rest) => format!("{thousands},{rest:03}"),
        }
    }
}

impl Press {
    /// Gives the first answer.
    async fn answer(&self, client: &Client) -> Result<(), Error> {
        let response = InteractionResponse {
            kind: InteractionResponseType::ChannelMessageWithSource,
            data: Some(InteractionResponseData {
                content: Some("hello".to_owned()),
                ..InteractionResponseData::default()
            }),
        };
        let client = client.interaction(self.application);
        client
            .create_response(self.id, &self.token, &response)
            .await?;
        Ok(())
    }
}

/// One row of the table.
struct Row {
    what: String,
    twilight: Side,
    cordial: Side,
}

impl Row {
    fn new(what: impl Into<String>, mut side: impl FnMut(By) -> Side) -> Self {
        Self {
            what: what.into(),
            cordial: side(By::Cordial),
            twilight: side(By::Twilight),
        }
    }

    /// Waits until it is measured.
    fn end(self) -> Self {
        Self {
            what: self.what,
            twilight: self.twilight.end(),
            cordial: self.cordial.end(),
        }
    }
}

/// What is measured of one side.
enum Side {
    Running(JoinHandle<String>),
    Ended(String),
}

impl Side {
    /// Begins to measure, on a thread of its own.
    fn begin<M, F>(by: By, clock: Clock, measure: M) -> Self
    where
        M: FnOnce(Rig) -> F + Send + 'static,
        F: Future<Output = String>,
    {
        Self::Running(std::thread::spawn(move || {
            let is_virtual = matches!(clock, Clock::Virtual);
            let runtime = Builder::new_current_thread()
                .enable_all()
                .start_paused(is_virtual)
                .build()
                .expect("a runtime");
            runtime.block_on(async { measure(Rig::new(by).await).await })
        }))
    }

    /// Waits until it is measured.
    fn end(self) -> Self {
        Self::Ended(self.text())
    }

    fn text(self) -> String {
        match self {
            Self::Running(thread) => thread.join().expect("it can be measured"),
            Self::Ended(text) => text,
        }
    }
}

/// A time, as exactly as it is of use.
struct Shown(Duration);

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            // What is measured once is off by that much where other programs run.
            ..5 => f.write_str("under 5 ms"),
            millis @ ..1_000 => write!(f, "{millis} ms"),
            _ => write!(f, "{:.1} s", self.0.as_secs_f64()),
        }
    }
}

/// Prints the table, and what it was measured with.
fn print(rows: impl Iterator<Item = Row>) {
    println!("| | twilight-http | cordial |");
    println!("|---|---:|---:|");
    for Row {
        what,
        twilight,
        cordial,
    } in rows
    {
        println!("| {what} | {} | {} |", twilight.text(), cordial.text());
    }
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!();
    println!(
        "`cargo bench --bench requests`: cordial {}, twilight-http {}, {cores} cores, {profile}",
        env!("CARGO_PKG_VERSION"),
        version_of("twilight-http"),
    );
}

/// Returns the version of a package that this was built with.
fn version_of(package: &str) -> String {
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
    let lock = std::fs::read_to_string(lock).unwrap_or_default();
    let found = lock.split_once(&format!("name = \"{package}\"\nversion = \""));
    let version = found.and_then(|(_, rest)| rest.split('"').next());
    version.unwrap_or("of unknown version").to_owned()
}
