//! Waiting until the bot has nothing left to do.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::testing::backlog::Pending;
use crate::testing::discord::{Discord, State};

/// How long the bot may take in tokio's time, which may be virtual.
const PATIENCE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long it may take in real time.
const REAL_PATIENCE: Duration = Duration::from_secs(120);
/// How often it is seen whether it takes too long.
const LOOK: Duration = Duration::from_secs(60);

/// Waits until every event that was sent has been dealt with: all listeners and error handlers have
/// ended, all requests have been answered, and every shard has a session.
///
/// # Panics
///
/// Panics if that takes longer than two minutes, or than a week of virtual time. The message lists what
/// is not done.
pub(crate) async fn settle(discord: &Discord) {
    let started = (Instant::now(), tokio::time::Instant::now());
    loop {
        let changed = discord.changed.notified();
        if discord.with_quietly(State::is_settled) {
            return;
        }
        let is_late = timeout(LOOK, changed).await.is_err()
            && (started.0.elapsed() > REAL_PATIENCE || started.1.elapsed() > PATIENCE);
        assert!(
            !is_late,
            "the bot has not settled:\n{}",
            discord.with_quietly(open)
        );
    }
}

/// Lists what is not done.
fn open(state: &State) -> String {
    let events = state
        .backlog
        .open()
        .map(|((shard, sequence), pending)| match pending {
            Pending::Sent(name) => format!("{name} ({shard} #{sequence}) was not taken in"),
            Pending::Running(count, name) => {
                format!("{count} handlers of {name} ({shard} #{sequence}) are still running")
            }
        });
    let requests = format!("{} requests are unanswered", state.requests);
    let (sessions, shards) = (state.sessions.len(), state.rules.shards);
    let sessions = format!("{sessions} of {shards} shards have sessions");
    events
        .chain([requests, sessions])
        .collect::<Vec<_>>()
        .join("\n")
}
