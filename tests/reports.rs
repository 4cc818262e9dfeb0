//! Failures are posted to a webhook: few posts, without anything that anybody wrote, and nothing is lost.

use std::time::Duration;

use cordial::BuildError;
use cordial::prelude::*;
use cordial::report::{NoWebhook, WebhookReport};
use cordial::testing::{Fault, Log, Simulator};
use cordial::twilight::model::channel::message::Embed;
use tokio::time::sleep;
use tracing::Level;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const TOKEN: &str = "webhook-secret";

/// An error whose text holds what somebody wrote.
#[derive(Debug, thiserror::Error, Exception)]
#[error("cannot read `{0}`")]
struct Unreadable(String);

#[listener]
async fn reads(_: &Context, message: &GuildMessage) -> Result<()> {
    match &*message.content {
        "fine" => Ok(()),
        "panic" => panic!("at the disco"),
        "wide" => wide(message.id.get()),
        text => Err(Unreadable(text.to_owned()).into()),
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("odd")]
struct Odd;

/// Fails at one of a few places.
fn wide(number: u64) -> Result<()> {
    if number.is_multiple_of(2) {
        Err(Odd)?;
    }
    Err(Odd.into())
}

/// Do something that only owners do.
#[command(owner_only)]
async fn own(_: &CommandContext) -> Result<()> {
    Ok(())
}

fn report() -> WebhookReport {
    let url = format!("https://discord.com/api/webhooks/77/{TOKEN}");
    WebhookReport::new(&url).expect("it is an address")
}

async fn simulator(report: WebhookReport) -> Simulator {
    let bot = Bot::builder()
        .intents(Intents::MESSAGE_CONTENT)
        .no_timeout();
    let bot = bot.add(report).add(handlers![reads, own]);
    let sim = Simulator::builder(bot).webhook(Id::new(77), TOKEN, "alerts");
    sim.member("alice").start().await
}

/// Returns what was posted, oldest first.
async fn posted(sim: &Simulator) -> Vec<Vec<Embed>> {
    let alerts = sim.channel_id("alerts").expect("a channel");
    let messages = sim.http().channel_messages(alerts).limit(100).await;
    let messages = messages
        .expect("an answer")
        .model()
        .await
        .expect("messages");
    assert!(
        messages
            .iter()
            .all(|message| message.webhook_id == Some(Id::new(77)))
    );
    messages
        .into_iter()
        .rev()
        .map(|message| message.embeds)
        .collect()
}

fn description(embed: &Embed) -> &str {
    embed.description.as_deref().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_posted_with_what_finds_it_and_nothing_else() {
    let sim = simulator(report()).await;

    sim.person("alice").say("my secret").await;
    sleep(SECOND * 15).await;

    let posted = posted(&sim).await;
    assert_eq!(posted.len(), 1);
    let embed = &posted[0][0];
    assert_eq!(embed.title.as_deref(), Some("listener `reads` failed"));
    let transcript = sim.stop().await;
    let report = transcript.reports().next().expect("a failure");
    let said = description(embed);
    assert!(said.contains("Error: `unreadable`"), "{said}");
    assert!(said.contains("At: `tests/reports.rs:"), "{said}");
    assert!(said.contains(&report.failure.id().to_string()), "{said}");
    assert!(!format!("{embed:?}").contains("my secret"));
    // Others are asked about it, too.
    transcript.assert_unhandled("reads");
}

#[tokio::test(start_paused = true)]
async fn what_happens_again_and_again_is_told_now_and_then_with_how_often() {
    let sim = simulator(report().quiet(MINUTE * 5)).await;
    let alice = sim.person("alice");

    for _ in 0..12 {
        alice.say("x").await;
    }
    sleep(MINUTE).await;
    for _ in 0..30 {
        alice.say("x").await;
    }
    sleep(MINUTE * 3).await;
    assert_eq!(posted(&sim).await.len(), 1, "it is quiet");
    sleep(MINUTE * 3).await;

    let posted = posted(&sim).await;
    assert_eq!(posted.len(), 2);
    assert!(
        description(&posted[0][0]).contains("12 times within"),
        "{posted:?}"
    );
    assert!(
        description(&posted[1][0]).contains("30 more times within 4 min"),
        "{posted:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_post_makes_fail_is_not_posted() {
    let sim = simulator(report().quiet(SECOND)).await;

    // Each post is a message, over which `reads` fails.
    sim.person("alice").say("x").await;
    sleep(MINUTE * 10).await;

    assert_eq!(posted(&sim).await.len(), 1);
    assert_eq!(sim.stop().await.invocations("reads").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_failures_is_no_storm_of_posts() {
    let sim = simulator(report()).await;
    let alice = sim.person("alice");

    for _ in 0..50 {
        for said in ["x", "wide", "panic"] {
            alice.say(said).await;
        }
        sleep(SECOND).await;
    }

    let requests = sim.requests();
    let mut posts = requests
        .iter()
        .filter(|request| request.path().starts_with("/webhooks/"));
    let first = posts.next().expect("a post").at();
    assert!(posts.all(|post| post.at() >= first + SECOND * 9));
    let posted = posted(&sim).await;
    assert!((1..=3).contains(&posted.len()), "{}", posted.len());
    let kinds = posted.iter().map(Vec::len).sum::<usize>();
    assert!((3..=4).contains(&kinds), "each of few kinds once: {kinds}");
}

#[tokio::test(start_paused = true)]
async fn what_is_left_is_posted_as_the_bot_stops() {
    let mut sim = simulator(report()).await;

    sim.person("alice").say("x").await;
    assert!(posted(&sim).await.is_empty());
    sim.quit().await;

    assert_eq!(posted(&sim).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_is_told_is_not_posted() {
    let sim = simulator(report()).await;

    sim.person("alice").run("/own").await;
    sleep(MINUTE).await;

    assert!(posted(&sim).await.is_empty());
    assert_eq!(sim.stop().await.reports().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn posts_that_fail_are_tried_again_and_fail_nobody() {
    let log = Log::listen(Level::WARN);
    let sim = simulator(report()).await;
    for _ in 0..3 {
        sim.inject("POST", "/webhooks/77/*", Fault::status(403));
    }

    sim.person("alice").say("x").await;
    sleep(MINUTE * 5).await;

    let found = posted(&sim).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(description(&found[0][0]).contains("Error: `unreadable`"));
    let transcript = sim.stop().await;
    let mut reports = transcript.reports();
    assert!(reports.all(|report| report.handler.name() == "reads"));
    let text = log.text();
    assert!(text.contains("failures could not be posted"), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_is_gone_is_asked_less_and_less() {
    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let bot = bot
        .add(WebhookReport::of(Id::new(7), TOKEN))
        .add(handlers![reads]);
    let sim = Simulator::builder(bot).member("alice").start().await;

    sim.person("alice").say("x").await;
    sleep(MINUTE * 60).await;

    let requests = sim.requests();
    let posts = requests
        .iter()
        .filter(|request| request.path().starts_with("/webhooks/"));
    assert!((1..=15).contains(&posts.count()));
    sim.stop().await.assert_unhandled("reads");
}

#[test]
fn what_is_no_address_or_no_time_is_a_mistake() {
    let refused: Result<_, NoWebhook> = WebhookReport::new("https://example.org");
    assert!(refused.is_err());

    let never = Bot::builder().add(report().every(Duration::ZERO)).build();

    let mistakes: BuildError = never.expect_err("it is one");
    assert!(
        mistakes.to_string().contains("webhook_report"),
        "{mistakes}"
    );
}

#[test]
fn the_token_is_not_shown() {
    let shown = format!("{:?} {:?}", report(), Bot::builder().add(report()));

    assert!(!shown.contains(TOKEN), "{shown}");
}
