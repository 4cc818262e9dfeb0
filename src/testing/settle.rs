//! Waiting until the bot has nothing left to do.

use std::time::Duration;

use tokio::time::timeout;

use crate::testing::discord::{Discord, Pending, State};

/// How long the bot may take, in tokio's time.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until every event that was sent has been dealt with: all handlers have ended, all requests
/// have been answered, and every shard has a session.
///
/// # Panics
///
/// Panics if that takes longer than two minutes, naming what is not done.
pub(crate) async fn settle(discord: &Discord) {
    let settled = async {
        loop {
            let changed = discord.changed.notified();
            if discord.with_quietly(State::is_settled) {
                return;
            }
            changed.await;
        }
    };
    if timeout(PATIENCE, settled).await.is_err() {
        let open = discord.with_quietly(|state| {
            let open = state
                .pending
                .iter()
                .map(|((shard, sequence), pending)| match pending {
                    Pending::Sent(name) => format!("{name} ({shard} #{sequence}) was not taken in"),
                    Pending::Running(count, name) => {
                        format!(
                            "{count} handlers of {name} ({shard} #{sequence}) are still running"
                        )
                    }
                });
            let sessions = state.sessions.len();
            let sessions = format!("{sessions} of {} shards have sessions", state.rules.shards);
            open.chain([sessions]).collect::<Vec<_>>().join("\n")
        });
        panic!("the bot has not settled after {PATIENCE:?}:\n{open}");
    }
}
