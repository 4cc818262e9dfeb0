//! What a failure is: any error, panic, timeout or cancellation, with its circumstances.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::error::Error;
use std::fmt;
use std::num::ParseIntError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::IntoFailure;
use cordial::exception::{
    Cancelled, GatewayError, HandlerError, MalformedEvent, Panicked, TimedOut,
};
use cordial::meta::HandlerKind;
use cordial::outcome::{Observer, Report, Resolution};
use cordial::prelude::*;
use cordial::testing::{Feed, Log, Simulator, Transcript};
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::UserMarker;
use tokio::sync::Notify;

/// Runs a bot, lets somebody join, and returns what happened.
async fn joined(bot: BotBuilder) -> Transcript {
    let sim = Simulator::start(bot).await;
    sim.join("alice").await;
    sim.stop().await
}

/// Returns the report of the only failure.
fn only(transcript: &Transcript) -> &Report {
    let mut reports = transcript.reports();
    let report = reports.next().expect("something failed");
    assert!(reports.next().is_none(), "{transcript}");
    report
}

fn not_a_number() -> ParseIntError {
    "many".parse::<u8>().expect_err("no number")
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("nothing there")]
struct Nothing;

#[error_handler]
async fn number(_: &ErrorContext, _: &ParseIntError) -> bool {
    true
}

// Every sort of error.

#[listener]
async fn fails_by_question_mark(_: &Context, _: &MemberAdd) -> Result<()> {
    "many".parse::<u8>()?;
    Ok(())
}

#[listener]
async fn fails_with_its_own_type(_: &Context, _: &MemberAdd) -> Result<(), ParseIntError> {
    Err(not_a_number())
}

#[listener]
async fn fails_with_a_box(_: &Context, _: &MemberAdd) -> Result<(), Box<dyn Error + Send + Sync>> {
    Err(not_a_number().into())
}

#[listener]
async fn fails_with_anyhow(_: &Context, _: &MemberAdd) -> anyhow::Result<()> {
    Err(anyhow::Error::new(not_a_number()).context("reading the number"))
}

#[listener]
async fn fails_with_eyre(_: &Context, _: &MemberAdd) -> eyre::Result<()> {
    Err(eyre::Report::new(not_a_number()).wrap_err("reading the number"))
}

#[listener]
async fn fails_with_a_converted_box(_: &Context, _: &MemberAdd) -> Result<()> {
    let boxed: Box<dyn Error + Send + Sync> = not_a_number().into();
    Err(boxed.into_failure())
}

#[listener]
async fn fails_with_a_converted_report(_: &Context, _: &MemberAdd) -> Result<()> {
    Err(anyhow::Error::new(not_a_number()).into_failure())
}

#[tokio::test(start_paused = true)]
async fn any_error_is_found_by_its_type() {
    let transcript = joined(Bot::builder().add(handlers![
        fails_by_question_mark,
        fails_with_its_own_type,
        fails_with_a_box,
        fails_with_anyhow,
        fails_with_eyre,
        fails_with_a_converted_box,
        fails_with_a_converted_report,
        number,
    ]))
    .await;

    for listener in [
        "fails_by_question_mark",
        "fails_with_its_own_type",
        "fails_with_a_box",
        "fails_with_anyhow",
        "fails_with_eyre",
        "fails_with_a_converted_box",
        "fails_with_a_converted_report",
    ] {
        transcript.assert_handled_by(listener, "number");
    }
}

#[tokio::test(start_paused = true)]
async fn the_text_of_a_wrapped_error_is_that_of_its_wrapper() {
    let transcript = joined(Bot::builder().add(handlers![fails_with_anyhow, number])).await;

    assert_eq!(only(&transcript).failure.to_string(), "reading the number");
}

// Where it happened.

/// The line of the `?` below.
const LINE: u32 = line!() + 4;

#[listener]
async fn fails_here(_: &Context, _: &MemberAdd) -> Result<()> {
    String::from_utf8(vec![255])?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_failure_knows_where_its_question_mark_stood() {
    let transcript = joined(Bot::builder().add(handlers![fails_here])).await;

    let place = only(&transcript).failure.place().expect("a place");
    assert_eq!(
        (place.file(), place.line(), place.column()),
        ("tests/failures.rs", LINE, 5)
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_knows_its_handler_and_where_that_stands() {
    let transcript = joined(Bot::builder().add(handlers![fails_here])).await;

    let handler = only(&transcript).failure.handler().expect("a handler");
    assert_eq!(handler.name(), "fails_here");
    assert_eq!(handler.kind(), HandlerKind::Listener);
    let place = handler.place().expect("a place");
    assert_eq!(
        (place.file(), place.line()),
        ("tests/failures.rs", LINE - 2)
    );
}

/// Whether this is the program that runs one test again, with backtraces.
fn has_backtraces() -> bool {
    std::env::var_os("RUST_BACKTRACE").is_some_and(|asked| asked == "1")
}

/// Runs a test again in a program of its own, which has backtraces.
fn run_with_backtraces(test: &str) {
    let program = std::env::current_exe().expect("this program");
    let run = std::process::Command::new(program)
        .args(["--exact", test])
        .env("RUST_BACKTRACE", "1")
        .output()
        .expect("it runs");
    assert!(run.status.success(), "{run:?}");
}

#[tokio::test(start_paused = true)]
async fn backtraces_are_captured_and_shown_where_they_are_enabled() {
    if !has_backtraces() {
        return run_with_backtraces("backtraces_are_captured_and_shown_where_they_are_enabled");
    }

    let of_error = joined(Bot::builder().add(handlers![fails_here])).await;
    let of_panic = joined(Bot::builder().add(handlers![panics])).await;

    for (transcript, function) in [(of_error, "fails_here"), (of_panic, "panics")] {
        let failure = &only(&transcript).failure;
        assert_eq!(failure.backtrace().status(), BacktraceStatus::Captured);
        let shown = format!("{failure:?}");
        assert!(shown.contains(function) && shown.contains("tests/failures.rs"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_has_a_backtrace_where_they_are_enabled() {
    let transcript = joined(Bot::builder().add(handlers![fails_here])).await;

    let status = only(&transcript).failure.backtrace().status();
    assert_eq!(status, Backtrace::capture().status());
}

// What it is called.

#[derive(Debug, thiserror::Error, Exception)]
enum StorageError {
    #[error("gone")]
    Gone,
    #[error("full")]
    #[exception(code = "disk_full")]
    Full,
    #[error(transparent)]
    Number(#[from] ParseIntError),
}

#[test]
fn a_code_is_stable_and_says_nothing_of_the_text() {
    assert_eq!(Failure::new(Nothing).code(), "nothing");
    assert_eq!(
        Failure::new(StorageError::Gone).code(),
        "storage_error.gone"
    );
    assert_eq!(Failure::new(StorageError::Full).code(), "disk_full");
    assert_eq!(
        Failure::new(StorageError::from(not_a_number())).code(),
        "storage_error.number"
    );
    assert_eq!(
        Failure::new(not_a_number()).code(),
        "core::num::error::ParseIntError"
    );
}

#[test]
fn an_id_belongs_to_one_failure_and_its_clones() {
    let first = Failure::new(Nothing);
    let second = Failure::new(Nothing);

    assert_eq!(first.id(), first.clone().with_detail(5).id());
    assert_ne!(first.id(), second.id());
    assert_eq!(first.id().to_string().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn the_report_carries_the_id() {
    let transcript = joined(Bot::builder().add(handlers![fails_here])).await;

    let report = only(&transcript);
    let id = report.failure.id().to_string();
    assert!(report.to_string().contains(&id), "{report}");
    assert!(format!("{:?}", report.failure).contains(&id));
}

// What is added to it.

#[derive(Debug, PartialEq)]
struct Attached(u8);

#[derive(Debug)]
struct Unread;

#[listener]
async fn fails_with_details(_: &Context, _: &MemberAdd) -> Result<()> {
    inner().detail(Attached(2))?;
    Ok(())
}

fn inner() -> Result<()> {
    "many".parse::<u8>().detail(Unread)?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn details_are_read_back_by_type_and_unread_ones_survive() {
    let transcript = joined(Bot::builder().add(handlers![fails_with_details])).await;

    let failure = &only(&transcript).failure;
    assert_eq!(failure.detail(), Some(&Attached(2)));
    let types: Vec<_> = failure.detail_types().collect();
    assert_eq!(types, ["failures::Unread", "failures::Attached"]);
}

#[test]
fn of_two_details_of_one_type_the_later_is_read() {
    let failure = Failure::new(Nothing)
        .with_detail(Attached(1))
        .with_detail(Attached(2));

    assert_eq!(failure.detail(), Some(&Attached(2)));
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_reads_details() {
    #[error_handler]
    async fn reads(ctx: &ErrorContext, _: &ParseIntError) -> bool {
        ctx.failure().detail::<Attached>() == Some(&Attached(2))
    }

    let transcript = joined(Bot::builder().add(handlers![fails_with_details, reads])).await;

    transcript.assert_handled_by("fails_with_details", "reads");
}

// What was being handled when it arose.

#[error_handler]
async fn replaces(_: &ErrorContext, _: &ParseIntError) -> Flow {
    Flow::replace(Nothing)
}

#[tokio::test(start_paused = true)]
async fn what_takes_a_failures_place_is_linked_to_it() {
    let transcript = joined(Bot::builder().add(handlers![fails_by_question_mark, replaces])).await;

    let reports: Vec<_> = transcript.reports().collect();
    let [original, replacement] = &reports[..] else {
        panic!("{transcript}");
    };
    let during = replacement.failure.during().expect("a link");
    assert_eq!(during.id(), original.failure.id());
    assert!(original.failure.during().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_linked_already_keeps_its_own_link() {
    /// Puts a failure in place that a clone of is kept, and that has a link of its own.
    #[error_handler]
    async fn replaces_shared(_: &ErrorContext, _: &ParseIntError, kept: State<Kept>) -> Flow {
        let other = Failure::new(Nothing);
        *kept.0.lock().expect("no panic") = Some(other.clone());
        Flow::Replace(other)
    }

    #[derive(Default)]
    struct Kept(Mutex<Option<Failure>>);

    let bot = Bot::builder().state(Kept::default());
    let transcript = joined(bot.add(handlers![fails_by_question_mark, replaces_shared])).await;

    let replacement = transcript.reports().last().expect("a report");
    assert!(
        replacement
            .failure
            .during()
            .is_some_and(Failure::is::<ParseIntError>)
    );
}

// Panics, and handlers that do not end.

const PANIC_LINE: u32 = line!() + 4;

#[listener]
async fn panics(_: &Context, _: &MemberAdd) {
    panic!("the number is {}", 5);
}

#[tokio::test(start_paused = true)]
async fn a_panic_keeps_its_message_and_place() {
    let transcript = joined(Bot::builder().add(handlers![panics])).await;

    let failure = &only(&transcript).failure;
    let panicked = failure.find::<Panicked>().expect("a panic");
    assert_eq!(panicked.message(), "the number is 5");
    let place = panicked.place().expect("a place");
    assert_eq!(
        (place.file(), place.line(), place.column()),
        ("tests/failures.rs", PANIC_LINE, 5)
    );
    assert_eq!(panicked.handler().name(), "panics");
    assert_eq!(failure.code(), "panicked");
    let backtrace = panicked
        .backtrace()
        .expect("a backtrace, be it a disabled one");
    assert_eq!(backtrace.status(), Backtrace::capture().status());
}

#[tokio::test(start_paused = true)]
async fn a_panic_with_something_else_than_text_is_one_too() {
    #[listener]
    async fn panics_oddly(_: &Context, _: &MemberAdd) {
        std::panic::panic_any(5);
    }

    let transcript = joined(Bot::builder().add(handlers![panics_oddly])).await;

    assert!(only(&transcript).failure.is::<Panicked>());
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_an_extractor_is_the_handlers() {
    struct Fragile;

    impl FromContext for Fragile {
        type Rejection = Nothing;

        async fn from_context(_: &Context) -> Result<Self, Nothing> {
            panic!("broken")
        }
    }

    #[listener]
    async fn takes(_: &Context, _: &MemberAdd, _: Fragile) {}

    let transcript = joined(Bot::builder().add(handlers![takes])).await;

    let failure = &only(&transcript).failure;
    assert_eq!(
        failure.find::<Panicked>().map(Panicked::message),
        Some("broken")
    );
    assert_eq!(
        failure.handler().map(cordial::meta::Meta::name),
        Some("takes")
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_a_failure_of_the_handler() {
    struct Never;

    impl FromContext for Never {
        type Rejection = Nothing;

        async fn from_context(_: &Context) -> Result<Self, Nothing> {
            Err(Nothing)
        }
    }

    #[listener]
    async fn takes(_: &Context, _: &MemberAdd, _: Never) {}

    #[error_handler]
    async fn nothing(_: &ErrorContext, _: &Nothing) -> bool {
        true
    }

    let transcript = joined(Bot::builder().add(handlers![takes, nothing])).await;

    transcript.assert_handled_by("takes", "nothing");
}

#[listener(timeout = "2s")]
async fn hangs(_: &Context, _: &MemberAdd) {
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_over_its_limit_timed_out() {
    let transcript = joined(Bot::builder().add(handlers![hangs])).await;

    let failure = &only(&transcript).failure;
    let timed_out = failure.find::<TimedOut>().expect("a timeout");
    assert_eq!(timed_out.limit(), Duration::from_secs(2));
    assert_eq!(timed_out.handler().name(), "hangs");
    assert_eq!(
        transcript.invocations("hangs")[0].took,
        Duration::from_secs(2)
    );
}

#[tokio::test(start_paused = true)]
async fn h7_two_that_wait_for_each_other_are_both_cut_off() {
    /// Who is done.
    #[derive(Default)]
    struct Done([Notify; 2]);

    #[listener]
    async fn one(_: &Context, _: &MemberAdd, done: State<Done>) {
        done.0[1].notified().await;
        done.0[0].notify_one();
    }

    #[listener]
    async fn other(_: &Context, _: &MemberAdd, done: State<Done>) {
        done.0[0].notified().await;
        done.0[1].notify_one();
    }

    let bot = Bot::builder().state(Done::default());
    let transcript = joined(bot.add(handlers![one, other])).await;

    let timed_out = |report: &Report| report.failure.is::<TimedOut>();
    assert_eq!(transcript.reports().filter(|one| timed_out(one)).count(), 2);
    for listener in ["one", "other"] {
        transcript.assert_unhandled(listener);
    }
}

#[tokio::test(start_paused = true)]
async fn h7_one_that_is_cut_off_gives_back_what_another_waits_for() {
    /// Two things that each takes, and in which order.
    #[derive(Default)]
    struct Things([tokio::sync::Mutex<()>; 2], Notify);

    #[listener(timeout = "2s")]
    async fn impatient(_: &Context, _: &MemberAdd, things: State<Things>) {
        let _first = things.0[0].lock().await;
        things.1.notified().await;
        let _second = things.0[1].lock().await;
    }

    #[listener]
    async fn patient(_: &Context, _: &MemberAdd, things: State<Things>) {
        let _second = things.0[1].lock().await;
        things.1.notify_one();
        let _first = things.0[0].lock().await;
    }

    let bot = Bot::builder().state(Things::default());
    let transcript = joined(bot.add(handlers![impatient, patient])).await;

    assert!(only(&transcript).failure.is::<TimedOut>());
    transcript.assert_unhandled("impatient");
    transcript.assert_completed("patient");
}

#[listener]
async fn waits(_: &Context, _: &MemberAdd) {
    tokio::time::sleep(Duration::from_secs(40)).await;
}

#[listener(timeout = "none")]
async fn may_wait(_: &Context, _: &MemberAdd) {
    tokio::time::sleep(Duration::from_secs(40)).await;
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_the_bots_unless_a_listener_has_its_own() {
    let usual = joined(Bot::builder().add(handlers![waits, may_wait])).await;
    let patient = joined(
        Bot::builder()
            .timeout(Duration::from_secs(60))
            .add(handlers![waits]),
    )
    .await;
    let endless = joined(Bot::builder().no_timeout().add(handlers![waits, hangs])).await;

    let limit = |transcript: &Transcript| {
        only(transcript)
            .failure
            .find::<TimedOut>()
            .map(TimedOut::limit)
    };
    assert_eq!(limit(&usual), Some(Duration::from_secs(30)));
    usual.assert_completed("may_wait");
    patient.assert_completed("waits");
    endless.assert_completed("waits");
    assert_eq!(limit(&endless), Some(Duration::from_secs(2)));
}

#[tokio::test(start_paused = true)]
async fn a_handler_cut_off_by_shutdown_is_cancelled() {
    #[listener(timeout = "none")]
    async fn runs_for_ever(_: &Context, _: &MemberAdd) {
        std::future::pending::<()>().await;
    }

    #[listener]
    async fn sees_it_start(_: &Context, _: &MemberAdd) {}

    let bot = Bot::builder().add(handlers![runs_for_ever, sees_it_start]);
    let sim = Simulator::start(bot).await;
    // Nobody waits for this to be settled, which it never is.
    let alice = sim.person("alice");
    let joining = tokio::spawn(async move { alice.join().await });
    while sim.transcript().invocations("sees_it_start").is_empty() {
        tokio::task::yield_now().await;
    }

    let transcript = sim.stop().await;

    joining.await.expect("no panic");
    let failure = &only(&transcript).failure;
    assert!(failure.is::<Cancelled>(), "{failure:?}");
    assert!(failure.is::<HandlerError>());
}

// Tasks.

#[listener]
async fn leaves_a_task(ctx: &Context, _: &MemberAdd) {
    ctx.spawn("later", async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        "many".parse::<u8>()?;
        Ok(())
    });
    ctx.spawn("sudden", async { panic!("in a task") });
}

#[tokio::test(start_paused = true)]
async fn what_a_handler_leaves_running_fails_as_it_does() {
    #[error_handler]
    async fn panicked(_: &ErrorContext, _: &Panicked) -> bool {
        true
    }

    let plugin = Plugin::new("part").add(handlers![leaves_a_task, number, panicked]);
    let transcript = joined(Bot::builder().plugin(plugin)).await;

    transcript.assert_completed("leaves_a_task");
    transcript.assert_handled_by("later", "number");
    transcript.assert_handled_by("sudden", "panicked");
    let task = transcript.invocations("later")[0];
    assert_eq!(task.handler.kind(), HandlerKind::Task);
}

// The connection.

#[tokio::test(start_paused = true)]
async fn an_event_that_cannot_be_read_is_a_failure_and_not_the_end() {
    #[error_handler]
    async fn gateway(_: &ErrorContext, _: &GatewayError) -> bool {
        true
    }

    #[listener]
    async fn greets(_: &Context, _: &MemberAdd) {}

    let sim = Simulator::start(Bot::builder().add(handlers![greets, gateway])).await;
    sim.send_raw("GUILD_MEMBER_ADD", r#"{"guild_id":"secret"}"#)
        .await;
    sim.join("alice").await;
    let transcript = sim.stop().await;

    let report = only(&transcript);
    let malformed = report.failure.find::<MalformedEvent>().expect("the event");
    assert_eq!(malformed.event(), Some("GUILD_MEMBER_ADD"));
    assert!(malformed.sequence().is_some());
    assert!(!format!("{report} {:?}", report.failure).contains("secret"));
    transcript.assert_completed("greets");
}

// What it is not: an error itself, so that `?` can take any.

#[test]
fn a_failure_shows_its_errors_text_and_debug_tells_the_whole_story() {
    #[derive(Debug, thiserror::Error)]
    #[error("cannot read the number")]
    struct Unreadable(#[source] ParseIntError);

    let failure = Failure::new(Unreadable(not_a_number())).with_detail(Attached(1));

    assert_eq!(failure.to_string(), "cannot read the number");
    let story = format!("{failure:?}");
    for part in [
        "cannot read the number [failures::",
        "at tests/failures.rs:",
        "caused by: invalid digit found in string",
        "with failures::Attached",
    ] {
        assert!(story.contains(part), "{part} in {story}");
    }
}

#[test]
fn failures_can_be_kept_and_sent() {
    fn can_be_sent<T: Send + Sync + Clone + fmt::Debug + fmt::Display + 'static>(_: T) {}

    can_be_sent(Failure::new(Nothing));
    can_be_sent(Arc::new(Failure::new(Nothing)));
}

// Code of the author's that panics where nobody expects it.

mod careless {
    use super::*;

    /// Panics when it is dropped.
    struct Fragile;

    impl Drop for Fragile {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                std::panic::resume_unwind(Box::new("broken"));
            }
        }
    }

    #[listener(timeout = "1s")]
    async fn holds_something_fragile(_: &Context, _: &MemberAdd) {
        let _fragile = Fragile;
        std::future::pending::<()>().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_destructor_that_panics_as_a_handler_is_cut_off_is_told_of() {
        let transcript = joined(Bot::builder().add(handlers![holds_something_fragile])).await;

        let failure = &only(&transcript).failure;
        assert!(failure.is::<TimedOut>(), "{failure:?}");
        let panicked = failure.detail::<Panicked>().expect("the panic");
        assert_eq!(panicked.message(), "broken");
    }

    #[derive(Debug)]
    struct Unspeakable;

    impl fmt::Display for Unspeakable {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            std::panic::resume_unwind(Box::new("no words"))
        }
    }

    impl Error for Unspeakable {}

    #[listener]
    async fn fails_unspeakably(_: &Context, _: &MemberAdd) -> Result<(), Unspeakable> {
        Err(Unspeakable)
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_whose_text_panics_is_handled_and_reported_all_the_same() {
        #[error_handler]
        async fn handles(_: &ErrorContext, _: &Unspeakable) -> bool {
            true
        }

        let transcript = joined(Bot::builder().add(handlers![fails_unspeakably, handles])).await;

        transcript.assert_handled_by("fails_unspeakably", "handles");
        let text = only(&transcript).to_string();
        assert!(text.contains("an error whose own text panics"), "{text}");
    }

    #[derive(Debug, thiserror::Error)]
    #[error("a trap")]
    struct Trap;

    #[listener]
    async fn steps_into_a_trap(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Trap.into())
    }

    #[tokio::test(start_paused = true)]
    async fn an_edge_that_panics_leaves_an_error_and_is_logged_itself() {
        fn springs(_: &Trap) -> Option<&Nothing> {
            std::panic::resume_unwind(Box::new("sprung"))
        }

        #[error_handler]
        async fn any(_: &ErrorContext, _: &Failure) -> bool {
            true
        }

        #[listener]
        async fn greets(_: &Context, _: &MemberAdd) {}

        let bot = Bot::builder()
            .is_a(springs)
            .add(handlers![steps_into_a_trap, greets, any]);
        let sim = Simulator::start(bot).await;
        sim.join("alice").await;
        sim.join("bob").await;
        let transcript = sim.stop().await;

        assert_eq!(transcript.invocations("steps_into_a_trap").len(), 2);
        assert_eq!(transcript.invocations("greets").len(), 2);
        transcript.assert_handled_by("steps_into_a_trap", "any");
        let resolutions: Vec<_> = transcript
            .reports()
            .map(|report| (report.failure.to_string(), &report.resolution))
            .collect();
        assert_eq!(resolutions.len(), 4);
        assert_eq!(resolutions[0].0, "a trap");
        assert!(matches!(resolutions[0].1, Resolution::Handled { .. }));
        assert_eq!(resolutions[1].0, "panicked: sprung");
        assert!(matches!(resolutions[1].1, Resolution::LastResort));
    }

    #[tokio::test(start_paused = true)]
    async fn an_observer_that_panics_stops_nobody() {
        struct Careless;

        impl Observer for Careless {
            fn reported(&self, _: &Report) {
                std::panic::resume_unwind(Box::new("careless"))
            }
        }

        let bot = Bot::builder().observer(Arc::new(Careless));
        let transcript = joined(bot.add(handlers![fails_by_question_mark, number])).await;

        transcript.assert_handled_by("fails_by_question_mark", "number");
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_without_a_place_does_not_borrow_that_of_an_earlier_one() {
        #[listener]
        async fn panics_again(_: &Context, _: &MemberAdd) {
            let caught = std::panic::catch_unwind(|| panic!("the first")).expect_err("a panic");
            tokio::task::yield_now().await;
            std::panic::resume_unwind(caught);
        }

        let transcript = joined(Bot::builder().add(handlers![panics_again])).await;

        let failure = &only(&transcript).failure;
        let panicked = failure.find::<Panicked>().expect("a panic");
        assert_eq!(panicked.message(), "the first");
        assert!(panicked.place().is_none(), "{panicked:?}");
    }
}

// To and from the boxes of others.

mod boxes {
    use super::*;

    fn fails() -> Result<()> {
        "many".parse::<u8>().detail(Attached(1))?;
        Ok(())
    }

    #[listener]
    async fn through_anyhow(_: &Context, _: &MemberAdd) -> anyhow::Result<()> {
        fails()?;
        Ok(())
    }

    #[listener]
    async fn through_eyre(_: &Context, _: &MemberAdd) -> eyre::Result<()> {
        fails()?;
        Ok(())
    }

    #[listener]
    async fn through_a_box(_: &Context, _: &MemberAdd) -> Result<(), Box<dyn Error + Send + Sync>> {
        fails()?;
        Ok(())
    }

    #[listener]
    async fn behind_a_context(_: &Context, _: &MemberAdd) -> anyhow::Result<()> {
        Err(anyhow::Error::from(fails().expect_err("no number")).context("counting"))
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_comes_out_of_a_box_as_it_went_in() {
        for (listener, name) in [
            (handlers![through_anyhow], "through_anyhow"),
            (handlers![through_eyre], "through_eyre"),
            (handlers![through_a_box], "through_a_box"),
        ] {
            let transcript = joined(Bot::builder().add(listener).add(handlers![number])).await;

            transcript.assert_handled_by(name, "number");
            let failure = &only(&transcript).failure;
            assert_eq!(failure.detail(), Some(&Attached(1)));
            assert!(failure.place().is_some());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn behind_a_context_its_type_is_still_found() {
        let transcript = joined(Bot::builder().add(handlers![behind_a_context, number])).await;

        transcript.assert_handled_by("behind_a_context", "number");
        let failure = &only(&transcript).failure;
        assert_eq!(failure.to_string(), "counting");
        assert_eq!(failure.detail(), Some(&Attached(1)));
        assert!(failure.place().is_some());
    }

    /// The line of the reply below.
    const LINE: u32 = line!() + 4;

    #[listener]
    async fn replies(ctx: &Context, _: &MemberAdd) -> anyhow::Result<()> {
        ctx.reply("Where to?").await?;
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_reply_that_fails_failed_where_it_was_asked_for() {
        let transcript = joined(Bot::builder().add(handlers![replies])).await;

        let place = only(&transcript).failure.place().expect("a place");
        assert_eq!((place.file(), place.line()), ("tests/failures.rs", LINE));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_bot_declares_can_be_asked_of_its_failures() {
    #[derive(Debug, thiserror::Error)]
    #[error("from elsewhere")]
    struct Foreign(Nothing);

    #[listener]
    async fn fails_elsewhere(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Foreign(Nothing).into())
    }

    #[error_handler]
    async fn asks(ctx: &ErrorContext, _: &Nothing) -> bool {
        ctx.failure().is::<Nothing>() && ctx.failure().is::<Foreign>()
    }

    let bot = Bot::builder().is_a(|Foreign(base): &Foreign| Some(base));
    let transcript = joined(bot.add(handlers![fails_elsewhere, asks])).await;

    transcript.assert_handled_by("fails_elsewhere", "asks");
    assert_eq!(only(&transcript).failure.code(), "nothing");
}

#[tokio::test(start_paused = true)]
async fn what_cordial_refuses_has_no_place_in_the_source() {
    /// Rest.
    #[command(cooldown = "1 per 1m per user")]
    async fn rest(ctx: &CommandContext) -> Result<()> {
        let owner = ctx.user().id;
        let buttons = [keep::id(owner).button("Keep"), drop::id().button("Drop")];
        ctx.reply(Reply::new("Resting.").row(buttons)).await?;
        Ok(())
    }

    #[component]
    async fn keep(ctx: &ComponentContext, #[state(owner)] _owner: Id<UserMarker>) -> Result<()> {
        ctx.update("Kept.").await
    }

    #[component(user_permissions = BAN_MEMBERS)]
    async fn drop(_: &ComponentContext) {}

    let sim = Simulator::start(Bot::builder().add(handlers![rest, keep, drop])).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);

    alice.run("/rest").await;
    let message = sim.newest_message().expect("a message");
    alice.run("/rest").await;
    bob.click(message, "Keep").await;
    bob.click(message, "Drop").await;
    sim.person("owner").click(message, "Drop").await;

    let transcript = sim.stop().await;
    let failures: Vec<_> = transcript.reports().map(|report| &report.failure).collect();
    let codes: Vec<_> = failures.iter().map(|failure| failure.code()).collect();
    let expected = [
        "on_cooldown",
        "not_theirs",
        "lacks_permissions",
        "unanswered",
    ];
    assert_eq!(codes, expected);
    assert!(failures.iter().all(|failure| failure.place().is_none()));
}

// A storm.

/// Counts the failures that are reported.
#[derive(Default)]
struct Reported(AtomicUsize);

impl Observer for Reported {
    fn reported(&self, _: &Report) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[listener]
async fn fails_always(_: &Context, _: &TypingStart) -> Result<()> {
    "many".parse::<u8>()?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn h16_of_a_storm_of_failures_the_log_shows_some_and_says_how_many_it_left_out() {
    let log = Log::listen(tracing::Level::ERROR);
    let reported = Arc::new(Reported::default());
    let bot = Bot::builder().log_limit(10).add(handlers![fails_always]);
    let mut feed = Feed::new(bot.observer(reported.clone())).expect("a bot");

    // For an hour, one each second.
    for number in 1..=3_600 {
        let typing = r#"{"channel_id":"1","user_id":"2","timestamp":3}"#;
        feed.message(&format!(
            r#"{{"op":0,"t":"TYPING_START","s":{number},"d":{typing}}}"#
        ));
        feed.settled().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    assert_eq!(reported.0.load(Ordering::Relaxed), 3_600);
    let text = log.text();
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("`fails_always` failed"), 60 * 10);
    assert_eq!(count("50 more like this one were not logged"), 59);
    assert_eq!(count("not logged for the rest of the minute"), 60);
}

#[tokio::test(start_paused = true)]
async fn h16_what_the_log_left_out_is_told_as_the_bot_stops_and_of_others_nothing_is_left_out() {
    let log = Log::listen(tracing::Level::WARN);
    let bot = Bot::builder().log_limit(1);
    let bot = bot.add(handlers![fails_by_question_mark, fails_with_its_own_type]);
    let sim = Simulator::start(bot).await;

    for name in ["alice", "bob", "carol"] {
        sim.join(name).await;
    }
    sim.stop().await;

    let text = log.text();
    assert_eq!(text.matches("fails_by_question_mark` failed").count(), 1);
    assert_eq!(text.matches("fails_with_its_own_type` failed").count(), 1);
    assert!(text.contains("hidden=4"), "{text}");
}
