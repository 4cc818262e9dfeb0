//! The token, and what people write, never reach a log, a `Debug` form, an error or a panic.

use cordial::prelude::*;
use cordial::testing::{Log, Simulator};
use cordial::twilight::model::id::Id;
use cordial::{Token, TokenError};

const TOKEN: &str = "c2ltdWxhdGVkLXRva2Vu.c2ltdWxhdGVk.c2ltdWxhdGVkLXNlY3JldA";

/// What stands in every secret of these tests, and in the token of the simulator's bots.
const SECRET: &str = "c2ltdWxhdGVk";

fn assert_silent(text: &str) {
    let at = text.find(SECRET);
    assert!(
        at.is_none(),
        "{}",
        &text[at.unwrap_or(0).saturating_sub(300)..]
    );
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

/// Fails on every message, and shows all that it has.
#[listener]
async fn shows(ctx: &Context, _: &MessageCreate, content: Content, http: Http) -> Result<()> {
    tracing::info!("{ctx:?} {content:?} {http:?} {:?}", ctx.shard());
    Err(Problem.into())
}

#[error_handler]
async fn shows_too(
    ctx: &ErrorContext,
    failure: &Failure,
    content: Option<Content>,
) -> Result<bool> {
    tracing::info!("{ctx:?} {failure:?} {failure} {content:?}");
    ctx.http().channel(Id::new(1)).await?;
    Ok(false)
}

#[listener]
async fn panics(_: &Context, _: &MessageCreate) {
    panic!("no more");
}

/// Fails on every interaction, and shows all that it has.
#[listener]
async fn shows_interaction(ctx: &Context, interaction: &InteractionCreate) -> Result<()> {
    let token = ctx.responder().and_then(Responder::token);
    assert!(token.is_some_and(|token| token.contains(SECRET)));
    tracing::info!("{ctx:?} {interaction:?}");
    Err(Problem.into())
}

#[tokio::test(start_paused = true)]
async fn a_whole_run_logs_no_token_and_nothing_that_people_wrote() {
    let log = Log::listen(tracing::Level::TRACE);
    let bot = Bot::builder().add(handlers![shows, shows_too, shows_interaction, panics]);
    let sim = Simulator::builder(bot);
    assert_silent(&format!("{sim:?}"));
    let sim = sim.start().await;

    let alice = sim.join("alice").await;
    alice.say(format!("my password is {SECRET}")).await;
    alice.whisper(format!("my password is {SECRET}")).await;
    sim.send_raw(
        "MESSAGE_CREATE",
        &format!(r#"{{"content":"{SECRET}","id":5}}"#),
    )
    .await;
    let interaction = format!(
        r#"{{"id":"1","application_id":"1","type":2,"token":"{SECRET}","version":1,
            "attachment_size_limit":1,"locale":"en-US",
            "entitlements":[],"authorizing_integration_owners":{{}},
            "user":{{"id":"1","username":"alice","discriminator":"0","avatar":null}},
            "data":{{"id":"1","name":"roll","type":1}}}}"#
    );
    sim.send_raw("INTERACTION_CREATE", &interaction).await;
    sim.send_raw(
        "INTERACTION_CREATE",
        &interaction.replace(r#""id":"1","#, ""),
    )
    .await;
    sim.drop_connections();
    alice.say(format!("my password is {SECRET}")).await;
    let transcript = sim.transcript();
    let reports: Vec<_> = transcript.reports().collect();
    let reports = format!("{reports:?}");
    transcript.assert_unhandled("shows_interaction");
    sim.stop().await;

    let log = log.text();
    assert!(
        log.contains("a problem") && log.contains("twilight_gateway"),
        "{log}"
    );
    assert_silent(&log);
    assert_silent(&reports);
}

/// Rolls a die.
#[command]
async fn roll(
    _: &CommandContext,
    /** How many sides? */
    sides: i64,
) -> Result<()> {
    assert_ne!(sides, 5);
    Ok(())
}

/// Sends an interaction in which somebody has put some text wherever they can.
async fn send_text(sim: &Simulator, text: &str) {
    let text = serde_json::to_string(text).expect("JSON");
    let user = format!(r#"{{"id":"1","username":{text},"discriminator":"0","avatar":null}}"#);
    let rest = format!(
        r#""id":"1","application_id":"1","token":"x","version":1,"attachment_size_limit":1,
            "locale":{text},"entitlements":[],"authorizing_integration_owners":{{}},"user":{user}"#
    );
    for (kind, data) in [
        (2, format!(r#"{{"id":"1","name":{text},"type":1}}"#)),
        (
            2,
            format!(
                r#"{{"id":"1","name":"roll","type":1,
                    "options":[{{"name":"sides","type":3,"value":{text}}}]}}"#
            ),
        ),
        (
            2,
            format!(
                r#"{{"id":"1","name":"roll","type":1,
                    "options":[{{"name":{text},"type":4,"value":5}}]}}"#
            ),
        ),
        (3, format!(r#"{{"custom_id":{text},"component_type":2}}"#)),
        (
            5,
            format!(r#"{{"custom_id":{text},"components":[],"resolved":null}}"#),
        ),
    ] {
        let interaction = format!(r#"{{"type":{kind},{rest},"data":{data}}}"#);
        sim.send_raw("INTERACTION_CREATE", &interaction).await;
    }
}

#[tokio::test(start_paused = true)]
async fn x4_what_people_are_called_or_choose_steers_no_terminal() {
    let log = Log::listen(tracing::Level::TRACE);
    let bot = Bot::builder().add(handlers![roll, panics]);
    let sim = Simulator::start(bot).await;
    let odd = "\u{1b}[2J\u{1b}]0;owned\u{7}\r\u{8}\u{9b}31m\u{0}\u{7f}";

    send_text(&sim, odd).await;
    sim.join(odd).await.say(odd).await;
    drop(sim);

    let log = log.text();
    let steers = |line: &&str| line.chars().any(|it| it.is_control() && it != '\t');
    assert_eq!(log.lines().find(steers), None);
    assert!(log.contains("there is no command"));
}

#[tokio::test(start_paused = true)]
async fn x4_what_people_choose_begins_no_line_of_the_log_and_turns_none() {
    let log = Log::listen(tracing::Level::TRACE);
    let sim = Simulator::start(Bot::builder().add(handlers![roll, panics])).await;
    let forged = "x\n2026-01-01T00:00:00Z ERROR forged \u{202e}";

    send_text(&sim, forged).await;
    drop(sim);

    let log = log.text();
    assert!(log.contains("there is no command"));
    let is_forged = |line: &&str| line.starts_with("2026-01-01T00:00:00Z ERROR forged");
    assert_eq!(log.lines().find(is_forged), None);
    assert!(!log.contains('\u{202e}'), "a change of direction");
}

#[test]
fn nothing_that_holds_a_token_shows_it() {
    let token = Token::new(TOKEN).expect("a token");
    let builder = Bot::builder().token(token.clone()).add(handlers![panics]);

    assert_silent(&format!("{token:?} {builder:?}"));
    assert_silent(&format!("{:?}", builder.build().expect("a bot")));
}

#[test]
fn a_wrong_token_is_not_repeated() {
    for wrong in [
        format!("{SECRET} {SECRET}"),
        format!("{SECRET}\n"),
        SECRET.to_owned(),
    ] {
        let error: TokenError = Token::new(&wrong).expect_err("no token");

        assert_silent(&format!("{error} {error:?}"));
    }
}
