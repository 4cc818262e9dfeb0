//! A tour of what can happen to a failure.
//!
//! What it teaches, each with the word that you type to see it:
//!
//! - `read`: a hierarchy. A `NoSuchNote` is-a `StorageError`; both have error handlers, and the more
//!   specific one is asked first.
//! - `add 2 x`: an umbrella. `MathError` holds an error of the standard library; an error handler
//!   for the umbrella or for the error inside handles it.
//! - `wait 3`: a guard. One error handler is only for long waits.
//! - `flaky`: a retry. The listener runs again, and succeeds the second time.
//! - `secret`: a replacement. The user is told a different error from the one that occurred.
//! - `panic`: a panic in a listener is a failure like any other, a `Panicked`.
//! - `twice`: an error handler that fails. The original failure goes on to the next error handler,
//!   and the new one to the error handlers outside.
//!
//! ```text
//! cargo run --example errors
//! ```
//!
//! Each failure is followed by its report: which error handlers were asked, and what each said.

use std::num::ParseIntError;
use std::time::Duration;

use cordial::exception::Panicked;
use cordial::prelude::*;
use cordial::testing::run_or_simulate;

// A hierarchy: the field with `#[base]` says what the error is-a.

#[derive(Debug, thiserror::Error, Exception)]
#[error("the storage has no {what}")]
struct StorageError {
    what: &'static str,
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("there is no such note")]
struct NoSuchNote {
    #[base]
    storage: StorageError,
}

#[listener]
async fn read(_: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if content == "read" {
        let storage = StorageError { what: "note" };
        return Err(NoSuchNote { storage }.into());
    }
    Ok(())
}

#[error_handler]
async fn no_such_note(ctx: &ErrorContext, error: &NoSuchNote) -> bool {
    // Answers, and passes it on: the error handler for every `StorageError` is asked next.
    drop(ctx.reply(format!("I looked, but {error}.")).await);
    false
}

#[error_handler]
async fn storage(ctx: &ErrorContext, error: &StorageError) -> bool {
    ctx.reply(format!("Noted for the operator: {error}."))
        .await
        .is_ok()
}

// An umbrella: an error in a variant with `#[from]` is-a `MathError` as long as it is in there.

#[derive(Debug, thiserror::Error, Exception)]
enum MathError {
    #[error("not a number")]
    Number(#[from] ParseIntError),
    #[error("the sum is too large")]
    TooLarge,
}

fn add(text: &str) -> Result<u8, MathError> {
    text.split(' ').try_fold(0_u8, |sum, number| {
        sum.checked_add(number.parse()?).ok_or(MathError::TooLarge)
    })
}

#[listener(name = "add")]
async fn sum(ctx: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if let Some(numbers) = content.strip_prefix("add ") {
        ctx.reply(add(numbers)?.to_string()).await?;
    }
    Ok(())
}

#[error_handler]
async fn no_number(ctx: &ErrorContext, error: &ParseIntError) -> bool {
    ctx.reply(format!("I can only add numbers: {error}."))
        .await
        .is_ok()
}

#[error_handler]
async fn other_math(ctx: &ErrorContext, error: &MathError) -> bool {
    ctx.reply(format!("I cannot add that: {error}."))
        .await
        .is_ok()
}

// A guard: `when` narrows an error handler, so it is asked before those without one.

#[derive(Debug, thiserror::Error, Exception)]
#[error("try again in {0:?}")]
struct Busy(Duration);

#[listener]
async fn wait(_: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if let Some(seconds) = content.strip_prefix("wait ") {
        return Err(Busy(Duration::from_secs(seconds.parse()?)).into());
    }
    Ok(())
}

#[error_handler(when = |busy| busy.0 > Duration::from_secs(60))]
async fn long_wait(ctx: &ErrorContext, _: &Busy) -> bool {
    ctx.reply("Come back tomorrow.").await.is_ok()
}

#[error_handler]
async fn short_wait(ctx: &ErrorContext, busy: &Busy) -> bool {
    ctx.reply(format!("I am busy: {busy}.")).await.is_ok()
}

// A retry: an error handler can return more than `true` and `false`.

#[derive(Debug, thiserror::Error, Exception)]
#[error("the other end hung up")]
struct HungUp;

#[listener]
async fn flaky(ctx: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if content != "flaky" {
        return Ok(());
    }
    if ctx.attempt() == 1 {
        return Err(HungUp.into());
    }
    ctx.reply(format!("It worked, the {}nd time.", ctx.attempt()))
        .await?;
    Ok(())
}

#[error_handler]
async fn once_more(_: &ErrorContext, _: &HungUp) -> Flow {
    Flow::Retry {
        after: Duration::from_millis(100),
    }
}

// A replacement: the new error is linked to the old one, and goes to the error handlers for its
// type.

#[derive(Debug, thiserror::Error, Exception)]
#[error("row 7 of `accounts` is locked")]
struct Locked;

#[derive(Debug, thiserror::Error, Exception)]
#[error("something is wrong on our side")]
struct OurFault;

#[listener]
async fn secret(_: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if content == "secret" {
        return Err(Locked.into());
    }
    Ok(())
}

#[error_handler]
async fn hide_details(_: &ErrorContext, _: &Locked) -> Flow {
    Flow::replace(OurFault)
}

#[error_handler]
async fn our_fault(ctx: &ErrorContext, error: &OurFault) -> bool {
    // Users who ask for help can name the id, which is in the log, too.
    let id = ctx.failure().id();
    ctx.reply(format!("I am sorry, {error} ({id})."))
        .await
        .is_ok()
}

// A panic is a failure like any other. So is a listener that takes too long (`TimedOut`), or that
// is cut off when the bot stops (`Cancelled`).

#[listener]
async fn panic(_: &Context, _: &MessageCreate, content: Content) {
    assert!(content != "panic", "somebody asked for it");
}

#[error_handler]
async fn panicked(ctx: &ErrorContext, error: &Panicked) -> bool {
    ctx.reply(format!("That was a bug: {}.", error.message()))
        .await
        .is_ok()
}

// An error handler that fails never ends the dispatch: the failure goes on to the next one.

#[derive(Debug, thiserror::Error, Exception)]
#[error("the first thing went wrong")]
struct First;

#[derive(Debug, thiserror::Error, Exception)]
#[error("the second thing went wrong")]
struct Second;

#[listener(on_error = clumsy)]
async fn twice(_: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if content == "twice" {
        return Err(First.into());
    }
    Ok(())
}

#[error_handler]
async fn clumsy(_: &ErrorContext, _: &First) -> Result<bool> {
    Err(Second.into())
}

#[error_handler]
async fn first(ctx: &ErrorContext, error: &First) -> bool {
    ctx.reply(format!("Still handled: {error}.")).await.is_ok()
}

#[error_handler]
async fn second(ctx: &ErrorContext, error: &Second) -> bool {
    let during = ctx.failure().during().map(ToString::to_string);
    let text = format!(
        "And then {error}, while handling: {}.",
        during.unwrap_or_default()
    );
    ctx.reply(text).await.is_ok()
}

fn bot() -> BotBuilder {
    Bot::builder()
        .add(handlers![read, no_such_note, storage])
        .add(handlers![sum, no_number, other_math])
        .add(handlers![wait, long_wait, short_wait])
        .add(handlers![flaky, once_more])
        .add(handlers![secret, hide_details, our_fault])
        .add(handlers![panic, panicked])
        .add(handlers![twice, first, second])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

#[cfg(test)]
mod tests {
    use cordial::testing::{Simulator, Transcript};

    use super::*;

    async fn transcript_of(said: &str) -> Transcript {
        let sim = Simulator::builder(bot()).member("alice").start().await;
        sim.person("alice").say(said).await;
        sim.stop().await
    }

    #[tokio::test(start_paused = true)]
    async fn the_more_specific_error_handler_is_asked_first() {
        let transcript = transcript_of("read").await;

        transcript.assert_handled_by("read", "storage");
        transcript.assert_replies(&[
            "I looked, but there is no such note.",
            "Noted for the operator: the storage has no note.",
        ]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_umbrella_is_asked_about_what_nobody_knows_better() {
        transcript_of("add 1 x")
            .await
            .assert_handled_by("add", "no_number");
        transcript_of("add 200 100")
            .await
            .assert_handled_by("add", "other_math");
        transcript_of("add 20 22").await.assert_replies(&["42"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_guard_narrows_an_error_handler_down() {
        transcript_of("wait 3")
            .await
            .assert_handled_by("wait", "short_wait");
        transcript_of("wait 100")
            .await
            .assert_handled_by("wait", "long_wait");
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_can_succeed() {
        let transcript = transcript_of("flaky").await;

        transcript.assert_completed("flaky");
        transcript.assert_replies(&["It worked, the 2nd time."]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_replacement_hides_what_went_wrong() {
        let transcript = transcript_of("secret").await;

        transcript.assert_handled_by("secret", "our_fault");
        assert!(!transcript.replies().concat().contains("accounts"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_handled() {
        let transcript = transcript_of("panic").await;

        transcript.assert_handled_by("panic", "panicked");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_that_fails_stops_nobody() {
        let transcript = transcript_of("twice").await;

        transcript.assert_handled_by("twice", "first");
        transcript.assert_replies(&[
            "Still handled: the first thing went wrong.",
            "And then the second thing went wrong, while handling: the first thing went wrong.",
        ]);
    }
}
