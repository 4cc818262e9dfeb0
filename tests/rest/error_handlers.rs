//! Calls of error handlers: they wait and fail as all others do, and hold up nobody else.

use cordial::exception::{Scope, TimedOut, Unauthorized};
use cordial::outcome::{Report, Resolution};
use cordial::testing::{Fault, Happening, Transcript};

use crate::*;

#[derive(Debug, thiserror::Error, Exception)]
#[error("it was told to fail")]
struct Told;

#[listener]
async fn fails(_: &Context, message: &GuildMessage) -> Result<()> {
    if message.content == "fail" {
        return Err(Told.into());
    }
    Ok(())
}

#[listener]
async fn hears(_: &Context, _: &GuildMessage) {}

#[error_handler]
async fn explains(ctx: &ErrorContext, _: &Told) -> Result<bool> {
    ctx.reply("It failed.").await?;
    Ok(true)
}

/// Stands outside, and fails in the same way.
#[error_handler]
async fn complains(ctx: &ErrorContext, _: &Failure) -> Result<bool> {
    ctx.reply("It failed, too.").await?;
    Ok(true)
}

/// Lets a handler fail whose error handlers cannot ask for what they want, while something else is said.
async fn fails_meanwhile(fault: Fault) -> Transcript {
    let inner = Plugin::new("inner").add(handlers![fails, explains]);
    let bot = Bot::builder()
        .add(handlers![hears, complains])
        .plugin(inner);
    let rig = Rig::of(bot.intents(Intents::MESSAGE_CONTENT)).await;
    rig.sim.inject("POST", MESSAGES, fault);
    let meanwhile = async {
        tokio::time::sleep(secs(1)).await;
        rig.alice.say("hello").await;
    };
    tokio::join!(rig.alice.say("fail"), meanwhile);
    rig.sim.stop().await
}

/// Returns when an event of a kind happened, counted from when it was said that something is to fail.
fn times(transcript: &Transcript, is_meant: impl Fn(&Happening) -> bool) -> Vec<Duration> {
    let said = |happening: &Happening| matches!(happening, Happening::Said { .. });
    let mut begun = transcript.timed().filter(|(_, what)| said(what));
    let (begun, _) = begun.next().expect("something was said");
    let meant = transcript.timed().filter(|(_, what)| is_meant(what));
    meant.map(|(at, _)| at.saturating_sub(begun)).collect()
}

/// Asserts that other handlers ran as if nothing were wrong.
fn assert_heard_at_once(transcript: &Transcript) {
    let heard = times(transcript, |what| match what {
        Happening::Finished(invocation) => invocation.handler.name() == "hears",
        _ => false,
    });
    assert!(heard[0] < millis(100), "{transcript}");
    assert!(heard[1] < millis(1_100), "{transcript}");
}

fn by<'a>(transcript: &'a Transcript, handler: &str) -> Vec<&'a Report> {
    let reports = transcript.reports();
    reports
        .filter(|report| report.handler.name() == handler)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn e6_an_error_handler_that_waits_for_a_limit_holds_up_nobody_else() {
    let limit = Fault::rate_limited(Scope::User, secs(5));

    let transcript = fails_meanwhile(limit).await;

    assert_heard_at_once(&transcript);
    transcript.assert_handled_by("fails", "explains");
    transcript.assert_replies(&["It failed."]);
    let sent = times(&transcript, |what| matches!(what, Happening::Sent { .. }));
    assert!(sent[0] >= secs(5), "{transcript}");
}

#[tokio::test(start_paused = true)]
async fn e6_an_error_handler_that_would_wait_too_long_fails_and_is_told_of_once() {
    let log = Log::listen(tracing::Level::INFO);
    let limit = Fault::rate_limited(Scope::User, secs(60));

    let transcript = fails_meanwhile(limit.always()).await;

    assert_heard_at_once(&transcript);
    transcript.assert_unhandled("fails");
    assert_told_once::<TimedOut>(&transcript, &log);
}

#[tokio::test(start_paused = true)]
async fn e6_an_error_handler_whose_call_is_refused_fails_and_is_told_of_once() {
    let log = Log::listen(tracing::Level::INFO);

    let transcript = fails_meanwhile(Fault::status(401).always()).await;

    assert_heard_at_once(&transcript);
    transcript.assert_unhandled("fails");
    assert_told_once::<Unauthorized>(&transcript, &log);
}

/// Asserts that each failure was told of once, and that it ended with the last resort: what the error handler
/// inside failed with is what the one outside could not deal with either.
fn assert_told_once<E: std::error::Error + Send + Sync + 'static>(
    transcript: &Transcript,
    log: &Log,
) {
    let text = log.text();
    for report in transcript.reports() {
        let id = format!("id={}", report.failure.id());
        assert_eq!(text.matches(&id).count(), 1, "{text}");
    }
    let [own] = by(transcript, "explains")[..] else {
        panic!("not reported once: {transcript}");
    };
    assert!(own.failure.find::<E>().is_some(), "{transcript}");
    let mut last = by(transcript, "complains");
    last.retain(|report| report.resolution == Resolution::LastResort);
    let [last] = last[..] else {
        panic!("not the last resort once: {transcript}");
    };
    assert!(last.failure.find::<E>().is_some(), "{transcript}");
}
