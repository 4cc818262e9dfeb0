//! A bot for a community: warnings, reminders and polls, kept in a database.
//!
//! What it teaches:
//!
//! - A [`Database`] is opened in `main`, shared as state, and asked in SQL. What a part of the bot asks of
//!   it stands in the part's file.
//! - Each file is a plugin: [`warnings`], [`reminders`] and [`polls`].
//! - A [task](reminders) does by the clock what people asked for earlier, over restarts and trouble.
//! - The buttons of a poll work after a restart: what they are about travels with them.
//! - What the database fails with is handled [in one place](errors), wherever it was asked.
//! - The tests run the bot on a file of their own, start it again on the same file, and let a day pass in a
//!   moment.
//!
//! ```text
//! cargo run -p community
//! ```
//!
//! The README beside it says what to type, and where the data is.

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
