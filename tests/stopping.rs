//! A bot that is told to stop does, wherever it is: the faults S4 and S5 of `docs/reliability.md`. Those of
//! handlers that are still running stand in `tests/bot.rs`.

use std::time::Duration;

use cordial::exception::Scope;
use cordial::prelude::*;
use cordial::testing::{Fault, GatewayFault, Simulator};
use tokio::time::{Instant, sleep};

/// How long a bot may take that has nobody to say goodbye to.
const AT_ONCE: Duration = Duration::from_secs(1);

#[listener]
async fn greets(_: &Context, _: &MemberAdd) {}

fn bot() -> BotBuilder {
    Bot::builder().add(handlers![greets])
}

/// Stops a bot some time after all has gone wrong, and returns how long that takes.
async fn stopped(fault: GatewayFault, lose: fn(&Simulator), after: u64) -> Duration {
    let sim = Simulator::start(bot()).await;
    sim.misbehave(fault);
    lose(&sim);
    sleep(Duration::from_millis(after)).await;
    let told = Instant::now();

    sim.stop().await;

    told.elapsed()
}

#[tokio::test(start_paused = true)]
async fn s4_a_bot_that_is_not_connected_stops_at_once() {
    for fault in [
        GatewayFault::refused(),
        GatewayFault::hang_up().always(),
        GatewayFault::stalled_handshake().always(),
        GatewayFault::refused_handshake(503).always(),
        GatewayFault::no_hello().always(),
        GatewayFault::reconnect_instead_of_hello().always(),
        GatewayFault::close_instead_of_hello(4000).always(),
        GatewayFault::drop_instead_of_hello().always(),
        GatewayFault::no_resumed().always(),
        GatewayFault::invalid_on_resume(true).always(),
        GatewayFault::drop_on_resume().always(),
    ] {
        // While it connects, while it waits for an answer, and while it waits to connect again.
        for after in [1, 500, 5_000, 12_345, 70_000] {
            let took = stopped(fault.clone(), Simulator::drop_connections, after).await;

            assert!(took <= AT_ONCE, "{took:?}: {fault:?} after {after} ms");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s4_a_bot_that_begins_a_session_stops_at_once() {
    for fault in [
        GatewayFault::no_ready().always(),
        GatewayFault::invalid_on_identify(false).always(),
        GatewayFault::drop_on_identify().always(),
    ] {
        for after in [0, 1, 3_000, 7_000, 70_000] {
            let lose = Simulator::invalidate_sessions;

            let took = stopped(fault.clone(), lose, after).await;

            assert!(took <= AT_ONCE, "{took:?}: {fault:?} after {after} ms");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s4_shards_that_wait_for_their_turn_stop_at_once() {
    for after in [0, 2, 4, 6, 11] {
        let builder = Simulator::builder(bot()).shards(4).max_concurrency(1);
        let sim = builder.start().await;
        sim.invalidate_sessions();
        sleep(Duration::from_secs(after)).await;
        let told = Instant::now();

        sim.stop().await;

        assert!(told.elapsed() <= AT_ONCE, "{after}");
    }
}

#[tokio::test(start_paused = true)]
async fn s4_a_bot_that_asks_where_to_connect_to_stops_at_once() {
    for fault in [
        Fault::stalled(),
        Fault::rate_limited(Scope::Global, Duration::from_secs(60)),
        Fault::slow_headers(Duration::from_secs(3_600)),
    ] {
        let sim = Simulator::start(bot()).await;
        sim.inject("*", "/**", fault.always());
        let second = sim.beside(bot()).build().expect("a bot");
        let began = Instant::now();

        let ended = second.run_until(sleep(Duration::from_secs(5))).await;

        assert!(ended.is_ok(), "{ended:?}");
        assert!(began.elapsed() <= Duration::from_secs(6));
    }
}

#[tokio::test(start_paused = true)]
async fn s4_a_bot_that_is_told_to_stop_as_its_connection_breaks_stops_at_once() {
    let sim = Simulator::start(bot()).await;
    sim.misbehave(GatewayFault::stalled_handshake().always());
    sim.drop_connections();
    let told = Instant::now();

    sim.stop().await;

    assert!(told.elapsed() <= AT_ONCE, "{:?}", told.elapsed());
}

#[tokio::test(start_paused = true)]
async fn s5_a_goodbye_is_not_waited_for_longer_than_two_seconds() {
    for fault in [
        GatewayFault::never_answers_close(),
        GatewayFault::half_open(),
    ] {
        let took = stopped(fault.clone(), |_| {}, 10).await;

        assert!(took <= Duration::from_secs(2), "{took:?}: {fault:?}");
    }
}
