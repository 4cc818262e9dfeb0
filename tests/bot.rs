//! What a bot is built from, how it starts, and how it ends.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::bot::Mistake;
use cordial::exception::{
    AuthenticationFailed, Cancelled, ConnectionClosed, DisallowedIntents, GatewayError,
    InsecureTransport, Unauthorized,
};
use cordial::prelude::*;
use cordial::testing::{ConnectionEnd, Log, Person, Simulator};
use cordial::twilight::model::gateway::event::EventType;
use cordial::{Token, TokenError};
use tokio::sync::Notify;
use tracing::Level;

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

#[listener]
async fn greets(_: &Context, _: &MemberAdd) {}

#[listener]
async fn fails(_: &Context, _: &MemberAdd) -> Result<()> {
    Err(Problem.into())
}

/// Does something without waiting for what comes of it.
fn leave_to_join(alice: Person) {
    tokio::spawn(async move { alice.join().await });
}

/// Waits until a handler has run, without letting time pass.
async fn until_run(sim: &Simulator, handler: &str) {
    while sim.transcript().invocations(handler).is_empty() {
        tokio::task::yield_now().await;
    }
}

// Listeners on their own.

mod isolation {
    use super::*;

    #[listener(timeout = "none")]
    async fn hangs(_: &Context, _: &MemberAdd) {
        std::future::pending::<()>().await;
    }

    #[listener]
    async fn panics(_: &Context, _: &MemberAdd) {
        panic!("no more");
    }

    #[listener]
    async fn counts(_: &Context, _: &MemberAdd, seen: State<AtomicUsize>) {
        seen.fetch_add(1, Ordering::Relaxed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_listener_is_unaffected_while_its_neighbour_hangs() {
        let bot = Bot::builder()
            .state(AtomicUsize::new(0))
            .add(handlers![hangs, counts]);
        let sim = Simulator::start(bot).await;
        for name in ["alice", "bob", "carol"] {
            leave_to_join(sim.person(name));
        }
        while sim.transcript().invocations("counts").len() < 3 {
            tokio::task::yield_now().await;
        }

        let transcript = sim.stop().await;

        transcript.assert_completed("counts");
        assert_eq!(transcript.invocations("hangs").len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_listener_that_panics_or_fails_touches_no_other_and_not_the_gateway() {
        let bot = Bot::builder().state(AtomicUsize::new(0));
        let sim = Simulator::start(bot.add(handlers![panics, fails, counts])).await;
        for name in ["alice", "bob", "carol"] {
            sim.join(name).await;
        }

        let transcript = sim.stop().await;

        assert_eq!(transcript.invocations("counts").len(), 3);
        assert_eq!(transcript.invocations("panics").len(), 3);
        transcript.assert_completed("counts");
    }

    #[tokio::test(start_paused = true)]
    async fn several_listeners_hear_of_one_event_and_each_ends_for_itself() {
        let bot = Bot::builder().state(AtomicUsize::new(0));
        let sim = Simulator::start(bot.add(handlers![greets, fails, counts])).await;
        sim.join("alice").await;

        let transcript = sim.stop().await;

        transcript.assert_completed("greets");
        transcript.assert_completed("counts");
        transcript.assert_unhandled("fails");
    }
}

// Building.

mod building {
    use super::*;

    struct Database;

    #[listener]
    async fn needs_state(_: &Context, _: &MemberAdd, _: State<Database>) {}

    #[listener]
    async fn needs_an_author(_: &Context, _: &RoleCreate, _: Author) {}

    #[listener]
    async fn needs_a_guild(_: &Context, _: &MessageCreate, _: GuildId) {}

    #[error_handler]
    async fn handles(_: &ErrorContext, _: &Problem, _: State<Database>) -> bool {
        true
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let bot = Bot::builder()
            .add(handlers![
                needs_state,
                needs_an_author,
                needs_a_guild,
                handles,
                greets,
                greets
            ])
            .plugin(Plugin::new("part"))
            .plugin(Plugin::new("part"))
            .state(5_u8)
            .state(6_u8);

        let error = bot.build().expect_err("mistakes");

        let sorts: Vec<_> = error
            .mistakes()
            .iter()
            .map(|mistake| match mistake {
                Mistake::DuplicateState { state, .. } => format!("duplicate state {state}"),
                Mistake::DuplicateListener {
                    listeners: [first, _],
                    ..
                } => format!("duplicate {}", first.name()),
                Mistake::DuplicatePlugin { name, .. } => format!("duplicate plugin {name}"),
                Mistake::MissingState { handler, .. } => format!("state of {}", handler.name()),
                Mistake::NeverThere { extractor, .. } => format!("never {extractor}"),
                Mistake::SometimesAbsent { extractor, .. } => format!("sometimes {extractor}"),
                other => panic!("{other}"),
            })
            .collect();
        let expected = [
            "duplicate state u8",
            "duplicate greets",
            "duplicate plugin part",
            "state of handles",
            "state of needs_state",
            "never Author",
            "sometimes GuildId",
        ];
        assert_eq!(sorts, expected);
        let text = error.to_string();
        assert!(text.starts_with("the bot has 7 mistakes:"), "{text}");
        assert!(
            text.contains("takes `State<bot::building::Database>`, but no such state was added")
        );
    }

    #[test]
    fn duplicates_are_named_with_both_places() {
        let first = line!() + 2;
        let error = Bot::builder()
            .add(handlers![greets])
            .add(handlers![greets])
            .plugin(Plugin::new("part"))
            .plugin(Plugin::new("part"))
            .state(5_u8)
            .state(6_u8)
            .build()
            .expect_err("a mistake");

        let text = error.to_string();
        let listener = text.lines().find(|line| line.contains("a listener for"));
        let listener = listener.expect("a mistake");
        for line in [first, first + 1] {
            let place = format!("added at tests/bot.rs:{line}:");
            assert!(listener.contains(&place), "{text}");
        }
        assert_eq!(text.matches("tests/bot.rs:").count(), 7, "{text}");
    }

    #[test]
    fn state_may_come_from_further_out_and_what_is_optional_may_be_absent() {
        #[listener]
        async fn may_have(_: &Context, _: &MemberAdd, _: Option<State<u64>>) {}

        let plugin = Plugin::new("part").add(handlers![needs_state, may_have]);

        Bot::builder()
            .state(Database)
            .plugin(plugin)
            .build()
            .expect("no mistake");
    }

    #[tokio::test(start_paused = true)]
    async fn a_plugins_state_comes_before_the_bots() {
        #[listener]
        async fn inside(_: &Context, _: &MemberAdd, seen: State<&'static str>) {
            assert_eq!(*seen, "the plugin's");
        }

        #[listener]
        async fn outside(_: &Context, _: &MemberAdd, seen: State<&'static str>) {
            assert_eq!(*seen, "the bot's");
        }

        let plugin = Plugin::new("part")
            .state("the plugin's")
            .add(handlers![inside]);
        let bot = Bot::builder()
            .state("the bot's")
            .plugin(plugin)
            .add(handlers![outside]);
        let sim = Simulator::start(bot).await;
        sim.join("alice").await;

        let transcript = sim.stop().await;

        transcript.assert_completed("inside");
        transcript.assert_completed("outside");
    }

    #[test]
    fn a_listener_that_the_chosen_intents_leave_silent_is_a_mistake() {
        let bot = Bot::builder()
            .only_intents(Intents::GUILDS)
            .add(handlers![greets]);

        let error = bot.build().expect_err("a mistake");

        assert!(matches!(
            error.mistakes(),
            [Mistake::MissingIntents { needed, .. }] if *needed == Intents::GUILD_MEMBERS
        ));
        assert!(error.to_string().contains("GUILD_MEMBERS"), "{error}");
    }

    #[test]
    fn an_argument_that_the_chosen_intents_leave_blank_is_a_mistake() {
        #[listener]
        async fn reads(_: &Context, _: &GuildMessage, _: Content) {}

        #[error_handler]
        async fn quotes(_: &GuildMessage, _: &Problem, _: Content) -> bool {
            true
        }

        let bot = Bot::builder().only_intents(Intents::GUILD_MESSAGES);

        let error = bot
            .add(handlers![reads, quotes])
            .build()
            .expect_err("mistakes");

        let blank = error.mistakes().iter().map(|mistake| match mistake {
            Mistake::WithheldIntents { handler, needed } => (handler.name(), *needed),
            other => panic!("{other}"),
        });
        let content = Intents::MESSAGE_CONTENT;
        assert_eq!(
            blank.collect::<Vec<_>>(),
            [("reads", content), ("quotes", content)]
        );
    }

    #[test]
    fn a_listener_of_an_event_that_is_not_wanted_or_never_arrives_is_a_mistake() {
        #[listener]
        async fn outage(_: &Context, _: &UnavailableGuild) {}

        let bot =
            Bot::builder().only_wants([EventType::MessageCreate, EventType::UnavailableGuild]);

        let error = bot
            .add(handlers![greets, outage])
            .build()
            .expect_err("mistakes");

        assert!(matches!(
            error.mistakes(),
            [
                Mistake::Unwanted { .. },
                Mistake::NeverArrives {
                    instead: "GuildDelete",
                    ..
                }
            ]
        ));
    }

    #[test]
    fn a_mistake_in_a_plugin_is_found_however_deep() {
        let inner = Plugin::new("inner").add(handlers![needs_state]);
        let outer = Plugin::new("outer").plugin(inner);

        let error = Bot::builder().plugin(outer).build().expect_err("a mistake");

        assert_eq!(error.mistakes().len(), 1);
    }
}

// Starting.

mod starting {
    use super::*;

    const TOKEN: &str = "c2VjcmV0LXNlY3JldA.c2VjcmV0.c2VjcmV0LXNlY3JldC1zZWNyZXQ";

    #[tokio::test(start_paused = true)]
    async fn a_token_that_discord_refuses_ends_the_bot() {
        let token = Token::new(TOKEN).expect("the form of a token");

        let failure = Simulator::builder(Bot::builder().add(handlers![greets]))
            .token(token)
            .try_start()
            .await
            .expect_err("refused");

        assert!(failure.is::<Unauthorized>(), "{failure:?}");
        assert!(!format!("{failure} {failure:?}").contains("c2VjcmV0"));
    }

    #[tokio::test(start_paused = true)]
    async fn privileged_intents_that_are_not_granted_end_the_bot_by_name() {
        #[listener]
        async fn reads(_: &Context, _: &MessageCreate, _: Content) {}

        let failure = Simulator::builder(Bot::builder().add(handlers![greets, reads]))
            .refuse_privileged_intents()
            .try_start()
            .await
            .expect_err("refused");

        let disallowed = failure.find::<DisallowedIntents>().expect("the close code");
        assert_eq!(disallowed.code(), 4014);
        assert_eq!(
            disallowed.intents(),
            ["Server Members Intent", "Message Content Intent"]
        );
        assert!(failure.is::<ConnectionClosed>());
        assert!(failure.is::<GatewayError>());
        assert!(
            failure.to_string().contains("developer portal"),
            "{failure}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn error_handlers_are_told_of_what_ends_the_bot_and_it_ends_all_the_same() {
        struct Told(Arc<Mutex<Vec<String>>>);

        #[error_handler]
        async fn tells(_: &ErrorContext, failure: &Failure, told: State<Told>) -> bool {
            told.0.lock().expect("no panic").push(failure.code().into());
            true
        }

        let told = Arc::default();
        let bot = || {
            let bot = Bot::builder().state(Told(Arc::clone(&told)));
            bot.add(handlers![greets, tells])
        };
        let refused = Simulator::builder(bot())
            .refuse_privileged_intents()
            .try_start()
            .await;
        let wrong = Token::new("d3Jvbmc.d3Jvbmc.d3Jvbmc").expect("a token");
        let unknown = Simulator::builder(bot()).token(wrong).try_start().await;

        refused.expect_err("refused");
        unknown.expect_err("refused");
        let told = told.lock().expect("no panic");
        assert_eq!(*told, ["disallowed_intents", "unauthorized"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_final_close_code_ends_the_bot_later_too() {
        let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;

        sim.close_connections(4004);
        let failure = sim.ended().await.expect_err("closed");

        assert!(failure.is::<AuthenticationFailed>(), "{failure:?}");
        assert!(failure.to_string().contains("DISCORD_TOKEN"), "{failure}");
    }

    #[test]
    fn the_token_is_read_from_the_environment() {
        const TEST: &str = "starting::the_token_is_read_from_the_environment";

        if let Ok(expected) = std::env::var("EXPECTED") {
            let read = Bot::from_env().map(|_| "a bot".to_owned());
            let read = read.unwrap_or_else(|error| error.to_string());
            assert!(read.contains(&expected), "{read}");
            assert!(!read.contains("d3Jvbmc"), "{read}");
            return;
        }
        let cases = [
            (None, "`DISCORD_TOKEN` is not set"),
            (Some(""), "`DISCORD_TOKEN` "),
            (Some("d3Jvbmc"), "into `DISCORD_TOKEN`"),
            (Some("d3Jvbmc.d3Jvbmc.d3Jvbmc"), "a bot"),
            (Some(" Bot d3Jvbmc.d3Jvbmc.d3Jvbmc\n"), "a bot"),
        ];
        for (token, expected) in cases {
            let mut program = Command::new(std::env::current_exe().expect("this program"));
            program.args(["--exact", TEST]).env("EXPECTED", expected);
            program.env_remove("DISCORD_TOKEN");
            program.envs(token.map(|token| ("DISCORD_TOKEN", token)));

            let run = program.output().expect("it runs");

            let said = String::from_utf8_lossy(&run.stdout);
            assert!(run.status.success(), "{token:?}: {said}");
            assert!(said.contains("1 passed"), "{said}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_token_there_is_nothing_to_run() {
        let bot = Bot::builder()
            .add(handlers![greets])
            .build()
            .expect("a bot");

        let failure = bot
            .run_until(std::future::pending())
            .await
            .expect_err("no token");

        let missing = failure.find::<TokenError>().expect("a missing token");
        assert!(missing.to_string().contains("DISCORD_TOKEN"), "{missing}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_proxy_elsewhere_would_be_told_the_token_in_plain_text() {
        let elsewhere = cordial::bot::Endpoints {
            gateway: ([192, 0, 2, 1], 80).into(),
            http: ([192, 0, 2, 1], 80).into(),
        };
        let token = Token::new(TOKEN).expect("the form of a token");

        let bot = Bot::builder()
            .token(token)
            .endpoints(elsewhere)
            .build()
            .expect("a bot");
        let failure = bot
            .run_until(std::future::pending())
            .await
            .expect_err("refused");

        assert!(failure.is::<InsecureTransport>(), "{failure:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn as_many_shards_as_recommended_are_started() {
        let bot = Bot::builder().add(handlers![greets]);
        let sim = Simulator::builder(bot).shards(3).start().await;
        sim.join("alice").await;

        let transcript = sim.stop().await;

        assert_eq!(
            transcript
                .events()
                .iter()
                .filter(|name| **name == "READY")
                .count(),
            3
        );
        assert_eq!(transcript.invocations("greets").len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_connection_is_taken_up_again_where_it_was() {
        type Break = fn(&Simulator);
        let breaks: [Break; 4] = [
            Simulator::drop_connections,
            Simulator::ask_to_reconnect,
            Simulator::invalidate_sessions,
            |sim| sim.close_connections(4000),
        ];
        for lose in breaks {
            let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;
            lose(&sim);
            sim.settle().await;
            sim.join("alice").await;

            let transcript = sim.stop().await;

            transcript.assert_completed("greets");
        }
    }
}

// Stopping.

mod stopping {
    use super::*;

    #[derive(Default)]
    struct Ended(AtomicBool);

    #[listener]
    async fn takes_five_seconds(_: &Context, _: &MemberAdd, ended: State<Arc<Ended>>) {
        tokio::time::sleep(Duration::from_secs(5)).await;
        ended.0.store(true, Ordering::Relaxed);
    }

    async fn stopped(grace: Option<u64>) -> (cordial::testing::Transcript, bool) {
        let ended = Arc::new(Ended::default());
        let bot = Bot::builder().state(Arc::clone(&ended));
        let bot = match grace {
            Some(seconds) => bot.grace(Duration::from_secs(seconds)),
            None => bot,
        };
        let sim = Simulator::start(bot.add(handlers![greets, takes_five_seconds, handles])).await;
        leave_to_join(sim.person("alice"));
        until_run(&sim, "greets").await;
        let transcript = sim.stop().await;
        (transcript, ended.0.load(Ordering::Relaxed))
    }

    #[error_handler]
    async fn handles(_: &ErrorContext, _: &Cancelled) -> bool {
        tokio::time::sleep(Duration::from_secs(1)).await;
        true
    }

    #[tokio::test(start_paused = true)]
    async fn handlers_finish_within_the_grace() {
        let (transcript, ended) = stopped(None).await;

        transcript.assert_completed("takes_five_seconds");
        assert!(ended);
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_do_not_are_cut_off_each_with_a_failure_that_is_handled() {
        let (transcript, ended) = stopped(Some(2)).await;

        transcript.assert_handled_by("takes_five_seconds", "handles");
        assert_eq!(transcript.reports().count(), 1);
        assert!(!ended);
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_that_waits_is_cut_off_too() {
        #[error_handler]
        async fn later(_: &ErrorContext, _: &Problem) -> Flow {
            Flow::Retry {
                after: Duration::from_secs(3_600),
            }
        }

        let sim = Simulator::start(Bot::builder().add(handlers![greets, fails, later])).await;
        leave_to_join(sim.person("alice"));
        until_run(&sim, "greets").await;

        let transcript = sim.stop().await;

        let last = transcript.reports().last().expect("a report");
        assert!(last.failure.is::<Cancelled>(), "{last}");
        assert_eq!(transcript.invocations("fails").len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_cut_off_does_not_run_again() {
        #[listener(timeout = "none")]
        async fn hangs(_: &Context, _: &MemberAdd, runs: State<Arc<AtomicUsize>>) {
            runs.fetch_add(1, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }

        #[error_handler]
        async fn again(_: &ErrorContext, _: &Cancelled) -> Flow {
            Flow::RETRY
        }

        let runs = Arc::new(AtomicUsize::new(0));
        let bot = Bot::builder()
            .state(Arc::clone(&runs))
            .add(handlers![greets, hangs, again]);
        let sim = Simulator::start(bot).await;
        leave_to_join(sim.person("alice"));
        until_run(&sim, "greets").await;

        let transcript = sim.stop().await;

        assert_eq!(runs.load(Ordering::Relaxed), 1);
        assert_eq!(transcript.reports().count(), 1, "{transcript}");
        transcript.assert_unhandled("hangs");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_that_never_ends_is_cut_off_too() {
        #[listener(timeout = "none")]
        async fn hangs(_: &Context, _: &MemberAdd) {
            std::future::pending::<()>().await;
        }

        #[listener]
        async fn sees_it_start(_: &Context, _: &MemberAdd) {}

        #[error_handler(timeout = "none")]
        async fn hangs_too(_: &ErrorContext, _: &Failure) -> bool {
            std::future::pending().await
        }

        let bot = Bot::builder().add(handlers![hangs, sees_it_start, hangs_too]);
        let sim = Simulator::start(bot).await;
        leave_to_join(sim.person("alice"));
        until_run(&sim, "sees_it_start").await;

        let transcript = sim.stop().await;

        transcript.assert_unhandled("hangs");
        let failures = transcript.reports().map(|report| &report.failure);
        assert_eq!(
            failures.filter(|failure| failure.is::<Cancelled>()).count(),
            2
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_left_running_has_the_same_grace() {
        #[listener]
        async fn leaves(ctx: &Context, _: &MemberAdd) {
            ctx.spawn("task", async {
                std::future::pending::<()>().await;
                Ok(())
            });
        }

        let sim = Simulator::start(Bot::builder().add(handlers![leaves, handles])).await;
        sim.join("alice").await;

        let transcript = sim.stop().await;

        transcript.assert_handled_by("task", "handles");
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_that_is_dropped_leaves_nothing_running() {
        struct Dropped(Arc<AtomicBool>);

        impl Drop for Dropped {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }

        #[listener(timeout = "none")]
        async fn hangs(_: &Context, _: &MemberAdd, dropped: State<Arc<AtomicBool>>) {
            let _dropped = Dropped(Arc::clone(&dropped));
            std::future::pending::<()>().await;
        }

        let dropped = Arc::new(AtomicBool::new(false));
        let bot = Bot::builder()
            .state(Arc::clone(&dropped))
            .add(handlers![greets, hangs]);
        let sim = Simulator::start(bot).await;
        leave_to_join(sim.person("alice"));
        until_run(&sim, "greets").await;

        drop(sim);
        while !dropped.load(Ordering::Relaxed) {
            tokio::task::yield_now().await;
        }
    }

    #[listener(timeout = "none")]
    async fn never_ends(_: &Context, _: &MemberAdd) {
        std::future::pending::<()>().await;
    }

    #[tokio::test(start_paused = true)]
    async fn s10_what_a_run_that_is_dropped_leaves_is_told_of_once() {
        let log = Log::listen(Level::INFO);
        let bot = Bot::builder().add(handlers![greets, never_ends]);
        let mut sim = Simulator::start(bot).await;
        leave_to_join(sim.person("alice"));
        until_run(&sim, "greets").await;

        sim.crash().await;

        let told = log.text().matches("`never_ends` failed").count();
        assert_eq!(told, 1, "{}", log.text());
        let connections = sim.connections();
        assert_eq!(connections[0].end(), Some(ConnectionEnd::LostByClient));
    }

    #[tokio::test(start_paused = true)]
    async fn s10_a_run_that_panics_leaves_nothing_running_either() {
        let log = Log::listen(Level::INFO);
        let sim = Simulator::builder(Bot::builder()).shards(1).start().await;
        let bot = sim.beside(Bot::builder().add(handlers![greets, never_ends]));
        let panics = Arc::new(Notify::new());
        let told = Arc::clone(&panics);
        let running = tokio::spawn(bot.run_until(async move {
            told.notified().await;
            panic!("told to");
        }));
        while sim.connections().len() < 2 {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
        leave_to_join(sim.person("alice"));
        tokio::time::sleep(Duration::from_secs(1)).await;

        panics.notify_one();
        assert!(running.await.expect_err("it panics").is_panic());
        tokio::time::sleep(Duration::from_secs(1)).await;

        let told = log.text().matches("`never_ends` failed").count();
        assert_eq!(told, 1, "{}", log.text());
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_bot_stops_at_once() {
        let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;
        let started = tokio::time::Instant::now();

        sim.stop().await;

        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

// An event from elsewhere.

#[tokio::test]
async fn an_event_can_be_handed_to_a_bot_without_a_connection() {
    #[listener]
    async fn resumed(_: &Context, _: &Resumed) -> Result<()> {
        Err(Problem.into())
    }

    #[error_handler]
    async fn handles(_: &ErrorContext, _: &Problem) -> bool {
        true
    }

    let bot = Bot::builder()
        .add(handlers![resumed, handles])
        .build()
        .expect("a bot");

    let invocations = bot.dispatch(Event::Resumed).await.expect("nothing is sent");

    assert_eq!(invocations.len(), 1);
    assert!(invocations[0].outcome.is_handled());
}
