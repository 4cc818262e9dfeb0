//! What the chaos and its controls share: a bot, how it is put through chaos, and what is checked.

use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{Chaos, ConnectionRecord, Received, RequestRecord, SentRecord, Simulator};
use tokio::time::sleep;

/// How soon a bot should be there again once nothing goes wrong: it takes two heartbeats to find out that a
/// connection is half open, and then it waits for a minute at most.
pub(crate) const RECOVERY: Duration = Duration::from_secs(150);

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

#[listener]
async fn succeeds(_: &Context, _: &MessageCreate) {}

#[listener]
async fn fails(_: &Context, _: &MessageCreate) -> Result<()> {
    Err(Problem.into())
}

#[listener]
async fn answers(ctx: &Context, message: &MessageCreate) -> Result<()> {
    if !message.author.bot {
        ctx.reply("hello").await?;
    }
    Ok(())
}

/// Ask whether it is there.
#[command]
async fn ping(ctx: &CommandContext) -> Result<()> {
    ctx.reply("Pong!").await?;
    Ok(())
}

/// Take longer than anybody waits for an answer.
#[command]
async fn ponder(ctx: &CommandContext) -> Result<()> {
    sleep(Duration::from_secs(4)).await;
    ctx.reply("Done.").await?;
    Ok(())
}

#[error_handler]
async fn handles(_: &ErrorContext, _: &Problem) -> bool {
    true
}

pub(crate) fn bot() -> BotBuilder {
    Bot::builder().add(handlers![succeeds, fails, answers, handles, ping, ponder])
}

/// Runs a bot through chaos, with somebody who speaks all the while, and until it should be there again.
pub(crate) async fn survive(chaos: &Chaos) -> Simulator {
    // Not the schedule depends on it, but how long a bot waits.
    fastrand::seed(chaos.seed());
    let sim = Simulator::builder(bot()).member("alice").start().await;
    let alice = sim.person("alice");
    sim.limit("POST", "/channels/*/messages", 2, Duration::from_secs(10));
    sim.chaos(chaos.clone());
    let over = tokio::time::Instant::now() + chaos.duration();
    while tokio::time::Instant::now() < over {
        alice.say("hello").await;
        alice.run("/ping").await;
        alice.run("/ponder").await;
        sleep(Duration::from_secs(7)).await;
    }
    sim.mend();
    sleep(RECOVERY).await;
    sim
}

/// I10: nothing is left to be done, and what is said now is heard.
pub(crate) async fn assert_alive(sim: &Simulator, chaos: &Chaos) {
    let before = sim.sent().len();
    let open = |one: &&ConnectionRecord| one.ended_at().is_none();
    assert_eq!(sim.connections().iter().filter(open).count(), 1, "{chaos}");

    sim.person("alice").say("are you there?").await;

    let sent = sim.sent().split_off(before);
    let heard = sent.iter().find(|sent| sent.event() == "MESSAGE_CREATE");
    assert_eq!(heard.map(SentRecord::ended), Some(3), "{chaos}");
}

/// I5: sessions are begun no faster than Discord lets them, and not too many.
pub(crate) fn assert_begins_slowly(connections: &[ConnectionRecord], chaos: &Chaos) {
    let received = connections.iter().flat_map(ConnectionRecord::received);
    let begun = received.filter(|(_, received)| matches!(received, Received::Identify { .. }));
    let begun: Vec<_> = begun.map(|(at, _)| *at).collect();
    for pair in begun.windows(2) {
        let apart = pair[1].checked_sub(pair[0]);
        assert!(apart >= Some(Duration::from_millis(4_750)), "{chaos}");
    }
    assert!(begun.len() < 30, "{}: {chaos}", begun.len());
}

/// I6: no connection is sent too much, too often or too early.
pub(crate) fn assert_sends_little(connections: &[ConnectionRecord], chaos: &Chaos) {
    for connection in connections {
        let received = connection.received();
        for (place, (at, what)) in received.iter().enumerate() {
            assert!(!matches!(what, Received::Unreadable(_)), "{chaos}");
            let earlier = received[..place].iter().rev();
            let in_a_minute = earlier.take_while(|(then, _)| *then + Duration::from_secs(60) > *at);
            assert!(in_a_minute.count() < 120, "{chaos}");
        }
        let first = received.first().map(|(_, received)| received);
        assert!(!matches!(first, Some(Received::Other(_))), "{chaos}");
    }
}

/// I2: each failure is reported once.
pub(crate) fn assert_reported_once(sim: &Simulator, chaos: &Chaos) {
    let transcript = sim.transcript();
    let mut ids: Vec<_> = transcript
        .reports()
        .map(|report| report.failure.id().to_string())
        .collect();
    let reports = ids.len();
    ids.sort();
    ids.dedup();

    assert_eq!(ids.len(), reports, "{chaos}");
    let failed = transcript.invocations("fails").len();
    assert!(reports >= failed && failed > 0, "{chaos}");
}

/// I7: nothing is asked for before its limit is over, and few requests are refused.
pub(crate) fn assert_keeps_limits(sim: &Simulator, chaos: &Chaos) {
    let requests = sim.requests();
    let refused = |one: &&RequestRecord| matches!(one.status(), Some(401 | 403 | 429));
    assert!(requests.iter().filter(refused).count() < 100, "{chaos}");
    for limited in requests.iter().filter(|one| one.is_rate_limited()) {
        let over = limited.answered_at().zip(limited.retry_after());
        let (from, until) = over.map(|(at, wait)| (at, at + wait)).expect("an answer");
        let too_early = requests.iter().find(|one| {
            let is_same = (one.method(), one.path()) == (limited.method(), limited.path());
            is_same && one.at() > from && one.at() < until
        });
        assert!(too_early.is_none(), "{limited}, {too_early:?}: {chaos}");
    }
}

/// I8: what a handler says that it answered was answered once, in time; and what was not is reported.
pub(crate) fn assert_answers(sim: &Simulator, chaos: &Chaos) {
    let requests = sim.requests();
    let is_answer = |one: &&RequestRecord| {
        one.path().ends_with("/callback") && one.status().is_some_and(|status| status < 300)
    };
    let mut answered: Vec<_> = requests
        .iter()
        .filter(is_answer)
        .map(RequestRecord::path)
        .collect();
    let answers = answered.len();
    answered.sort_unstable();
    answered.dedup();
    assert_eq!(answered.len(), answers, "{chaos}");

    let transcript = sim.transcript();
    let ran = ["ping", "ponder"].map(|name| transcript.invocations(name));
    let ran = ran.into_iter().flatten();
    let (completed, failed): (Vec<_>, Vec<_>) = ran.partition(|one| one.outcome.is_completed());
    assert!(
        completed.len() <= answers && !completed.is_empty(),
        "{chaos}"
    );
    let reports = transcript.reports();
    let reported = reports.filter(|report| matches!(report.handler.name(), "ping" | "ponder"));
    assert!(reported.count() >= failed.len(), "{chaos}");
}

/// I11: what nobody is to know is not in what was told.
pub(crate) fn assert_no_secret(text: &str, secret: &str, chaos: &Chaos) {
    assert!(!text.contains(secret), "{chaos}");
}
