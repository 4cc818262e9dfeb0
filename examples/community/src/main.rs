//! A bot for a community: warnings, reminders and polls, kept in a database.
//!
//! What it teaches:
//!
//! - `main` opens a [`Database`] and shares it as state. Each part of the bot has its SQL in its own file.
//! - Each file is a plugin: [`warnings`], [`reminders`] and [`polls`].
//! - A [task](reminders) does later what people asked for earlier, despite restarts and errors.
//! - The buttons of a poll work after a restart: they carry their state.
//! - Database errors are handled [in one place](errors), wherever they occur.
//! - Each test runs the bot on its own file, can restart it on the same file, and lets a day pass in a
//!   moment.
//!
//! ```text
//! cargo run -p community
//! ```
//!
//! The README of this example says what to type, and where the data is.

mod database;
mod errors;
mod polls;
mod reminders;
#[cfg(test)]
mod tests;
mod time;
mod warnings;

use std::path::PathBuf;

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

use crate::database::Database;

/// Names the file with the data.
const VARIABLE: &str = "COMMUNITY_DATABASE";

fn bot(database: Database) -> BotBuilder {
    Bot::builder()
        .state(database)
        .plugin(warnings::plugin())
        .plugin(reminders::plugin())
        .plugin(polls::plugin())
        .add(errors::handlers())
        .add(handlers![database::close])
}

#[tokio::main]
async fn main() -> Result<()> {
    let file = std::env::var_os(VARIABLE).unwrap_or_else(|| "community.db".into());
    let database = Database::open(&PathBuf::from(file)).await?;
    run_or_simulate(bot(database)).await
}
