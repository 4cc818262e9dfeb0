//! Tasks: what runs by the clock, and as the bot starts and stops.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::Token;
use cordial::bot::Mistake;
use cordial::exception::{Cancelled, Panicked, TimedOut};
use cordial::health::ShardState;
use cordial::meta::HandlerKind;
use cordial::prelude::*;
use cordial::task::TaskFlaw;
use cordial::testing::{Simulator, Transcript};
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

/// What happened, and when.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<(&'static str, Instant)>>>);

impl Diary {
    fn note(&self, what: &'static str) {
        self.0
            .lock()
            .expect("no panic")
            .push((what, Instant::now()));
    }

    fn all(&self) -> Vec<(&'static str, Instant)> {
        self.0.lock().expect("no panic").clone()
    }

    /// Returns what happened, in order.
    fn order(&self) -> Vec<&'static str> {
        self.all().into_iter().map(|(what, _)| what).collect()
    }

    /// Returns when something happened, in order.
    fn times(&self, wanted: &str) -> Vec<Instant> {
        let all = self.all().into_iter();
        all.filter(|(what, _)| *what == wanted)
            .map(|(_, at)| at)
            .collect()
    }

    /// Returns how many seconds after the first time something happened again.
    fn seconds(&self, wanted: &str) -> Vec<u64> {
        let times = self.times(wanted);
        let since = |at: &Instant| (*at - times[0] + SECOND / 2).as_secs();
        times.iter().map(since).collect()
    }
}

/// Makes a bot with a diary.
fn bot() -> (BotBuilder, Diary) {
    let diary = Diary::default();
    (Bot::builder().state(diary.clone()), diary)
}

/// Runs a bot for some time.
async fn run_for(bot: BotBuilder, time: Duration) -> Transcript {
    let sim = Simulator::start(bot).await;
    sleep(time).await;
    sim.stop().await
}

fn mistakes(bot: BotBuilder) -> Vec<Mistake> {
    match bot.build() {
        Ok(_) => Vec::new(),
        Err(error) => error.mistakes().to_vec(),
    }
}

/// Returns what is wrong with a task.
fn flaws(task: Task) -> Vec<TaskFlaw> {
    let flaw = |mistake| match mistake {
        Mistake::Task { flaw, .. } => flaw,
        other => panic!("{other}"),
    };
    mistakes(Bot::builder().task(task))
        .into_iter()
        .map(flaw)
        .collect()
}

async fn nothing(_: &Context) {}

mod periods {
    use super::*;

    #[task(every = "5m")]
    async fn sweep(_: &Context, diary: State<Diary>) {
        diary.note("sweep");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_runs_at_once_and_whenever_its_period_is_over() {
        let (bot, diary) = bot();

        run_for(bot.add(handlers![sweep]), 12 * MINUTE).await;

        assert_eq!(diary.seconds("sweep"), [0, 300, 600]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_delay_puts_the_first_run_off() {
        #[task(every = "5m", delay = "1m")]
        async fn later(_: &Context, diary: State<Diary>) {
            diary.note("later");
        }

        let (bot, diary) = bot();
        run_for(bot.add(handlers![sweep, later]), 12 * MINUTE).await;

        let first = diary.times("sweep")[0];
        let since = diary.times("later").into_iter();
        let since: Vec<_> = since.map(|at| (at - first).as_secs()).collect();
        assert_eq!(since, [60, 360, 660]);
    }

    #[tokio::test(start_paused = true)]
    async fn runs_do_not_overlap_and_what_falls_into_one_is_left_out() {
        #[task(every = "5m")]
        async fn takes_twelve_minutes(_: &Context, diary: State<Diary>) {
            diary.note("begun");
            sleep(12 * MINUTE).await;
            diary.note("ended");
        }

        let (bot, diary) = bot();
        let bot = bot.no_task_timeout().add(handlers![takes_twelve_minutes]);
        run_for(bot, 40 * MINUTE).await;

        assert_eq!(diary.seconds("begun"), [0, 900, 1_800]);
        let order = diary.order();
        assert!(
            order.chunks_exact(2).all(|pair| pair == ["begun", "ended"]),
            "{order:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn jitter_puts_each_run_off_at_random_and_runs_do_not_drift() {
        #[task(every = "1h")]
        async fn exact(_: &Context, diary: State<Diary>) {
            diary.note("exact");
        }

        #[task(every = "1h", jitter = "10m")]
        async fn shaky(_: &Context, diary: State<Diary>) {
            diary.note("shaky");
        }

        let (bot, diary) = bot();
        run_for(bot.add(handlers![exact, shaky]), 50 * HOUR).await;

        let (exact, shaky) = (diary.times("exact"), diary.times("shaky"));
        assert!(shaky.len() >= 50, "{}", shaky.len());
        let late = exact
            .iter()
            .zip(&shaky)
            .map(|(exact, shaky)| *shaky - *exact);
        let late: Vec<_> = late.collect();
        assert!(
            late.iter().all(|late| *late <= 10 * MINUTE + SECOND),
            "{late:?}"
        );
        let (least, most) = (late.iter().min(), late.iter().max());
        assert!(
            most.zip(least)
                .is_some_and(|(most, least)| *most > *least + MINUTE),
            "{late:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn plain_functions_do_as_well() {
        async fn sweeps(_: &Context, diary: State<Diary>) -> Result<(), Problem> {
            diary.note("sweeps");
            Ok(())
        }

        let (bot, diary) = bot();
        let task = Task::every(MINUTE, sweeps).delay(SECOND).name("broom");
        let transcript = run_for(bot.task(task), 2 * MINUTE + 30 * SECOND).await;

        assert_eq!(diary.seconds("sweeps"), [0, 60, 120]);
        transcript.assert_completed("broom");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_runs_for_no_event() {
        #[task(every = "1h")]
        async fn looks(ctx: &Context, diary: State<Diary>) {
            assert!(ctx.occurrence().is_none());
            assert_eq!(ctx.handler().kind(), HandlerKind::Task);
            assert_eq!(ctx.attempt(), 1);
            diary.note("looked");
        }

        let (bot, diary) = bot();
        let transcript = run_for(bot.add(handlers![looks]), MINUTE).await;

        assert_eq!(diary.order(), ["looked"]);
        let invocation = transcript.invocations("looks")[0];
        assert_eq!(invocation.event, None);
    }
}

mod failures {
    use super::*;

    #[task(every = "1h")]
    async fn fails(_: &Context) -> Result<()> {
        Err(Problem.into())
    }

    #[task(every = "1h")]
    async fn panics(_: &Context) {
        panic!("on purpose");
    }

    #[task(every = "1h", timeout = "30s")]
    async fn hangs(_: &Context) {
        std::future::pending::<()>().await;
    }

    #[error_handler]
    async fn problem(_: &ErrorContext, _: &Problem) -> bool {
        true
    }

    #[error_handler]
    async fn panicked(_: &ErrorContext, _: &Panicked) -> bool {
        true
    }

    #[error_handler]
    async fn timed_out(_: &ErrorContext, _: &TimedOut) -> bool {
        true
    }

    #[tokio::test(start_paused = true)]
    async fn each_failure_is_reported_once_and_handled_as_that_of_any_handler() {
        let plugin = Plugin::new("part").add(handlers![fails, panics, hangs, problem]);
        let bot = Bot::builder()
            .plugin(plugin)
            .add(handlers![panicked, timed_out]);

        let transcript = run_for(bot, MINUTE).await;

        transcript.assert_handled_by("fails", "problem");
        transcript.assert_handled_by("panics", "panicked");
        transcript.assert_handled_by("hangs", "timed_out");
        assert_eq!(transcript.reports().count(), 3, "{transcript}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_fails_runs_again_at_its_time() {
        let transcript = run_for(Bot::builder().add(handlers![fails]), 150 * MINUTE).await;

        assert_eq!(transcript.invocations("fails").len(), 3);
        assert_eq!(transcript.reports().count(), 3);
        transcript.assert_unhandled("fails");
    }

    #[tokio::test(start_paused = true)]
    async fn error_handlers_of_its_own_are_asked_first() {
        #[error_handler]
        async fn own(_: &ErrorContext, _: &Problem) -> bool {
            true
        }

        #[task(every = "1h", on_error = own)]
        async fn cautious(_: &Context) -> Result<()> {
            Err(Problem.into())
        }

        let plain = Task::every(HOUR, cautious).name("plain").on_error(own);
        let bot = Bot::builder().add(handlers![cautious, problem]).task(plain);
        let transcript = run_for(bot, MINUTE).await;

        transcript.assert_handled_by("cautious", "own");
        transcript.assert_handled_by("plain", "own");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_may_have_it_run_again() {
        #[task(every = "1h")]
        async fn stumbles(ctx: &Context) -> Result<()> {
            if ctx.attempt() == 1 {
                return Err(Problem.into());
            }
            Ok(())
        }

        #[error_handler]
        async fn again(_: &ErrorContext, _: &Problem) -> Flow {
            Flow::Retry { after: MINUTE }
        }

        let bot = Bot::builder().add(handlers![stumbles, again]);
        let transcript = run_for(bot, 2 * MINUTE).await;

        transcript.assert_completed("stumbles");
        assert_eq!(transcript.invocations("stumbles")[0].attempts, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_bot_says_how_long_tasks_may_run_that_say_nothing() {
        #[task(every = "1h")]
        async fn stays(_: &Context) {
            std::future::pending::<()>().await;
        }

        let bot = Bot::builder().add(handlers![stays, timed_out]);
        let transcript = run_for(bot.task_timeout(MINUTE), 2 * MINUTE).await;

        transcript.assert_handled_by("stays", "timed_out");
        let bot = Bot::builder().add(handlers![stays, timed_out]);
        let transcript = run_for(bot, 11 * MINUTE).await;
        let took = transcript.invocations("stays")[0].took;
        assert!(took.abs_diff(10 * MINUTE) < SECOND, "{took:?}");
    }
}

mod start {
    use super::*;

    #[listener]
    async fn connected(_: &Context, _: &Ready, diary: State<Diary>) {
        diary.note("connected");
    }

    #[task(on = "start")]
    async fn prepares(_: &Context, diary: State<Diary>) {
        diary.note("preparing");
        sleep(MINUTE).await;
        diary.note("prepared");
    }

    #[task(every = "1h")]
    async fn sweeps(_: &Context, diary: State<Diary>) {
        diary.note("swept");
    }

    #[tokio::test(start_paused = true)]
    async fn the_bot_connects_when_its_tasks_have_ended_and_others_begin_then() {
        let (bot, diary) = bot();

        let bot = bot.add(handlers![connected, prepares, sweeps]);
        run_for(bot, MINUTE).await;

        let order = diary.order();
        assert_eq!(order[..2], ["preparing", "prepared"]);
        assert!(order.contains(&"connected"), "{order:?}");
        assert!(order.contains(&"swept"), "{order:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn they_run_in_the_order_they_were_added_those_of_plugins_last() {
        #[task(on = "start")]
        async fn first(_: &Context, diary: State<Diary>) {
            sleep(SECOND).await;
            diary.note("first");
        }

        async fn second(_: &Context, diary: State<Diary>) {
            diary.note("second");
        }

        #[task(on = "start")]
        async fn of_plugin(_: &Context, diary: State<Diary>) {
            diary.note("of_plugin");
        }

        let (bot, diary) = bot();
        let bot = bot
            .plugin(Plugin::new("part").add(handlers![of_plugin]))
            .add(handlers![first])
            .task(Task::on_start(second));
        run_for(bot, SECOND).await;

        assert_eq!(diary.order(), ["first", "second", "of_plugin"]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_fails_is_reported_and_the_bot_goes_on() {
        #[task(on = "start")]
        async fn fails(_: &Context) -> Result<()> {
            Err(Problem.into())
        }

        let (bot, diary) = bot();
        let transcript = run_for(bot.add(handlers![fails, connected, prepares]), SECOND).await;

        transcript.assert_unhandled("fails");
        assert_eq!(transcript.reports().count(), 1);
        assert_eq!(diary.order(), ["preparing", "prepared", "connected"]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_fails_ends_a_bot_that_stops_at_failures() {
        #[task(on = "start")]
        async fn fails(_: &Context) -> Result<()> {
            Err(Problem.into())
        }

        let (bot, diary) = bot();
        let bot = bot.add(handlers![fails, connected]);
        let bot = bot.unhandled(Unhandled::Shutdown);
        let failure = Simulator::builder(bot)
            .try_start()
            .await
            .expect_err("a failure");

        assert!(failure.is::<Problem>(), "{failure:?}");
        assert_eq!(diary.order(), [""; 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_that_is_told_to_stop_begins_no_other() {
        #[task(on = "start")]
        async fn goes_on(_: &Context, diary: State<Diary>) {
            diary.note("went on");
        }

        let sim = Simulator::start(Bot::builder()).await;
        let (bot, diary) = bot();
        let bot = bot.add(handlers![prepares, goes_on, connected]);
        let bot = sim.beside(bot).build().expect("a bot");

        let ended = bot.run_until(sleep(55 * SECOND)).await;

        assert!(ended.is_ok(), "{ended:?}");
        // It had its grace.
        assert_eq!(diary.order(), ["preparing", "prepared"]);
    }
}

mod stop {
    use super::*;

    #[task(on = "stop")]
    async fn sums_up(ctx: &Context, diary: State<Diary>) {
        let shards = ctx.health().shards();
        assert!(
            shards
                .iter()
                .all(|shard| shard.state() != ShardState::Active)
        );
        diary.note("sums up");
        sleep(4 * SECOND).await;
        diary.note("summed up");
    }

    #[listener(timeout = "none")]
    async fn takes_three_seconds(_: &Context, _: &MemberAdd, diary: State<Diary>) {
        sleep(3 * SECOND).await;
        diary.note("listened");
    }

    #[listener(timeout = "none")]
    async fn hangs(_: &Context, _: &MemberAdd) {
        std::future::pending::<()>().await;
    }

    #[listener]
    async fn sees(_: &Context, _: &MemberAdd) {}

    /// Lets somebody join a bot, and stops it while what that led to is running.
    async fn stopped(bot: BotBuilder) -> Transcript {
        let sim = Simulator::start(bot.add(handlers![sees])).await;
        let alice = sim.person("alice");
        tokio::spawn(async move { alice.join().await });
        while sim.transcript().invocations("sees").is_empty() {
            tokio::task::yield_now().await;
        }
        sim.stop().await
    }

    #[tokio::test(start_paused = true)]
    async fn its_tasks_run_when_shards_and_other_handlers_have_ended() {
        let (bot, diary) = bot();

        let transcript = stopped(bot.add(handlers![sums_up, takes_three_seconds])).await;

        assert_eq!(diary.order(), ["listened", "sums up", "summed up"]);
        transcript.assert_completed("sums_up");
    }

    #[tokio::test(start_paused = true)]
    async fn they_run_one_after_the_other_the_last_first() {
        async fn first(_: &Context, diary: State<Diary>) {
            diary.note("first");
        }

        async fn second(_: &Context, diary: State<Diary>) {
            sleep(SECOND).await;
            diary.note("second");
        }

        async fn of_plugin(_: &Context, diary: State<Diary>) {
            sleep(SECOND).await;
            diary.note("of plugin");
        }

        let (bot, diary) = bot();
        let bot = bot
            .plugin(Plugin::new("part").task(Task::on_stop(of_plugin)))
            .task(Task::on_stop(first))
            .task(Task::on_stop(second));
        stopped(bot).await;

        assert_eq!(diary.order(), ["of plugin", "second", "first"]);
    }

    #[tokio::test(start_paused = true)]
    async fn handlers_that_hang_leave_them_half_of_the_grace() {
        let (bot, diary) = bot();

        let transcript = stopped(bot.add(handlers![sums_up, hangs])).await;

        assert!(only(&transcript).failure.is::<Cancelled>(), "{transcript}");
        transcript.assert_unhandled("hangs");
        transcript.assert_completed("sums_up");
        assert_eq!(diary.order(), ["sums up", "summed up"]);
    }

    #[tokio::test(start_paused = true)]
    async fn they_are_cut_off_when_the_grace_is_over_each_with_a_failure() {
        async fn also(_: &Context) {
            sleep(SECOND).await;
        }

        #[error_handler]
        async fn cut_off(_: &ErrorContext, _: &Cancelled) -> bool {
            true
        }

        let (bot, diary) = bot();
        let bot = bot
            .grace(6 * SECOND)
            .task(Task::on_stop(also))
            .add(handlers![sums_up, hangs, cut_off]);
        let transcript = stopped(bot).await;

        for cut_off in ["hangs", "sums_up", "also"] {
            transcript.assert_handled_by(cut_off, "cut_off");
        }
        assert_eq!(transcript.reports().count(), 3, "{transcript}");
        assert_eq!(diary.order(), ["sums up"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_they_leave_running_is_waited_for() {
        #[task(on = "stop")]
        async fn leaves(ctx: &Context, diary: State<Diary>) {
            let diary = diary.clone();
            ctx.spawn("left", async move {
                sleep(2 * SECOND).await;
                diary.note("left");
                Ok(())
            });
        }

        let (bot, diary) = bot();
        stopped(bot.add(handlers![leaves, hangs])).await;

        assert_eq!(diary.order(), ["left"]);
    }

    #[tokio::test(start_paused = true)]
    async fn they_do_not_run_if_the_bot_did_not_begin() {
        let (bot, diary) = bot();
        let token = Token::new("MTIzNDU2Nzg5MDEyMzQ1Njc4.wrong.wrong-wrong-wrong-wrong-wrong");
        let builder = Simulator::builder(bot.add(handlers![sums_up]));

        let ended = builder.token(token.expect("a token")).try_start().await;

        assert!(ended.is_err());
        assert_eq!(diary.order(), [""; 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn no_run_by_the_clock_begins_any_more_and_one_that_runs_has_the_grace() {
        #[task(every = "1s")]
        async fn ticks(_: &Context, diary: State<Diary>) {
            diary.note("tick");
        }

        #[task(every = "1h", delay = "1m")]
        async fn takes_nine_seconds(_: &Context, diary: State<Diary>) {
            diary.note("begun");
            sleep(9 * SECOND).await;
            diary.note("ended");
        }

        let (bot, diary) = bot();
        let sim = Simulator::start(bot.add(handlers![ticks, takes_nine_seconds])).await;
        while diary.times("begun").is_empty() {
            sleep(SECOND / 10).await;
        }
        diary.note("stop");
        sim.stop().await;

        let order = diary.order();
        let stop = order
            .iter()
            .position(|what| *what == "stop")
            .expect("a stop");
        assert_eq!(order[stop + 1..], ["ended"]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_runs_longer_is_cut_off() {
        #[task(every = "1h", timeout = "none")]
        async fn stays(_: &Context) {
            std::future::pending::<()>().await;
        }

        let transcript = run_for(Bot::builder().add(handlers![stays]), SECOND).await;

        let report = only(&transcript);
        assert!(report.failure.is::<Cancelled>(), "{report}");
        transcript.assert_unhandled("stays");
    }

    fn only(transcript: &Transcript) -> &cordial::outcome::Report {
        let reports: Vec<_> = transcript.reports().collect();
        assert_eq!(reports.len(), 1, "{transcript}");
        reports[0]
    }
}

mod build {
    use super::*;

    #[test]
    fn a_period_is_longer_than_nothing_and_than_the_jitter() {
        assert_eq!(
            flaws(Task::every(Duration::ZERO, nothing)),
            [TaskFlaw::NoPeriod]
        );
        let (jitter, period) = (MINUTE, MINUTE);
        assert_eq!(
            flaws(Task::every(period, nothing).jitter(jitter)),
            [TaskFlaw::LongJitter { jitter, period }]
        );
        assert_eq!(flaws(Task::every(period, nothing).jitter(SECOND)), []);
    }

    #[test]
    fn what_says_nothing_of_when_a_task_runs_is_a_mistake() {
        let options = |task| {
            let options = flaws(task).into_iter().map(|flaw| match flaw {
                TaskFlaw::Unfit { option, .. } => option,
                other => panic!("{other}"),
            });
            options.collect::<Vec<_>>()
        };

        let start = Task::on_start(nothing).jitter(SECOND).delay(SECOND);
        assert_eq!(options(start), ["jitter", "delay"]);
        let stop = Task::on_stop(nothing).jitter(SECOND).timezone("UTC");
        assert_eq!(options(stop), ["jitter", "timezone"]);
        let every = Task::every(MINUTE, nothing).timezone("UTC");
        assert_eq!(options(every), ["timezone"]);
        let cron = Task::cron("0 9 * * *", nothing).delay(SECOND);
        assert_eq!(options(cron), ["delay"]);
    }

    #[test]
    fn mistakes_of_times_by_clocks_are_told_together() {
        let task = Task::cron("0 25 * * *", nothing).timezone("Europe/Atlantis");

        let flaws = flaws(task);

        assert!(
            matches!(&flaws[..], [
                TaskFlaw::BadCron { expression, .. },
                TaskFlaw::UnknownTimezone { name },
            ] if expression == "0 25 * * *" && name == "Europe/Atlantis"),
            "{flaws:?}"
        );
    }

    #[test]
    fn expressions_that_are_none_are_mistakes() {
        for text in [
            "",
            "* * * *",
            "60 * * * *",
            "0 9 32 * *",
            "0 9 * 13 *",
            "0 9 * * 8",
            "0 9 * * MONDAY",
            "every morning",
            "@sometimes",
            "0 0 9 * * * 2026",
            "*/0 * * * *",
        ] {
            let flaws = flaws(Task::cron(text, nothing));

            assert!(
                matches!(&flaws[..], [TaskFlaw::BadCron { .. }]),
                "{text}: {flaws:?}"
            );
        }
    }

    #[test]
    fn a_day_that_never_comes_is_a_mistake() {
        let flaws = flaws(Task::cron("0 0 30 2 *", nothing));

        let expression = "0 0 30 2 *".to_owned();
        assert_eq!(flaws, [TaskFlaw::NeverComes { expression }]);
    }

    #[test]
    fn expressions_that_are_usual_are_none() {
        for text in [
            "* * * * *",
            "*/5 * * * *",
            "0 9 * * 1-5",
            "0 9 * * MON-FRI",
            "30 0 9 * * *",
            "0 0 1,15 * *",
            "0 0 L * *",
            "0 0 15W * *",
            "0 0 * * FRI#2",
            "0 0 29 2 *",
            " 0  9 * * 7 ",
            "@hourly",
            "@daily",
            "@weekly",
            "@monthly",
            "@yearly",
        ] {
            assert_eq!(flaws(Task::cron(text, nothing)), [], "{text}");
        }
    }

    #[test]
    fn what_is_part_of_an_event_is_refused() {
        async fn asks(_: &Context, _: Author, _: Option<GuildId>) {}

        let mistakes = mistakes(Bot::builder().task(Task::every(MINUTE, asks)));

        let extractors = mistakes.iter().map(|mistake| match mistake {
            Mistake::NoEvent { extractor, .. } => *extractor,
            other => panic!("{other}"),
        });
        assert_eq!(extractors.collect::<Vec<_>>(), ["Author", "GuildId"]);
        let text = mistakes[0].to_string();
        assert!(text.contains("tasks run without one"), "{text}");
    }

    #[test]
    fn state_that_nobody_shares_is_refused() {
        #[task(every = "1h")]
        async fn takes_state(_: &Context, _: State<Diary>) {}

        let mistakes = mistakes(Bot::builder().add(handlers![takes_state]));

        assert!(
            matches!(&mistakes[..], [Mistake::MissingState { .. }]),
            "{mistakes:?}"
        );
    }

    #[test]
    fn two_tasks_of_one_name_in_one_place_are_refused() {
        #[task(every = "1h")]
        async fn sweeps(_: &Context) {}

        let twice = || Bot::builder().add(handlers![sweeps]);
        let same = mistakes(twice().task(Task::on_stop(nothing).name("sweeps")));
        let elsewhere = mistakes(twice().plugin(Plugin::new("part").add(handlers![sweeps])));

        assert!(
            matches!(&same[..], [Mistake::DuplicateTask { .. }]),
            "{same:?}"
        );
        let text = same[0].to_string();
        assert_eq!(text.matches("tests/tasks.rs").count(), 4, "{text}");
        assert_eq!(elsewhere, []);
    }

    #[test]
    fn what_arguments_need_of_intents_is_asked_for() {
        struct Members;

        impl FromContext for Members {
            type Rejection = std::convert::Infallible;

            async fn from_context(_: &Context) -> Result<Self, Self::Rejection> {
                Ok(Self)
            }

            fn require(requirements: &mut cordial::extract::Requirements) {
                requirements.intents(Intents::GUILD_MEMBERS);
            }
        }

        async fn counts(_: &Context, _: Members) {}

        let bot = || Bot::builder().task(Task::every(MINUTE, counts));
        assert_eq!(
            bot().build().expect("a bot").intents(),
            Intents::GUILD_MEMBERS
        );
        let mistakes = mistakes(bot().only_intents(Intents::GUILDS));
        assert!(
            matches!(&mistakes[..], [Mistake::WithheldIntents { .. }]),
            "{mistakes:?}"
        );
    }

    #[test]
    fn a_bot_lists_its_tasks() {
        let bot = Bot::builder()
            .plugin(Plugin::new("part").task(Task::every(MINUTE, nothing).name("third")))
            .task(Task::on_stop(nothing).name("first"))
            .task(Task::cron("@daily", nothing).name("second"));

        let bot = bot.build().expect("a bot");

        let names: Vec<_> = bot.tasks().map(cordial::meta::Meta::name).collect();
        assert_eq!(names, ["first", "second", "third"]);
    }
}

mod clocks {
    use std::time::SystemTime;

    use super::*;

    #[task(cron = "0 9 * * 1-5", timezone = "Europe/Berlin")]
    async fn works(_: &Context, diary: State<Diary>) {
        diary.note("works");
    }

    #[task(cron = "0 9 * * *")]
    async fn wakes(_: &Context, diary: State<Diary>) {
        diary.note("wakes");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_runs_when_clocks_show_its_time() {
        let (bot, diary) = bot();
        let bot = bot.add(handlers![wakes, works]);

        run_for(bot, 5 * 24 * HOUR).await;

        // From Thursday, the 1st of January 2026, to Monday, and in winter an hour earlier.
        let expected = [
            "works", "wakes", "works", "wakes", "wakes", "wakes", "works", "wakes",
        ];
        assert_eq!(diary.order(), expected);
        assert_eq!(
            diary.seconds("wakes"),
            [0, 86_400, 172_800, 259_200, 345_600]
        );
        assert_eq!(diary.seconds("works"), [0, 86_400, 345_600]);
    }

    #[tokio::test(start_paused = true)]
    async fn jitter_puts_it_off() {
        #[task(cron = "0 * * * *", jitter = "10m")]
        async fn shaky(_: &Context, diary: State<Diary>) {
            diary.note("shaky");
        }

        #[task(cron = "0 * * * *")]
        async fn exact(_: &Context, diary: State<Diary>) {
            diary.note("exact");
        }

        let (bot, diary) = bot();
        let bot = bot.add(handlers![exact, shaky]);
        run_for(bot, 50 * HOUR + 30 * MINUTE).await;

        let (exact, shaky) = (diary.times("exact"), diary.times("shaky"));
        assert_eq!((exact.len(), shaky.len()), (50, 50));
        let mut late = exact
            .iter()
            .zip(&shaky)
            .map(|(exact, shaky)| *shaky - *exact);
        assert!(late.all(|late| late <= 10 * MINUTE + SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn times_that_fall_into_a_run_are_left_out() {
        #[task(cron = "*/10 * * * *", timeout = "none")]
        async fn takes_25_minutes(_: &Context, diary: State<Diary>) {
            diary.note("begun");
            sleep(25 * MINUTE).await;
        }

        let (bot, diary) = bot();
        let bot = bot.add(handlers![takes_25_minutes]);
        run_for(bot, 75 * MINUTE).await;

        assert_eq!(diary.seconds("begun"), [0, 1_800, 3_600]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_simulated_day_is_the_tests_to_choose() {
        let (bot, diary) = bot();
        // Saturday, the 3rd of January 2026, at midnight in UTC.
        let saturday = SystemTime::UNIX_EPOCH + 20_456 * 24 * HOUR;
        let bot = bot.add(handlers![wakes, works]);
        let sim = Simulator::builder(bot).begins_at(saturday).start().await;

        sleep(24 * HOUR).await;

        sim.stop().await;
        assert_eq!(diary.order(), ["wakes"]);
    }
}
