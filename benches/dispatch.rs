//! What cordial costs per event: with listeners that succeed, and with ones that fail.
//!
//! ```text
//! RUST_BACKTRACE=0 cargo bench --bench dispatch
//! ```
//!
//! With `RUST_BACKTRACE=1` each failure walks the stack, which takes longer than all else.
//!
//! - `ok`: one event handed to 1 and to 10 listeners that succeed at once, until all have ended.
//!   `by hand` is what a loop without a framework would do: a task for each function, joined.
//! - `failure`: one event handed to a listener that fails, until an error handler has handled the
//!   failure, with 1, 100 and 1,000 error handlers registered, each for a type of its own. Depth is
//!   the number of types that the error is-a; the error handler is for the broadest. `boxed` is depth
//!   1 in a `Box<dyn Error>`, of which the type has to be tried.
//!
//! Subtract `ok/1 listener` from a `failure` for what the failure itself costs.

#![expect(missing_docs, reason = "criterion writes functions without")]

use std::hint::black_box;
use std::sync::Arc;

use cordial::event::Resumed;
use cordial::prelude::*;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tokio::runtime::{Builder, Runtime};

#[listener]
async fn succeeds(_: &Context, _: &Resumed) {}

/// Ten listeners that do nothing, each of another name.
fn ten_listeners() -> BotBuilder {
    (0..10).fold(Bot::builder(), |bot, index| {
        bot.listener(Listener::new(succeeds_too).name(format!("listener {index}")))
    })
}

async fn succeeds_too(_: &Context, _: &Resumed) {}

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Depth1;

macro_rules! deeper {
    ($($name:ident is $base:ident,)*) => {$(
        #[derive(Debug, thiserror::Error, Exception)]
        #[error("a problem")]
        struct $name {
            #[base]
            base: $base,
        }
    )*};
}

deeper! {
    Depth2 is Depth1,
    Depth3 is Depth2,
    Depth4 is Depth3,
    Depth5 is Depth4,
    Depth6 is Depth5,
}

#[listener]
async fn fails_at_1(_: &Context, _: &Resumed) -> Result<()> {
    Err(Depth1.into())
}

#[listener]
async fn fails_at_6(_: &Context, _: &Resumed) -> Result<()> {
    let base = Depth3 {
        base: Depth2 { base: Depth1 },
    };
    let base = Depth5 {
        base: Depth4 { base },
    };
    Err(Depth6 { base }.into())
}

/// Fails with an error that is in a box: what it is has to be tried.
#[listener]
async fn fails_in_a_box(
    _: &Context,
    _: &Resumed,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Err(Depth1.into())
}

#[error_handler]
async fn handles(_: &ErrorContext, error: &Depth1) -> bool {
    black_box(error);
    true
}

/// An error that does not happen, one of a thousand.
#[derive(Debug, thiserror::Error)]
#[error("another problem")]
struct Unrelated<const N: usize>;

async fn unrelated<const N: usize>(_: &ErrorContext, _: &Unrelated<N>) -> bool {
    true
}

fn add<const N: usize>(bot: BotBuilder) -> BotBuilder {
    // The first of each hundred, or thousand, is the one that handles the failure.
    if N == 0 {
        return bot;
    }
    bot.error_handler(ErrorHandler::new(unrelated::<N>).name(format!("unrelated {N}")))
}

macro_rules! for_ten {
    ($bot:expr, $start:expr) => {{
        let bot = add::<{ $start }>($bot);
        let bot = add::<{ $start + 1 }>(bot);
        let bot = add::<{ $start + 2 }>(bot);
        let bot = add::<{ $start + 3 }>(bot);
        let bot = add::<{ $start + 4 }>(bot);
        let bot = add::<{ $start + 5 }>(bot);
        let bot = add::<{ $start + 6 }>(bot);
        let bot = add::<{ $start + 7 }>(bot);
        let bot = add::<{ $start + 8 }>(bot);
        add::<{ $start + 9 }>(bot)
    }};
}

macro_rules! for_hundred {
    ($bot:expr, $start:expr) => {{
        let bot = for_ten!($bot, $start);
        let bot = for_ten!(bot, $start + 10);
        let bot = for_ten!(bot, $start + 20);
        let bot = for_ten!(bot, $start + 30);
        let bot = for_ten!(bot, $start + 40);
        let bot = for_ten!(bot, $start + 50);
        let bot = for_ten!(bot, $start + 60);
        let bot = for_ten!(bot, $start + 70);
        let bot = for_ten!(bot, $start + 80);
        for_ten!(bot, $start + 90)
    }};
}

fn hundred(bot: BotBuilder) -> BotBuilder {
    for_hundred!(bot, 0)
}

fn thousand(bot: BotBuilder) -> BotBuilder {
    let bot = for_hundred!(hundred(bot), 100);
    let bot = for_hundred!(bot, 200);
    let bot = for_hundred!(bot, 300);
    let bot = for_hundred!(bot, 400);
    let bot = for_hundred!(bot, 500);
    let bot = for_hundred!(bot, 600);
    let bot = for_hundred!(bot, 700);
    let bot = for_hundred!(bot, 800);
    for_hundred!(bot, 900)
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn built(bot: BotBuilder) -> Bot {
    bot.build().expect("a bot without mistakes")
}

async fn dispatch(bot: &Bot) {
    let invocations = bot.dispatch(Event::Resumed).await.expect("nothing is sent");
    black_box(invocations);
}

fn ok(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("ok");
    let bots = [
        ("1 listener", built(Bot::builder().add(handlers![succeeds]))),
        ("10 listeners", built(ten_listeners())),
    ];
    for (name, bot) in &bots {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| runtime.block_on(dispatch(bot)));
        });
    }
    for count in [1, 10] {
        let by_hand = || async {
            let event = Arc::new(Event::Resumed);
            let spawn = |_| {
                let event = Arc::clone(&event);
                tokio::spawn(async move { drop(black_box(event)) })
            };
            let tasks: Vec<_> = (0..count).map(spawn).collect();
            for task in tasks {
                task.await.expect("nothing panics");
            }
        };
        group.bench_function(BenchmarkId::new("by hand", count), |bencher| {
            bencher.iter(|| runtime.block_on(by_hand()));
        });
    }
    group.finish();
}

fn failure(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("failure");
    let at_1 = || Bot::builder().add(handlers![fails_at_1, handles]);
    let boxed = || Bot::builder().add(handlers![fails_in_a_box, handles]);
    let at_6 = || Bot::builder().add(handlers![fails_at_6, handles]);
    let bots = [
        ("depth 1", 1, built(at_1())),
        ("depth 1", 100, built(hundred(at_1()))),
        ("depth 1", 1_000, built(thousand(at_1()))),
        ("depth 6", 1, built(at_6())),
        ("depth 6", 100, built(hundred(at_6()))),
        ("depth 6", 1_000, built(thousand(at_6()))),
        ("boxed", 1, built(boxed())),
        ("boxed", 100, built(hundred(boxed()))),
        ("boxed", 1_000, built(thousand(boxed()))),
    ];
    for (depth, registered, bot) in &bots {
        group.bench_function(BenchmarkId::new(*depth, registered), |bencher| {
            bencher.iter(|| runtime.block_on(dispatch(bot)));
        });
    }
    group.finish();
}

criterion_group!(benches, ok, failure);
criterion_main!(benches);
