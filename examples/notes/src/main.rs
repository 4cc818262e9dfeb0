//! A bot that keeps notes in a database: the one that the guide puts together, step by step, in
//! `docs/guide/database.md`.
//!
//! ```text
//! cargo run -p notes
//! ```
//!
//! Type `/note text:buy flour`, `/notes`, `/done number:1` and `!quit`; start it again, and see `/notes`.

mod store;

use std::path::Path;

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

use crate::store::Store;

/// Write something down.
#[command]
async fn note(
    ctx: &CommandContext,
    /// What?
    #[option(max_length = 200)]
    text: String,
    store: State<Store>,
) -> Result<()> {
    let number = store.add(ctx.user().id, &text).await?;
    ctx.reply(Reply::new(format!("Note {number} is kept.")).ephemeral())
        .await?;
    Ok(())
}

/// Read what you wrote down last.
#[command]
async fn notes(ctx: &CommandContext, store: State<Store>) -> Result<()> {
    let notes = store.of(ctx.user().id).await?;
    let lines: Vec<_> = notes
        .iter()
        .map(|(number, text)| format!("{number}. {text}"))
        .collect();
    let list = match lines.as_slice() {
        [] => "You have no notes.".to_owned(),
        lines => lines.join("\n"),
    };
    ctx.reply(Reply::new(list).ephemeral()).await?;
    Ok(())
}

/// Cross a note out.
#[command]
async fn done(
    ctx: &CommandContext,
    /// Which one?
    #[option(min = 1)]
    number: u32,
    store: State<Store>,
) -> Result<()> {
    if !store.remove(ctx.user().id, number).await? {
        return Err(NoSuchNote { number }.into());
    }
    ctx.reply(Reply::new("Done.").ephemeral()).await?;
    Ok(())
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("the user has no note {number}")]
struct NoSuchNote {
    number: u32,
}

#[error_handler]
async fn no_such_note(ctx: &CommandContext, error: &NoSuchNote) -> Result<bool> {
    let text = format!("You have no note {}: see `/notes`.", error.number);
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(true)
}

/// Whatever the database fails with, in whatever command.
#[error_handler]
async fn no_database(ctx: &ErrorContext, error: &sqlx::Error) -> Result<bool> {
    tracing::error!(%error, handler = %ctx.handler(), "the database failed");
    let text = "I cannot find my notebook. Please try again in a while.";
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(true)
}

fn bot(store: Store) -> BotBuilder {
    Bot::builder()
        .state(store)
        .add(handlers![note, notes, done])
        .add(handlers![no_such_note, no_database])
}

#[tokio::main]
async fn main() -> Result<()> {
    let store = Store::open(Path::new("notes.db")).await?;
    run_or_simulate(bot(store)).await
}

#[cfg(test)]
mod tests {
    use cordial::testing::{Simulator, hold_time};
    use tempfile::TempDir;

    use super::*;

    /// Opens the database of a test.
    async fn open(folder: &TempDir) -> Store {
        let _held = hold_time();
        let file = folder.path().join("notes.db");
        Store::open(&file).await.expect("a database")
    }

    #[tokio::test(start_paused = true)]
    async fn notes_are_kept_and_crossed_out() {
        let folder = TempDir::new().expect("a folder");
        let sim = Simulator::start(bot(open(&folder).await)).await;
        let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);

        alice.run("/note text:buy flour").await;
        alice.run("/note text:bake").await;
        alice.run("/done number:1").await;
        alice.run("/notes").await;
        bob.run("/notes").await;

        sim.stop().await.assert_replies(&[
            "Note 1 is kept.",
            "Note 2 is kept.",
            "Done.",
            "2. bake",
            "You have no notes.",
        ]);
    }

    #[tokio::test(start_paused = true)]
    async fn notes_outlive_the_bot() {
        let folder = TempDir::new().expect("a folder");
        let sim = Simulator::start(bot(open(&folder).await)).await;
        let alice = sim.join("alice").await;
        alice.run("/note text:bake").await;

        let sim = sim.restart(bot(open(&folder).await)).await;
        alice.run("/notes").await;

        sim.stop()
            .await
            .assert_replies(&["Note 1 is kept.", "1. bake"]);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_crosses_out_what_is_not_theirs() {
        let folder = TempDir::new().expect("a folder");
        let sim = Simulator::start(bot(open(&folder).await)).await;
        sim.join("alice").await.run("/note text:bake").await;

        sim.join("bob").await.run("/done number:1").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("done", "no_such_note");
    }

    #[tokio::test(start_paused = true)]
    async fn without_its_database_the_bot_says_so() {
        let folder = TempDir::new().expect("a folder");
        let store = open(&folder).await;
        let sim = Simulator::start(bot(store.clone())).await;

        store.close().await;
        sim.join("alice").await.run("/notes").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("notes", "no_database");
        transcript.assert_replies(&["I cannot find my notebook. Please try again in a while."]);
    }
}
