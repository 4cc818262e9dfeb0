//! Tests of the bot with members, moderators, Discord and time.
//!
//! Each test has its own database file. SQLite answers from its own thread, for which virtual time would
//! not wait: [`Database::run`] holds time, and so does [`open`] while it opens the file.

mod polls;
mod reminders;
mod storage;
mod warnings;

use std::time::Duration;

use cordial::testing::{MessageHandle, Simulator, SimulatorBuilder, hold_time};
use tempfile::TempDir;
use tokio::time::sleep;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A guild with `mia`, who moderates, and the members `ann` and `bob`, and the bot's data.
struct Town {
    sim: Simulator,
    folder: TempDir,
}

impl Town {
    async fn open() -> Self {
        let folder = TempDir::new().expect("a folder");
        let sim = people(bot(open(&folder).await)).start().await;
        Self { sim, folder }
    }

    /// Restarts the bot on the same data.
    async fn restart(self) -> Self {
        let database = open(&self.folder).await;
        let sim = self.sim.restart(bot(database)).await;
        Self { sim, ..self }
    }

    /// Lets somebody run a command.
    async fn run(&self, name: &str, line: &str) {
        self.sim.person(name).run(line).await;
    }

    /// Returns what the bot wrote last.
    fn last(&self) -> String {
        let transcript = self.sim.transcript();
        transcript.replies().last().expect("a reply").to_string()
    }

    /// Returns how often the bot wrote something with this in it.
    fn count(&self, part: &str) -> usize {
        let transcript = self.sim.transcript();
        let replies = transcript.replies();
        replies.iter().filter(|reply| reply.contains(part)).count()
    }

    fn newest(&self) -> MessageHandle {
        self.sim.newest_message().expect("a message")
    }

    fn text(&self, message: MessageHandle) -> String {
        self.sim.content(message).expect("a message")
    }
}

fn people(bot: BotBuilder) -> SimulatorBuilder {
    Simulator::builder(bot)
        .role("moderators", Permissions::MODERATE_MEMBERS, ["mia"])
        .member("ann")
        .member("bob")
}

/// Opens the database of a test.
async fn open(folder: &TempDir) -> Database {
    let _held = hold_time();
    let file = folder.path().join("community.db");
    Database::open(&file).await.expect("a database")
}
