//! What can go wrong with the gateway, and what becomes of it: the faults G1 to G40 of
//! `docs/reliability.md` that lie with a connection, by their numbers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::context::NotSent;
use cordial::exception::{Expired, SessionLost};
use cordial::prelude::*;
use cordial::testing::{ConnectionRecord, GatewayFault, Log, Simulator, SimulatorBuilder};
use cordial::twilight::model::gateway::payload::outgoing::RequestGuildMembers;
use tokio::time::{Instant, advance, sleep};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// How many messages were heard.
#[derive(Clone, Default)]
struct Heard(Arc<AtomicUsize>);

#[listener]
async fn hears(_: &Context, _: &MessageCreate, heard: State<Heard>) {
    heard.0.fetch_add(1, Ordering::Relaxed);
}

/// A bot that counts messages, on a simulator.
struct Rig {
    sim: Simulator,
    heard: Heard,
}

impl Rig {
    async fn new() -> Self {
        Self::with([]).await
    }

    /// Starts it with what goes wrong from the start.
    async fn with(faults: impl IntoIterator<Item = GatewayFault>) -> Self {
        let heard = Heard::default();
        let bot = Bot::builder().state(heard.clone()).add(handlers![hears]);
        let builder = Simulator::builder(bot);
        let builder = faults
            .into_iter()
            .fold(builder, SimulatorBuilder::misbehave);
        Self {
            sim: builder.start().await,
            heard,
        }
    }

    /// Returns the connections after the first so many.
    fn since(&self, first: usize) -> Vec<ConnectionRecord> {
        self.sim.connections().split_off(first)
    }

    /// Asserts that the bot hears what is said.
    async fn assert_hears(&self) {
        let before = self.heard.0.load(Ordering::Relaxed);
        let alice = self.sim.join("alice").await;
        alice.say("hello").await;
        assert_eq!(self.heard.0.load(Ordering::Relaxed), before + 1);
    }
}

fn identifies(connections: &[ConnectionRecord]) -> usize {
    connections.iter().filter(|one| one.is_identified()).count()
}

fn resumes(connections: &[ConnectionRecord]) -> usize {
    connections.iter().filter(|one| one.is_resumed()).count()
}

#[tokio::test(start_paused = true)]
async fn g1_what_is_said_while_a_connection_is_cut_is_heard_once() {
    let rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    for bytes in [1, 2, 7, 60, 200] {
        let before = rig.heard.0.load(Ordering::Relaxed);
        rig.sim.misbehave(GatewayFault::cut_event(bytes));

        alice.say("hello").await;

        assert_eq!(rig.heard.0.load(Ordering::Relaxed), before + 1, "{bytes}");
    }
    let connections = rig.sim.connections();
    assert_eq!((identifies(&connections), resumes(&connections)), (1, 5));
}

#[tokio::test(start_paused = true)]
async fn g2_a_connection_that_breaks_is_resumed() {
    let rig = Rig::new().await;

    rig.sim.drop_connections();

    rig.assert_hears().await;
    assert_eq!(resumes(&rig.since(1)), 1);
}

#[tokio::test(start_paused = true)]
async fn g3_a_connection_that_falls_silent_is_left() {
    let rig = Rig::new().await;
    rig.sim.misbehave(GatewayFault::half_open());

    sleep(secs(120)).await;

    assert_eq!(resumes(&rig.since(1)), 1);
    rig.assert_hears().await;
}

#[tokio::test(start_paused = true)]
async fn g6_a_hello_that_never_comes_is_not_waited_for() {
    let began = Instant::now();

    let rig = Rig::with([GatewayFault::no_hello().times(2)]).await;

    assert!(began.elapsed() >= secs(40) && began.elapsed() < secs(60));
    assert_eq!(rig.sim.connections().len(), 3);
    rig.assert_hears().await;
}

#[tokio::test(start_paused = true)]
async fn g7_a_session_that_never_begins_is_told_of_and_given_up() {
    let log = Log::listen(tracing::Level::WARN);
    let began = Instant::now();

    let rig = Rig::with([GatewayFault::no_ready()]).await;

    assert!(began.elapsed() >= secs(300) && began.elapsed() < secs(330));
    assert!(log.text().contains("takes long to begin a session"));
    assert_eq!(identifies(&rig.sim.connections()), 2);
}

#[tokio::test(start_paused = true)]
async fn g9_another_connection_is_made_when_asked_for_and_seldom_if_asked_for_always() {
    let rig = Rig::new().await;
    sleep(secs(60)).await;
    let began = Instant::now();
    rig.sim.ask_to_reconnect();
    rig.assert_hears().await;
    assert!(began.elapsed() < secs(1), "at once");
    assert_eq!(resumes(&rig.since(1)), 1);

    let fault = GatewayFault::reconnect_instead_of_hello();
    rig.sim.misbehave(fault.lasting(secs(3600)));
    rig.sim.ask_to_reconnect();
    sleep(secs(3600)).await;

    let connections = rig.since(2).len();
    assert!((50..250).contains(&connections), "{connections}");
}

#[tokio::test(start_paused = true)]
async fn g10_nobody_waits_for_a_goodbye() {
    let rig = Rig::new().await;
    sleep(secs(60)).await;
    rig.sim.misbehave(GatewayFault::never_answers_close());
    let began = Instant::now();

    rig.sim.ask_to_reconnect();

    rig.assert_hears().await;
    assert!(began.elapsed() <= secs(5), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn g11_a_session_that_cannot_be_resumed_now_is_tried_three_times() {
    for (times, resumed, identified) in [(2, 3, 0), (3, 3, 1)] {
        let rig = Rig::new().await;
        rig.sim
            .misbehave(GatewayFault::invalid_on_resume(true).times(times));

        rig.sim.drop_connections();
        sleep(secs(60)).await;

        let connections = rig.since(1);
        let found = (resumes(&connections), identifies(&connections));
        assert_eq!(found, (resumed, identified), "{times}");
        rig.assert_hears().await;
    }
}

#[tokio::test(start_paused = true)]
async fn g12_sessions_are_not_begun_without_end() {
    let rig = Rig::new().await;
    let fault = GatewayFault::invalid_on_identify(false);
    rig.sim.misbehave(fault.lasting(secs(3600)));

    rig.sim.invalidate_sessions();
    sleep(secs(3600)).await;

    let identifies = identifies(&rig.since(1));
    assert!((20..=80).contains(&identifies), "{identifies}");
    sleep(secs(90)).await;
    rig.assert_hears().await;
}

#[tokio::test(start_paused = true)]
async fn g13_a_session_that_is_lost_is_told_of() {
    let rig = Rig::new().await;

    rig.sim.invalidate_sessions();
    rig.assert_hears().await;

    let transcript = rig.sim.stop().await;
    let lost = transcript
        .reports()
        .find_map(|report| report.failure.find::<SessionLost>().cloned());
    let lost = lost.expect("it is told of");
    assert!(lost.gap() >= secs(1) && lost.gap() < secs(10), "{lost}");
}

#[tokio::test(start_paused = true)]
async fn g14_each_close_code_has_its_consequence() {
    for (code, is_resumed) in [
        (1000, false),
        (1001, false),
        (4000, true),
        (4001, true),
        (4002, true),
        (4003, false),
        (4005, false),
        (4007, false),
        (4008, true),
        (4009, false),
        (4999, true),
    ] {
        let rig = Rig::new().await;
        rig.sim.close_connections(code);
        // What is said before there is a session is told to nobody.
        sleep(secs(10)).await;

        rig.assert_hears().await;

        let connections = rig.since(1);
        assert_eq!(connections[0].is_resumed(), is_resumed, "{code}");
        assert_eq!(connections.len(), 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn g15_a_session_that_is_refused_is_not_resumed_again() {
    for code in [4007, 4009] {
        let rig = Rig::new().await;
        rig.sim.misbehave(GatewayFault::close_on_resume(code));
        rig.sim.drop_connections();
        sleep(secs(10)).await;

        rig.assert_hears().await;

        let connections = rig.since(1);
        assert_eq!(
            (resumes(&connections), identifies(&connections)),
            (1, 1),
            "{code}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn g16_a_gateway_that_closes_all_connections_is_not_stormed() {
    let while_it_lasts = secs(2 * 3600);
    for fault in [
        GatewayFault::close_instead_of_hello(4000),
        GatewayFault::drop_instead_of_hello(),
        GatewayFault::hang_up(),
        GatewayFault::refused_handshake(503),
    ] {
        let rig = Rig::new().await;
        rig.sim.misbehave(fault.clone().lasting(while_it_lasts));
        rig.sim.drop_connections();

        sleep(while_it_lasts).await;

        // One a second at most: where twilight alone makes thousands.
        let connections = rig.since(1).len();
        assert!(
            (100..7200).contains(&connections),
            "{connections}: {fault:?}"
        );
        sleep(secs(90)).await;
        rig.assert_hears().await;
    }
}

#[tokio::test(start_paused = true)]
async fn g16_ninety_seconds_after_a_storm_a_bot_is_there() {
    // How long it waits between attempts is by chance.
    for seed in 0..40 {
        fastrand::seed(seed);
        let rig = Rig::new().await;
        let storm = GatewayFault::hang_up().lasting(secs(7_200));
        rig.sim.misbehave(storm);
        rig.sim.drop_connections();

        sleep(secs(7_200 + 90)).await;

        let last = rig.sim.connections().pop().expect("a connection");
        assert!(last.is_identified() && last.ended_at().is_none(), "{seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn g17_a_gateway_that_cannot_be_reached_is_tried_again_ever_more_seldom() {
    let while_it_lasts = secs(2 * 3600);
    let log = Log::listen(tracing::Level::WARN);
    let rig = Rig::new().await;
    rig.sim
        .misbehave(GatewayFault::refused().lasting(while_it_lasts));
    rig.sim.drop_connections();

    sleep(while_it_lasts).await;

    // Who is refused is not accepted, and so in no record.
    let tried = log.text().matches("could not connect").count();
    assert!((100..500).contains(&tried), "{tried}");
    sleep(secs(90)).await;
    rig.assert_hears().await;

    let before = rig.sim.connections().len();
    let stalled = GatewayFault::stalled_handshake();
    rig.sim.misbehave(stalled.lasting(while_it_lasts));
    rig.sim.drop_connections();
    sleep(while_it_lasts).await;
    let tried = rig.since(before).len();
    assert!((100..500).contains(&tried), "{tried}");
}

#[tokio::test(start_paused = true)]
async fn g17_a_bot_starts_once_the_gateway_can_be_reached() {
    let began = Instant::now();

    let rig = Rig::with([GatewayFault::refused().lasting(secs(300))]).await;

    assert!(began.elapsed() >= secs(300) && began.elapsed() < secs(390));
    rig.assert_hears().await;
}

#[tokio::test(start_paused = true)]
async fn g26_text_that_is_none_breaks_one_connection() {
    let rig = Rig::new().await;

    rig.sim.misbehave(GatewayFault::invalid_utf8());

    rig.assert_hears().await;
    assert_eq!(resumes(&rig.since(1)), 1);
}

#[tokio::test(start_paused = true)]
async fn g29_an_event_that_is_sent_twice_is_heard_once() {
    let rig = Rig::new().await;
    rig.sim.misbehave(GatewayFault::repeated_event().times(2));

    rig.assert_hears().await;
    rig.assert_hears().await;

    assert_eq!(rig.sim.connections().len(), 1);
}

/// Ask whether it is there.
#[command]
async fn ping(ctx: &CommandContext) -> Result<()> {
    ctx.reply("Pong!").await?;
    Ok(())
}

/// What answers failed with.
#[derive(Clone, Default)]
struct TooLate(Arc<Mutex<Vec<Expired>>>);

#[error_handler]
async fn too_late(_: &ErrorContext, expired: &Expired, late: State<TooLate>) -> bool {
    late.0.lock().expect("no panic").push(expired.clone());
    true
}

#[tokio::test(start_paused = true)]
async fn g30_an_interaction_that_is_sent_again_too_late_is_not_answered_in_vain() {
    for (away, is_late) in [(0, false), (5, true)] {
        let late = TooLate::default();
        let bot = Bot::builder().state(late.clone());
        let sim = Simulator::start(bot.add(handlers![ping, too_late])).await;
        let alice = sim.join("alice").await;
        sim.misbehave(GatewayFault::cut_event(1));
        sim.misbehave(GatewayFault::refused().lasting(secs(away)));

        alice.run("/ping").await;

        let late = late.0.lock().expect("no panic").clone();
        let asked = sim.requests();
        let answers = asked.iter().filter(|one| one.path().ends_with("/callback"));
        assert_eq!(answers.count(), usize::from(!is_late));
        assert_eq!(late.len(), usize::from(is_late));
        assert!(late.iter().all(|expired| expired.age() > secs(3)));
        assert!(
            !late
                .iter()
                .any(|expired| expired.to_string().contains("defer"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn g31_a_session_that_is_resumed_without_a_word_is_of_use_and_given_up_later() {
    let rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    rig.sim.misbehave(GatewayFault::replay_without_resumed());
    rig.sim.misbehave(GatewayFault::cut_event(20));

    alice.say("hello").await;
    rig.assert_hears().await;
    assert_eq!(rig.sim.connections().len(), 2);
    sleep(secs(330)).await;

    assert_eq!(rig.heard.0.load(Ordering::Relaxed), 2);
    let connections = rig.sim.connections();
    assert_eq!((connections.len(), resumes(&connections)), (3, 2));
    rig.assert_hears().await;
    rig.sim.assert_nothing_lost();
}

#[tokio::test(start_paused = true)]
async fn g31_a_session_that_is_resumed_without_what_was_missed_goes_on() {
    let rig = Rig::new().await;
    let alice = rig.sim.join("alice").await;
    rig.sim.misbehave(GatewayFault::resumed_without_replay());
    rig.sim.misbehave(GatewayFault::cut_event(20));

    alice.say("hello").await;

    assert_eq!(rig.heard.0.load(Ordering::Relaxed), 0);
    rig.assert_hears().await;
    let connections = rig.sim.connections();
    assert_eq!((connections.len(), resumes(&connections)), (2, 1));
    rig.sim.assert_nothing_lost();
}

#[tokio::test(start_paused = true)]
async fn g32_a_hello_that_asks_for_the_impossible_is_not_obeyed() {
    for interval in ["0", "1", "1000000000000", "-5", "1.5", "null", "\"x\""] {
        let rig = Rig::with([GatewayFault::hello_interval(interval)]).await;

        assert_eq!(rig.sim.connections().len(), 2, "{interval}");
        rig.assert_hears().await;
    }
}

#[tokio::test(start_paused = true)]
async fn g33_a_session_is_not_resumed_where_nobody_should() {
    for url in [
        "garbage",
        "http://127.0.0.1:1",
        "wss://gateway.discord.gg",
        "ws://a@127.0.0.1:1",
    ] {
        let rig = Rig::with([GatewayFault::resume_url(url)]).await;

        rig.sim.drop_connections();

        rig.assert_hears().await;
        assert_eq!(resumes(&rig.since(1)), 1, "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn g34_limits_that_cannot_be_are_lived_with() {
    for (limits, least) in [
        (r#"{"remaining":0,"reset_after":60000}"#, 60),
        (r#"{"remaining":0,"total":0,"reset_after":60000}"#, 60),
        (r#"{"remaining":1,"total":0,"reset_after":60000}"#, 60),
        (r#"{"remaining":5000,"total":1000}"#, 0),
        (r#"{"max_concurrency":0}"#, 0),
        (r#"{"reset_after":0}"#, 0),
        (r#"{"remaining":0,"reset_after":0}"#, 0),
    ] {
        let began = Instant::now();
        let info = format!(r#"{{"session_start_limit":{limits}}}"#);

        let rig = Rig::with([GatewayFault::connection_info(&info)]).await;

        let waited = began.elapsed().as_secs();
        assert!((least..least + 30).contains(&waited), "{limits}: {waited}");
        rig.assert_hears().await;
    }
}

#[tokio::test(start_paused = true)]
async fn g34_no_shards_are_one() {
    let rig = Rig::with([GatewayFault::connection_info(r#"{"shards":0}"#)]).await;

    rig.assert_hears().await;
}

#[tokio::test(start_paused = true)]
async fn g35_a_command_that_is_too_long_is_not_sent() {
    #[listener]
    async fn asks(ctx: &Context, joined: &MemberAdd) -> Result<()> {
        let all = RequestGuildMembers::builder(joined.guild_id).query("x".repeat(5000), None);
        let refused = ctx.shard().command(&all);
        assert!(
            matches!(refused, Err(NotSent::TooLarge { bytes: 5001.. })),
            "{refused:?}"
        );
        Ok(())
    }
    let sim = Simulator::start(Bot::builder().add(handlers![asks])).await;

    sim.join("alice").await;

    assert_eq!(sim.connections().len(), 1);
    sim.stop().await.assert_completed("asks");
}

#[tokio::test(start_paused = true)]
async fn g37_who_slept_for_hours_goes_on_where_it_was() {
    for hours in [1, 12] {
        let rig = Rig::new().await;
        // The other side has long given it up.
        rig.sim.misbehave(GatewayFault::half_open());

        advance(secs(hours * 3600)).await;
        sleep(secs(150)).await;

        rig.assert_hears().await;
    }
}
