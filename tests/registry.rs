//! Who is asked about a failure, in which order, and what follows from what each says.

use std::num::ParseIntError;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cordial::bot::Mistake;
use cordial::exception::{Panicked, TimedOut};
use cordial::outcome::{Level, Outcome, Report, Resolution, Said};
use cordial::prelude::*;
use cordial::testing::{Simulator, Transcript};

async fn joined(bot: BotBuilder) -> Transcript {
    let sim = Simulator::start(bot).await;
    sim.join("alice").await;
    sim.stop().await
}

/// Returns who was asked, and at which level.
fn tried(report: &Report) -> Vec<(&str, String)> {
    let tried = report.tried.iter();
    tried
        .map(|tried| (tried.handler.name(), tried.level.to_string()))
        .collect()
}

fn names(report: &Report) -> Vec<&str> {
    report
        .tried
        .iter()
        .map(|tried| tried.handler.name())
        .collect()
}

fn reports(transcript: &Transcript) -> Vec<&Report> {
    transcript.reports().collect()
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

#[derive(Debug, thiserror::Error, Exception)]
#[error("another problem")]
struct Other;

#[derive(Debug, thiserror::Error, Exception)]
#[error("a third problem")]
struct Third;

#[listener]
async fn fails(_: &Context, _: &MemberAdd) -> Result<()> {
    Err(Problem.into())
}

#[error_handler]
async fn passes(_: &ErrorContext, _: &Problem) -> bool {
    false
}

#[error_handler]
async fn handles(_: &ErrorContext, _: &Problem) -> bool {
    true
}

#[error_handler]
async fn handles_any(_: &ErrorContext, _: &Failure) -> bool {
    true
}

// The order within one level.

mod order {
    use super::*;

    #[error_handler]
    async fn b(_: &ErrorContext, _: &Problem) -> bool {
        false
    }

    #[error_handler]
    async fn a(_: &ErrorContext, _: &Problem) -> bool {
        false
    }

    #[error_handler]
    async fn for_event(_: &MemberAdd, _: &Problem) -> bool {
        false
    }

    #[error_handler(when = |_| true)]
    async fn guarded(_: &ErrorContext, _: &Problem) -> bool {
        false
    }

    #[error_handler(when = |_| true)]
    async fn guarded_for_event(_: &MemberAdd, _: &Problem) -> bool {
        false
    }

    #[error_handler]
    async fn any_for_event(_: &MemberAdd, _: &Failure) -> bool {
        false
    }

    #[error_handler]
    async fn any(_: &ErrorContext, _: &Failure) -> bool {
        false
    }

    const EXPECTED: [&str; 7] = [
        "guarded_for_event",
        "guarded",
        "for_event",
        "a",
        "b",
        "any_for_event",
        "any",
    ];

    fn added() -> Handlers {
        handlers![
            b,
            any,
            for_event,
            a,
            guarded,
            any_for_event,
            guarded_for_event
        ]
    }

    #[tokio::test(start_paused = true)]
    async fn guards_come_first_then_events_then_names() {
        let transcript = joined(Bot::builder().add(handlers![fails]).add(added())).await;

        assert_eq!(names(reports(&transcript)[0]), EXPECTED);
    }

    #[test]
    fn the_order_is_listed() {
        let bot = Bot::builder().add(added()).build().expect("a bot");

        let listed = bot.error_handlers();
        let order: Vec<_> = listed.iter().map(|info| info.handler.name()).collect();
        assert_eq!(order, EXPECTED);
    }

    #[tokio::test(start_paused = true)]
    async fn a_guard_that_declines_leaves_its_error_handler_unasked() {
        #[error_handler(when = |_| false)]
        async fn never(_: &ErrorContext, _: &Problem) -> bool {
            true
        }

        let transcript = joined(Bot::builder().add(handlers![fails, never, a])).await;

        assert_eq!(names(reports(&transcript)[0]), ["a"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_for_an_event_is_for_no_other() {
        #[error_handler]
        async fn for_messages(_: &MessageCreate, _: &Problem) -> bool {
            true
        }

        let transcript = joined(Bot::builder().add(handlers![fails, for_messages])).await;

        transcript.assert_unhandled("fails");
        assert_eq!(reports(&transcript)[0].tried.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_for_an_event_sees_the_event() {
        #[error_handler]
        async fn sees(joined: &MemberAdd, _: &Problem, ctx: Context) -> bool {
            joined.user.name == "alice" && ctx.handler().name() == "fails"
        }

        let transcript = joined(Bot::builder().add(handlers![fails, sees])).await;

        transcript.assert_handled_by("fails", "sees");
    }

    #[test]
    fn two_that_nothing_tells_apart_are_a_mistake_that_names_both() {
        let line = line!();
        let bot = Bot::builder()
            .error_handler(ErrorHandler::new(plain))
            .error_handler(ErrorHandler::new(plain_too).name("plain"));

        let error = bot.build().expect_err("two of one name");

        let [
            Mistake::AmbiguousErrorHandlers {
                handlers,
                places,
                error: of,
            },
        ] = error.mistakes()
        else {
            panic!("{error}");
        };
        assert!(of.ends_with("Problem"));
        let sorted = |mut lines: [u32; 2]| {
            lines.sort_unstable();
            lines
        };
        let made = handlers.clone().map(|meta| meta.place());
        for places in [made, *places] {
            let lines = places.map(|place| place.expect("a place").line() - line);
            assert_eq!(sorted(lines), [2, 3]);
        }
        let text = error.to_string();
        assert!(
            text.contains(&format!("tests/registry.rs:{}", line + 2)),
            "{text}"
        );
        assert!(
            text.contains(&format!("tests/registry.rs:{}", line + 3)),
            "{text}"
        );
    }

    async fn plain(_: &ErrorContext, _: &Problem) -> bool {
        true
    }

    async fn plain_too(_: &ErrorContext, _: &Problem) -> bool {
        true
    }
}

// Levels.

#[tokio::test(start_paused = true)]
async fn levels_are_asked_from_the_inside_out() {
    #[listener(on_error = passes)]
    async fn fails_inside(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Problem.into())
    }

    let inner = Plugin::new("inner").add(handlers![fails_inside, passes]);
    let outer = Plugin::new("outer").plugin(inner).add(handlers![passes]);
    let transcript = joined(Bot::builder().plugin(outer).add(handlers![passes])).await;

    let expected = ["handler", "plugin inner", "plugin outer", "bot"];
    let expected = expected.map(|level| ("passes", level.to_owned()));
    assert_eq!(tried(reports(&transcript)[0]), expected);
}

#[test]
fn error_handlers_are_listed_by_level_from_the_inside_out() {
    async fn fails_too(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Problem.into())
    }

    let listener = Listener::new(fails_too).on_error(passes);
    let inner = Plugin::new("inner")
        .listener(listener)
        .add(handlers![handles]);
    let bot = Bot::builder()
        .plugin(inner)
        .add(handlers![handles_any, passes]);

    let listed: Vec<_> = bot
        .build()
        .expect("a bot")
        .error_handlers()
        .into_iter()
        .map(|info| {
            let owner = info.owner.map(|owner| owner.name().to_owned());
            (info.handler.name().to_owned(), info.level, owner)
        })
        .collect();

    let inner = Level::Plugin("inner".into());
    let expected = [
        (
            "passes".to_owned(),
            Level::Handler,
            Some("fails_too".to_owned()),
        ),
        ("handles".to_owned(), inner, None),
        ("passes".to_owned(), Level::Bot, None),
        ("handles_any".to_owned(), Level::Bot, None),
    ];
    assert_eq!(listed, expected);
}

#[tokio::test(start_paused = true)]
async fn a_broad_error_handler_inside_comes_before_a_specific_one_outside() {
    let inner = Plugin::new("inner").add(handlers![fails, handles_any]);
    let transcript = joined(Bot::builder().plugin(inner).add(handlers![handles])).await;

    transcript.assert_handled_by("fails", "handles_any");
}

#[tokio::test(start_paused = true)]
async fn a_plugin_is_asked_about_its_own_failures_only() {
    let other = Plugin::new("other").add(handlers![handles]);
    let own = Plugin::new("own").add(handlers![fails]);
    let transcript = joined(Bot::builder().plugin(other).plugin(own)).await;

    transcript.assert_unhandled("fails");
    assert_eq!(reports(&transcript)[0].tried.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_listener_can_have_several_error_handlers_of_its_own() {
    #[error_handler]
    async fn other(_: &ErrorContext, _: &Other) -> bool {
        true
    }

    #[listener(on_error = [other, handles])]
    async fn fails_inside(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Problem.into())
    }

    let transcript = joined(Bot::builder().add(handlers![fails_inside])).await;

    transcript.assert_handled_by("fails_inside", "handles");
}

// Verdicts.

#[tokio::test(start_paused = true)]
async fn true_is_handled_and_stops_false_propagates() {
    let transcript =
        joined(Bot::builder().add(handlers![fails, passes, handles, handles_any])).await;

    let report = reports(&transcript)[0];
    // By name: `handles` comes before `passes`, so `passes` is not asked.
    assert_eq!(names(report), ["handles"]);
    assert_eq!(report.tried[0].said, Said::Handled);
    assert!(matches!(&report.resolution, Resolution::Handled { by } if by.name() == "handles"));

    let transcript = joined(Bot::builder().add(handlers![fails, passes, handles_any])).await;

    let report = reports(&transcript)[0];
    assert_eq!(names(report), ["passes", "handles_any"]);
    assert_eq!(report.tried[0].said, Said::Propagated);
}

mod verdicts {
    use super::*;

    #[error_handler]
    async fn as_flow(_: &ErrorContext, _: &Problem) -> Flow {
        Flow::Handled
    }

    #[error_handler]
    async fn as_flow_result(_: &ErrorContext, _: &Problem) -> Result<Flow> {
        Ok(Flow::Handled)
    }

    #[error_handler]
    async fn as_result(_: &ErrorContext, _: &Problem) -> Result<bool, ParseIntError> {
        "5".parse::<u8>()?;
        Ok(true)
    }

    #[error_handler]
    async fn as_anyhow(_: &ErrorContext, _: &Problem) -> anyhow::Result<bool> {
        Ok(true)
    }

    #[error_handler]
    async fn as_propagation(_: &ErrorContext, _: &Problem) -> Flow {
        Flow::Propagate
    }

    #[tokio::test(start_paused = true)]
    async fn a_verdict_is_a_bool_a_flow_or_a_result_of_either() {
        for (handler, name) in [
            (handlers![as_flow], "as_flow"),
            (handlers![as_flow_result], "as_flow_result"),
            (handlers![as_result], "as_result"),
            (handlers![as_anyhow], "as_anyhow"),
        ] {
            let transcript = joined(Bot::builder().add(handlers![fails]).add(handler)).await;

            transcript.assert_handled_by("fails", name);
        }
        let transcript = joined(Bot::builder().add(handlers![fails, as_propagation])).await;

        transcript.assert_unhandled("fails");
    }
}

// Retrying.

mod retrying {
    use super::*;

    #[error_handler]
    async fn again(_: &ErrorContext, _: &Problem) -> Flow {
        Flow::RETRY
    }

    #[error_handler]
    async fn again_later(_: &ErrorContext, _: &Problem) -> Flow {
        Flow::Retry {
            after: Duration::from_secs(5),
        }
    }

    #[listener]
    async fn fails_twice(ctx: &Context, joined: &MemberAdd) -> Result<()> {
        assert_eq!(joined.user.name, "alice");
        if ctx.attempt() < 3 {
            Err(Problem.into())
        } else {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_runs_the_handler_again_with_the_same_event() {
        let transcript = joined(Bot::builder().add(handlers![fails_twice, again_later])).await;

        transcript.assert_completed("fails_twice");
        let invocation = transcript.invocations("fails_twice")[0];
        assert_eq!(invocation.attempts, 3);
        assert_eq!(invocation.took, Duration::from_secs(10));
        let attempts: Vec<_> = reports(&transcript)
            .iter()
            .map(|report| report.attempt)
            .collect();
        assert_eq!(attempts, [1, 2]);
        for report in reports(&transcript) {
            assert!(
                matches!(report.resolution, Resolution::Retried { .. }),
                "{report}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_the_cap_a_retry_means_propagate() {
        let bot = Bot::builder()
            .max_retries(2)
            .add(handlers![fails, again, handles_any]);
        let transcript = joined(bot).await;

        transcript.assert_handled_by("fails", "handles_any");
        assert_eq!(transcript.invocations("fails")[0].attempts, 3);
        let last = reports(&transcript)[2];
        assert_eq!(last.tried[0].said, Said::RetryRefused);
        assert_eq!(names(last), ["again", "handles_any"]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_cap_is_three_unless_set() {
        let transcript = joined(Bot::builder().add(handlers![fails, again])).await;

        assert_eq!(transcript.invocations("fails")[0].attempts, 4);
        assert_eq!(reports(&transcript).len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn the_attempt_is_in_the_context_of_the_error_handler() {
        #[error_handler]
        async fn twice(ctx: &ErrorContext, _: &Problem) -> Flow {
            if ctx.attempt() == 1 {
                Flow::RETRY
            } else {
                Flow::Handled
            }
        }

        let transcript = joined(Bot::builder().add(handlers![fails, twice])).await;

        transcript.assert_handled_by("fails", "twice");
        assert_eq!(transcript.invocations("fails")[0].attempts, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_is_not_run_again() {
        #[listener]
        async fn leaves(ctx: &Context, _: &MemberAdd) {
            ctx.spawn("task", async { Err(Problem.into()) });
        }

        let transcript = joined(Bot::builder().add(handlers![leaves, again])).await;

        transcript.assert_unhandled("task");
        assert_eq!(reports(&transcript)[0].tried[0].said, Said::RetryRefused);
    }
}

// Replacing.

mod replacing {
    use super::*;

    #[error_handler]
    async fn by_other(_: &ErrorContext, _: &Problem) -> Flow {
        Flow::replace(Other)
    }

    #[error_handler]
    async fn other(ctx: &ErrorContext, _: &Other) -> bool {
        ctx.failure().during().is_some_and(Failure::is::<Problem>)
    }

    #[tokio::test(start_paused = true)]
    async fn a_replacement_goes_to_who_is_for_it_at_the_same_level() {
        let transcript = joined(Bot::builder().add(handlers![fails, by_other, other])).await;

        transcript.assert_handled_by("fails", "other");
        let [first, second] = reports(&transcript)[..] else {
            panic!("{transcript}");
        };
        let replaced = Resolution::Replaced {
            by: first.tried[0].handler.clone(),
            with: second.failure.id(),
        };
        assert_eq!(first.resolution, replaced);
        assert_eq!(second.handler.name(), "fails");
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_asked_already_is_not_asked_about_the_replacement() {
        #[error_handler]
        async fn replaces_any(_: &ErrorContext, _: &Failure) -> Flow {
            Flow::replace(Other)
        }

        let transcript = joined(Bot::builder().add(handlers![fails, replaces_any])).await;

        transcript.assert_unhandled("fails");
        assert_eq!(names(reports(&transcript)[1]), Vec::<&str>::new());
    }

    #[tokio::test(start_paused = true)]
    async fn one_whose_guard_declined_before_is_asked_about_the_replacement() {
        #[error_handler(when = |failure: &Failure| failure.is::<Other>())]
        async fn guarded(_: &ErrorContext, _: &Failure) -> bool {
            true
        }

        let transcript = joined(Bot::builder().add(handlers![fails, by_other, guarded])).await;

        transcript.assert_handled_by("fails", "guarded");
    }

    #[tokio::test(start_paused = true)]
    async fn a_replacement_goes_outwards_and_never_back_in() {
        #[listener(on_error = other)]
        async fn fails_inside(_: &Context, _: &MemberAdd) -> Result<()> {
            Err(Problem.into())
        }

        let transcript = joined(Bot::builder().add(handlers![fails_inside, by_other])).await;

        transcript.assert_unhandled("fails_inside");
        assert_eq!(names(reports(&transcript)[1]), Vec::<&str>::new());
    }

    #[tokio::test(start_paused = true)]
    async fn to_replace_a_failure_by_itself_is_to_propagate() {
        #[error_handler]
        async fn by_itself(ctx: &ErrorContext, _: &Problem) -> Flow {
            Flow::Replace(ctx.failure().clone())
        }

        let transcript = joined(Bot::builder().add(handlers![fails, by_itself, handles_any])).await;

        transcript.assert_handled_by("fails", "handles_any");
        assert_eq!(reports(&transcript).len(), 1);
    }
}

// Error handlers that fail.

mod failing {
    use super::*;

    #[error_handler]
    async fn errs(_: &ErrorContext, _: &Problem) -> Result<bool> {
        Err(Other.into())
    }

    #[error_handler]
    async fn panics(_: &ErrorContext, _: &Problem) -> bool {
        panic!("no more")
    }

    #[error_handler(timeout = "1s")]
    async fn hangs(_: &ErrorContext, _: &Problem) -> bool {
        std::future::pending().await
    }

    #[error_handler]
    async fn hangs_for_the_usual_time(_: &ErrorContext, _: &Problem) -> bool {
        std::future::pending().await
    }

    #[tokio::test(start_paused = true)]
    async fn the_original_goes_on_as_if_it_had_propagated() {
        for handler in [
            handlers![errs],
            handlers![panics],
            handlers![hangs],
            handlers![hangs_for_the_usual_time],
        ] {
            let bot = Bot::builder()
                .add(handlers![fails, handles_any])
                .add(handler);
            let transcript = joined(bot).await;

            transcript.assert_handled_by("fails", "handles_any");
            let [original, own] = reports(&transcript)[..] else {
                panic!("{transcript}");
            };
            assert_eq!(
                original.tried[0].said,
                Said::Failed {
                    with: own.failure.id()
                }
            );
            assert!(own.failure.during().is_some_and(Failure::is::<Problem>));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_a_panic_and_a_timeout_of_an_error_handler_are_what_they_are() {
        let own = async |handlers| {
            let transcript = joined(Bot::builder().add(handlers![fails]).add(handlers)).await;
            reports(&transcript)[1].failure.clone()
        };

        assert!(own(handlers![errs]).await.is::<Other>());
        assert!(own(handlers![panics]).await.is::<Panicked>());
        let limit = |failure: &Failure| failure.find::<TimedOut>().map(TimedOut::limit);
        assert_eq!(
            limit(&own(handlers![hangs]).await),
            Some(Duration::from_secs(1))
        );
        let usual = own(handlers![hangs_for_the_usual_time]).await;
        assert_eq!(limit(&usual), Some(Duration::from_secs(10)));
    }

    #[error_handler]
    async fn other(_: &ErrorContext, _: &Other) -> bool {
        true
    }

    #[tokio::test(start_paused = true)]
    async fn its_failure_goes_to_the_levels_outside_and_not_to_its_own() {
        let plugin = Plugin::new("inner").add(handlers![fails, errs, other]);
        let transcript = joined(Bot::builder().plugin(plugin).add(handlers![other])).await;

        let own = reports(&transcript)[1];
        assert_eq!(own.handler.name(), "errs");
        assert_eq!(tried(own), [("other", "bot".to_owned())]);
        assert!(matches!(own.resolution, Resolution::Handled { .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_outermost_level_nobody_is_left_for_its_failure() {
        let transcript = joined(Bot::builder().add(handlers![fails, errs, other])).await;

        let own = reports(&transcript)[1];
        assert_eq!(own.tried.len(), 0);
        assert_eq!(own.resolution, Resolution::Unhandled);
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_there_too_ends_in_the_last_resort() {
        #[error_handler]
        async fn errs_too(_: &ErrorContext, _: &Other) -> Result<bool> {
            Err(Third.into())
        }

        let inner = Plugin::new("inner").add(handlers![fails, errs]);
        let outer = Plugin::new("outer").plugin(inner).add(handlers![errs_too]);
        let bot = Bot::builder().plugin(outer).add(handlers![handles_any]);
        let transcript = joined(bot).await;

        let [original, own, last] = reports(&transcript)[..] else {
            panic!("{transcript}");
        };
        assert!(
            matches!(&original.resolution, Resolution::Handled { by } if by.name() == "handles_any")
        );
        assert_eq!(own.tried[0].handler.name(), "errs_too");
        assert!(
            matches!(&own.resolution, Resolution::Handled { by } if by.name() == "handles_any")
        );
        assert!(last.failure.is::<Third>());
        assert_eq!(last.resolution, Resolution::LastResort);
        let during = last.failure.during().expect("a link");
        assert!(during.is::<Other>());
        assert!(during.during().is_some_and(Failure::is::<Problem>));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_is_never_asked_about_its_own_failure() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);

        #[error_handler]
        async fn always_fails(_: &ErrorContext, _: &Failure) -> Result<bool> {
            CALLS.fetch_add(1, Ordering::Relaxed);
            Err(Other.into())
        }

        #[listener(on_error = always_fails)]
        async fn fails_inside(_: &Context, _: &MemberAdd) -> Result<()> {
            Err(Problem.into())
        }

        joined(Bot::builder().add(handlers![fails_inside])).await;

        assert_eq!(CALLS.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn to_fail_with_what_one_was_asked_about_is_to_propagate() {
        #[error_handler]
        async fn gives_back(ctx: &ErrorContext, _: &Problem) -> Result<bool> {
            Err(ctx.failure().clone())
        }

        let transcript =
            joined(Bot::builder().add(handlers![fails, gives_back, handles_any])).await;

        transcript.assert_handled_by("fails", "handles_any");
        assert_eq!(reports(&transcript).len(), 1);
    }
}

// What an error handler sees.

// Where an error handler stands.

mod standing {
    use super::*;

    fn fails_later(ctx: &ErrorContext) {
        ctx.spawn("webhook", async { Err(Other.into()) });
    }

    #[error_handler]
    async fn leaves_a_task(ctx: &ErrorContext, _: &Failure) -> bool {
        fails_later(ctx);
        true
    }

    #[error_handler]
    async fn leaves_a_task_too(ctx: &ErrorContext, _: &Failure) -> bool {
        fails_later(ctx);
        true
    }

    #[tokio::test(start_paused = true)]
    async fn what_its_task_fails_with_goes_further_out_and_never_back() {
        let plugin = Plugin::new("inner").add(handlers![fails, leaves_a_task]);
        let bot = Bot::builder()
            .plugin(plugin)
            .add(handlers![leaves_a_task_too]);

        let transcript = joined(bot).await;

        let told: Vec<_> = reports(&transcript)
            .into_iter()
            .map(|report| (report.handler.name().to_owned(), names(report)))
            .collect();
        let expected = [
            ("fails".to_owned(), vec!["leaves_a_task"]),
            ("webhook".to_owned(), vec!["leaves_a_task_too"]),
            ("webhook".to_owned(), vec![]),
        ];
        assert_eq!(told, expected);
        let during = reports(&transcript)[2].failure.during();
        let during = during.expect("the failure of the first task");
        assert!(during.is::<Other>());
        assert!(during.during().is_some_and(Failure::is::<Problem>));
    }

    struct Failures(AtomicUsize);

    #[error_handler]
    async fn counts_inside(_: &ErrorContext, _: &Problem, count: State<Failures>) -> bool {
        count.0.fetch_add(1, Ordering::Relaxed);
        false
    }

    #[error_handler]
    async fn counts_outside(ctx: &ErrorContext, _: &Problem, count: State<Failures>) -> bool {
        let same = ctx.state::<Failures>().expect("shared");
        count.0.fetch_add(100, Ordering::Relaxed);
        same.0.load(Ordering::Relaxed) == 100
    }

    #[tokio::test(start_paused = true)]
    async fn it_sees_the_state_of_its_own_level() {
        let plugin = Plugin::new("inner")
            .state(Failures(AtomicUsize::new(0)))
            .add(handlers![fails, counts_inside]);
        let bot = Bot::builder()
            .plugin(plugin)
            .state(Failures(AtomicUsize::new(0)))
            .add(handlers![counts_outside]);

        joined(bot)
            .await
            .assert_handled_by("fails", "counts_outside");
    }

    #[error_handler]
    async fn fails_itself(_: &ErrorContext, _: &Problem) -> Result<bool> {
        Err(Other.into())
    }

    #[error_handler]
    async fn knows_who(ctx: &ErrorContext, _: &Other) -> bool {
        ctx.handler().name() == "fails_itself" && ctx.attempt() == 1
    }

    #[error_handler]
    async fn again(ctx: &ErrorContext, _: &Problem) -> Flow {
        if ctx.attempt() == 1 {
            return Flow::Retry {
                after: Duration::ZERO,
            };
        }
        Flow::Propagate
    }

    #[tokio::test(start_paused = true)]
    async fn it_knows_which_handler_failed() {
        let plugin = Plugin::new("inner").add(handlers![fails, again, fails_itself]);
        let bot = Bot::builder().plugin(plugin).add(handlers![knows_who]);

        let transcript = joined(bot).await;

        let of_other = reports(&transcript)
            .into_iter()
            .find(|report| report.failure.is::<Other>());
        let resolution = &of_other.expect("a report").resolution;
        assert!(matches!(resolution, Resolution::Handled { .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn one_function_at_two_levels_is_asked_at_each_and_once() {
        let plugin = Plugin::new("inner").add(handlers![fails, passes]);
        let bot = Bot::builder().plugin(plugin).add(handlers![passes]);

        let transcript = joined(bot).await;

        assert_eq!(
            tried(reports(&transcript)[0]),
            [
                ("passes", "plugin inner".to_owned()),
                ("passes", "bot".to_owned())
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_guard_that_panics_fails_as_its_error_handler_does() {
        fn bursts(_: &Problem) -> bool {
            panic!("no guard")
        }

        #[error_handler(when = bursts)]
        async fn guarded(_: &ErrorContext, _: &Problem) -> bool {
            true
        }

        let transcript = joined(Bot::builder().add(handlers![fails, guarded, handles])).await;

        transcript.assert_handled_by("fails", "handles");
        let said = &reports(&transcript)[0].tried[0].said;
        assert!(matches!(said, Said::Failed { .. }), "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_sees_what_failed_and_who_was_asked_before() {
    #[derive(Default)]
    struct Seen(Mutex<Vec<String>>);

    #[error_handler]
    async fn sees(ctx: &ErrorContext, _: &Failure, seen: State<Seen>, http: Http) -> bool {
        let event = ctx.event_as::<MemberAdd>().expect("the event");
        let tried: Vec<_> = ctx
            .tried()
            .iter()
            .map(|tried| tried.handler.name())
            .collect();
        *seen.0.lock().expect("no panic") = vec![
            event.user.name.clone(),
            ctx.handler().name().to_owned(),
            ctx.shard().id().to_string(),
            ctx.attempt().to_string(),
            ctx.failure().code().to_owned(),
            tried.join(" "),
            ctx.level().to_string(),
            ctx.state::<Seen>().is_some().to_string(),
            http.current_user().await.is_ok().to_string(),
            ctx.event_as::<MessageCreate>().is_none().to_string(),
        ];
        true
    }

    #[listener]
    async fn reads(ctx: &Context, _: &MessageCreate, seen: State<Seen>) -> Result<()> {
        let seen = seen.0.lock().expect("no panic").join(", ");
        if ctx.event().is_some_and(
            |event| matches!(event, Event::MessageCreate(message) if !message.author.bot),
        ) {
            ctx.reply(seen).await?;
        }
        Ok(())
    }

    let bot = Bot::builder()
        .state(Seen::default())
        .add(handlers![fails, passes, sees, reads]);
    let sim = Simulator::start(bot).await;
    sim.join("alice").await.say("what did you see?").await;

    sim.stop()
        .await
        .assert_replies(&["alice, fails, [0, 1], 1, problem, passes, bot, true, true, true"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_replies_where_the_event_happened() {
    #[listener]
    async fn fails_on_hello(_: &Context, _: &MessageCreate, content: Content) -> Result<()> {
        if content == "hello" {
            Err(Problem.into())
        } else {
            Ok(())
        }
    }

    #[error_handler]
    async fn replies(ctx: &ErrorContext, error: &Problem) -> Result<bool> {
        ctx.reply(format!("@everyone, there was {error}")).await?;
        Ok(true)
    }

    let sim = Simulator::start(Bot::builder().add(handlers![fails_on_hello, replies])).await;
    sim.join("alice").await.say("hello").await;
    let transcript = sim.stop().await;

    transcript.assert_handled_by("fails_on_hello", "replies");
    transcript.assert_replies(&["@everyone, there was a problem"]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_what_happened_in_no_channel_says_what_to_do() {
    #[error_handler]
    async fn replies(ctx: &ErrorContext, _: &Problem) -> Result<bool> {
        ctx.reply("Where to?").await?;
        Ok(true)
    }

    let transcript = joined(Bot::builder().add(handlers![fails, replies])).await;

    let own = reports(&transcript)[1].failure.to_string();
    assert!(
        own.contains("GUILD_MEMBER_ADD has no channel to reply in"),
        "{own}"
    );
}

// Reports.

#[tokio::test(start_paused = true)]
async fn a_report_tells_who_was_asked_what_each_said_and_how_it_ended() {
    #[error_handler]
    async fn slow(_: &ErrorContext, _: &Problem) -> bool {
        tokio::time::sleep(Duration::from_secs(2)).await;
        false
    }

    let plugin = Plugin::new("inner").add(handlers![fails, slow]);
    let transcript = joined(Bot::builder().plugin(plugin).add(handlers![handles])).await;

    let report = reports(&transcript)[0];
    assert_eq!(report.handler.name(), "fails");
    assert_eq!(report.tried[0].took, Duration::from_secs(2));
    assert_eq!(report.tried[0].level, Level::Plugin("inner".into()));
    assert_eq!(report.tried[1].level, Level::Bot);
    assert_eq!(report.took, Duration::from_secs(2));
    let text = report.to_string();
    for line in [
        "listener `fails` failed: a problem [problem ",
        "  plugin inner: `slow` propagated it (2.0s)",
        "  bot: `handles` handled it (",
        "  => handled by `handles`",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let outcome = transcript.outcome("fails");
    assert!(matches!(outcome, Outcome::Handled { by } if by.name() == "handles"));
}

// The fallback.

mod fallback {
    use tracing::Level;

    use super::*;
    use cordial::testing::Log;

    #[tokio::test(start_paused = true)]
    async fn what_nobody_handled_is_logged_once_with_the_whole_report() {
        let log = Log::listen(Level::DEBUG);

        let transcript = joined(Bot::builder().add(handlers![fails, passes])).await;

        let report = reports(&transcript)[0];
        let text = log.text();
        assert_eq!(text.matches("`fails` failed").count(), 1, "{text}");
        assert_eq!(text.matches("ERROR").count(), 1, "{text}");
        assert!(text.contains("bot: `passes` propagated it"), "{text}");
        assert!(text.contains(&report.failure.id().to_string()), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_handled_is_not_logged_as_an_error() {
        let log = Log::listen(Level::DEBUG);

        joined(Bot::builder().add(handlers![fails, handles])).await;

        let text = log.text();
        assert!(!text.contains("ERROR") && !text.contains("WARN"), "{text}");
        let debug = text.lines().find(|line| line.contains("`fails` failed"));
        assert!(debug.is_some_and(|line| line.contains("DEBUG")), "{text}");
        assert!(text.contains("bot: `handles` handled it"), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_ends_in_the_last_resort_is_logged() {
        #[error_handler]
        async fn fails_itself(_: &ErrorContext, _: &Problem) -> Result<bool> {
            Err(Other.into())
        }

        #[error_handler]
        async fn fails_too(_: &ErrorContext, _: &Other) -> Result<bool> {
            Err(Third.into())
        }

        let log = Log::listen(Level::DEBUG);
        let inner = Plugin::new("inner").add(handlers![fails, fails_itself]);
        let bot = Bot::builder().plugin(inner).add(handlers![fails_too]);

        let transcript = joined(bot).await;

        let last = reports(&transcript)[2];
        assert!(matches!(last.resolution, Resolution::LastResort));
        let text = log.text();
        let line = text.lines().find(|line| line.contains("a third problem"));
        assert!(line.is_some_and(|line| line.contains("ERROR")), "{text}");
        assert!(text.contains("=> logged as a last resort"), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_cannot_be_steered_by_what_people_write() {
        #[derive(Debug, thiserror::Error)]
        #[error("\x1b[2Jcleared")]
        struct Steering;

        #[listener]
        async fn steers(_: &Context, _: &MemberAdd) -> Result<()> {
            Err(Steering.into())
        }

        let log = Log::listen(Level::DEBUG);

        joined(Bot::builder().add(handlers![steers])).await;

        let text = log.text();
        assert!(text.contains("cleared"), "{text}");
        assert!(!text.contains('\x1b'), "{text:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_bot_goes_on_unless_told_to_stop() {
        let sim = Simulator::start(Bot::builder().add(handlers![fails])).await;
        sim.join("alice").await;
        sim.join("bob").await;

        assert_eq!(sim.stop().await.invocations("fails").len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_bot_stops_with_the_failure_if_so_told() {
        let bot = Bot::builder()
            .unhandled(Unhandled::Shutdown)
            .add(handlers![fails]);
        let sim = Simulator::start(bot).await;
        sim.join("alice").await;

        let failure = sim.ended().await.expect_err("a failure");

        assert!(failure.is::<Problem>());
        assert_eq!(
            failure.handler().map(cordial::meta::Meta::name),
            Some("fails")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_handled_does_not_stop_the_bot() {
        let bot = Bot::builder()
            .unhandled(Unhandled::Shutdown)
            .add(handlers![fails, handles]);

        joined(bot).await.assert_handled_by("fails", "handles");
    }
}

// Many of them.

mod many {
    use std::collections::BTreeSet;

    use super::*;
    use cordial::testing::Happening;

    /// An error of one of ten types, with a number under a hundred.
    #[derive(Debug, thiserror::Error)]
    #[error("problem {0} of kind {KIND}")]
    struct Numbered<const KIND: usize>(usize);

    async fn greets(_: &Context, _: &MemberAdd) {}

    async fn fails_on_resuming(_: &Context, _: &Resumed) -> Result<(), Numbered<7>> {
        Err(Numbered(42))
    }

    async fn handles<const KIND: usize>(_: &ErrorContext, _: &Numbered<KIND>) -> bool {
        true
    }

    /// Adds a hundred error handlers of a type, each for one number.
    fn hundred<const KIND: usize>(bot: BotBuilder) -> BotBuilder {
        (0..100).fold(bot, |bot, number| {
            let handler = ErrorHandler::new(handles::<KIND>).name(format!("{KIND}.{number}"));
            bot.error_handler(handler.when(move |error: &Numbered<KIND>| error.0 == number))
        })
    }

    fn bot() -> BotBuilder {
        let greeters = (1..10_000).map(|number| Listener::new(greets).name(number.to_string()));
        let bot = greeters.fold(Bot::builder(), BotBuilder::listener);
        let bot = bot.listener(fails_on_resuming);
        let bot = hundred::<4>(hundred::<3>(hundred::<2>(hundred::<1>(hundred::<0>(bot)))));
        hundred::<9>(hundred::<8>(hundred::<7>(hundred::<6>(hundred::<5>(bot)))))
    }

    #[tokio::test(start_paused = true)]
    async fn y4_of_thousands_the_right_one_is_found() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;
        sim.drop_connections();
        alice.leave().await;
        let transcript = sim.stop().await;

        let greeted = transcript.iter().filter_map(|happening| match happening {
            Happening::Finished(invocation) => invocation.handler.name().parse().ok(),
            _ => None,
        });
        let greeted: BTreeSet<usize> = greeted.collect();
        assert!(greeted.into_iter().eq(1..10_000));
        transcript.assert_handled_by("fails_on_resuming", "7.42");
        assert_eq!(names(reports(&transcript)[0]), ["7.42"]);
    }
}
