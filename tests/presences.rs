//! What people see of a bot beside its name: from the first moment, by all shards, within Discord's limit.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::context::NotSent;
use cordial::prelude::*;
use cordial::testing::{ConnectionRecord, Received, Simulator};
use cordial::twilight::model::gateway::OpCode;
use tokio::time::sleep;

type Kept = Arc<Mutex<Option<Context>>>;

/// Returns the statuses that sessions were begun with.
fn begun_with(connections: &[ConnectionRecord]) -> Vec<Option<&str>> {
    let received = connections.iter().flat_map(ConnectionRecord::received);
    let statuses = received.filter_map(|(_, received)| match received {
        Received::Identify { status, .. } => Some(status.as_deref()),
        _ => None,
    });
    statuses.collect()
}

/// Returns when presences were sent over a connection.
fn sent_at(connection: &ConnectionRecord) -> Vec<Duration> {
    let received = connection.received().iter();
    let sent = received.filter_map(|(at, received)| match received {
        Received::Other(op) if *op == OpCode::PresenceUpdate as u64 => Some(*at),
        _ => None,
    });
    sent.collect()
}

#[tokio::test(start_paused = true)]
async fn sessions_begin_with_the_presence_of_the_bot() {
    let bot = Bot::builder().presence(Presence::do_not_disturb().playing("chess"));
    let sim = Simulator::builder(bot).shards(2).start().await;
    sim.invalidate_sessions();
    sleep(Duration::from_secs(60)).await;

    let connections = sim.connections();
    assert_eq!(begun_with(&connections), [Some("dnd"); 4]);
    assert!(
        connections
            .iter()
            .all(|connection| sent_at(connection).is_empty())
    );
}

#[tokio::test(start_paused = true)]
async fn a_presence_is_set_by_all_shards_and_lasts() {
    #[listener]
    async fn rests(ctx: &Context, _: &MemberAdd) -> Result<()> {
        ctx.set_presence(Presence::idle())?;
        Ok(())
    }
    let bot = Bot::builder().presence(Presence::online());
    let sim = Simulator::builder(bot.add(handlers![rests]))
        .shards(2)
        .start()
        .await;

    sim.join("alice").await;
    sleep(Duration::from_secs(1)).await;
    let sent: Vec<_> = sim
        .connections()
        .iter()
        .map(|one| sent_at(one).len())
        .collect();
    sim.invalidate_sessions();
    sleep(Duration::from_secs(60)).await;

    assert_eq!(sent, [1, 1]);
    let connections = sim.connections();
    let begun = begun_with(&connections);
    assert_eq!(
        begun,
        [Some("online"), Some("online"), Some("idle"), Some("idle")]
    );
}

#[tokio::test(start_paused = true)]
async fn one_shard_can_be_shown_otherwise() {
    #[listener]
    async fn hides(ctx: &Context, _: &MemberAdd) -> Result<()> {
        ctx.shard().set_presence(Presence::invisible())?;
        Ok(())
    }
    let bot = Bot::builder().add(handlers![hides]);
    let sim = Simulator::builder(bot).shards(2).start().await;

    sim.join("alice").await;
    sleep(Duration::from_secs(1)).await;

    let sent = sim
        .connections()
        .iter()
        .map(|one| sent_at(one).len())
        .sum::<usize>();
    assert_eq!(sent, 1);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_five_presences_are_sent_in_twenty_seconds() {
    #[listener(timeout = "none")]
    async fn flickers(ctx: &Context, _: &MemberAdd) -> Result<()> {
        for count in 0..60 {
            ctx.set_presence(Presence::online().watching(format!("{count} things")))?;
            sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    }
    let bot = Bot::builder().add(handlers![flickers]);
    let sim = Simulator::start(bot).await;

    sim.join("alice").await;
    sleep(Duration::from_secs(120)).await;

    let sent = sent_at(&sim.connections()[0]);
    let is_within = |five: &[Duration]| five[5] >= five[0] + Duration::from_secs(20);
    assert!(sent.windows(6).all(is_within), "{sent:?}");
    assert!((10..=20).contains(&sent.len()), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_shows_what_a_stopped_bot_is_told() {
    #[listener]
    async fn keeps(ctx: &Context, _: &MemberAdd, kept: State<Kept>) {
        *kept.lock().expect("no panic") = Some(ctx.clone());
    }
    let kept = Kept::default();
    let bot = Bot::builder()
        .state(Kept::clone(&kept))
        .add(handlers![keeps]);
    let sim = Simulator::start(bot).await;
    sim.join("alice").await;
    sim.stop().await;

    let ctx = kept.lock().expect("no panic").take().expect("a context");
    assert_eq!(ctx.set_presence(Presence::online()), Err(NotSent::Closed));
    assert_eq!(
        ctx.shard().set_presence(Presence::online()),
        Err(NotSent::Closed)
    );
}
