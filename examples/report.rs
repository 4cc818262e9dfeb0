//! A bot that reports what goes wrong to its maintainers: in a channel, and to an error-tracking service.
//!
//! What it teaches:
//!
//! - An error handler of the bot that takes `&Failure` is asked about every failure that no more specific one
//!   handled. It returns `false`: a report does not handle the failure, and the user still gets an answer.
//! - `WebhookReport` posts failures to a channel: each kind now and then, with its count, and few posts in
//!   all. It does not post what people wrote.
//! - To report to a service, write an error handler of your own. This one writes to a `Sink`, which can be
//!   anything: a line of the log, a list in a test, or the SDK of a service such as Sentry, whose
//!   `capture_event` takes the fields of `Incident`.
//!
//! ```text
//! cargo run --example report
//! ```
//!
//! Type `/divide people:0`, and look at the log. On Discord, also set `REPORT_WEBHOOK` to the address of a
//! webhook, from the settings of a channel.

use std::num::ParseIntError;
use std::sync::Arc;

use cordial::exception::Panicked;
use cordial::meta::Meta;
use cordial::prelude::*;
use cordial::report::WebhookReport;
use cordial::testing::run_or_simulate;

/// Share twelve cakes.
#[command]
async fn divide(
    ctx: &CommandContext,
    /** Among how many? */
    people: u64,
) -> Result<()> {
    ctx.reply(format!("Each has {}.", 12 / people)).await?;
    Ok(())
}

/// The shop answered something odd.
#[derive(Debug, thiserror::Error, Exception)]
#[error("the shop's price is no number")]
struct OddPrice(#[source] ParseIntError);

/// Which part of the bot was at work when something failed.
struct Part(&'static str);

/// Ask for the price of a cake.
#[command]
async fn price(
    ctx: &CommandContext,
    /** Of which cake? */
    cake: String,
) -> Result<()> {
    let price = price_of(&cake).map_err(OddPrice);
    let price = price.detail(Part("shop"))?;
    ctx.reply(format!("It is {price}.")).await?;
    Ok(())
}

fn price_of(cake: &str) -> Result<u32, ParseIntError> {
    let answer = if cake == "cheese" { "7" } else { "seven" };
    answer.parse()
}

/// What a service receives about a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Incident {
    /// The id, which the log and the user have, too.
    number: String,
    /// The kind of error, by which a service groups, together with the place.
    code: &'static str,
    handler: String,
    place: Option<String>,
    /// The error, and what caused it.
    chain: Vec<String>,
    /// The part that was attached, if any.
    part: Option<&'static str>,
    /// The types of everything that was attached.
    details: Vec<&'static str>,
    is_panic: bool,
}

impl Incident {
    fn of(failure: &Failure) -> Self {
        // A failure's own text leaves out the content of Discord's answers.
        let mut chain = vec![failure.to_string()];
        let mut cause = failure.error().source();
        while let Some(error) = cause {
            chain.push(error.to_string());
            cause = error.source();
        }
        Self {
            number: failure.id().to_string(),
            code: failure.code(),
            handler: failure.handler().map_or_else(String::new, Meta::to_string),
            place: failure.place().map(|place| place.to_string()),
            chain,
            part: failure.detail::<Part>().map(|part| part.0),
            details: failure.detail_types().collect(),
            is_panic: failure.is::<Panicked>(),
        }
    }
}

/// Where incidents go. It must not block: an SDK has a queue of its own.
trait Sink: Send + Sync {
    fn capture(&self, incident: Incident);
}

/// Writes incidents to the log, as fields.
struct ToLog;

impl Sink for ToLog {
    fn capture(&self, incident: Incident) {
        tracing::error!(
            number = incident.number,
            code = incident.code,
            handler = incident.handler,
            place = incident.place,
            chain = ?incident.chain,
            part = incident.part,
            details = ?incident.details,
            is_panic = incident.is_panic,
            "an incident"
        );
    }
}

/// Sends unhandled failures to the sink, and passes them on.
#[error_handler]
async fn capture(_: &ErrorContext, failure: &Failure, sink: State<Arc<dyn Sink>>) -> bool {
    sink.capture(Incident::of(failure));
    false
}

fn bot(sink: Arc<dyn Sink>, webhook: Option<&str>) -> Result<BotBuilder> {
    let bot = Bot::builder().state(sink);
    let bot = match webhook {
        // Added first, so that it is the last to stop.
        Some(url) => bot.add(WebhookReport::new(url)?),
        None => bot,
    };
    Ok(bot.add(handlers![divide, price, capture]))
}

#[tokio::main]
async fn main() -> Result<()> {
    let webhook = std::env::var("REPORT_WEBHOOK").ok();
    run_or_simulate(bot(Arc::new(ToLog), webhook.as_deref())?).await
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use cordial::testing::Simulator;
    use tokio::time::sleep;

    use super::*;

    const WEBHOOK: &str = "https://discord.com/api/webhooks/77/secret";

    /// Keeps incidents.
    #[derive(Default)]
    struct Kept(Mutex<Vec<Incident>>);

    impl Sink for Kept {
        fn capture(&self, incident: Incident) {
            self.0.lock().unwrap().push(incident);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_is_told_of_what_nobody_handled() {
        let kept = Arc::new(Kept::default());
        let sim = Simulator::start(bot(kept.clone(), None).unwrap()).await;
        let alice = sim.join("alice").await;

        alice.run("/price cake:cheese").await;
        alice.run("/price cake:chocolate").await;
        alice.run("/divide people:0").await;

        let transcript = sim.stop().await;
        transcript.assert_unhandled("price");
        let incidents = kept.0.lock().unwrap();
        let [odd, panic] = &incidents[..] else {
            panic!("there are two: {incidents:?}");
        };
        assert_eq!((odd.code, &*odd.handler), ("odd_price", "price"));
        assert_eq!(
            odd.chain,
            [
                "the shop's price is no number",
                "invalid digit found in string"
            ]
        );
        assert!(
            odd.place
                .as_deref()
                .unwrap()
                .starts_with("examples/report.rs:")
        );
        assert_eq!((odd.part, panic.part), (Some("shop"), None));
        assert!(odd.details[0].ends_with("Part"));
        assert!(panic.is_panic && !odd.is_panic);
        // The user has the same id as the service.
        assert!(transcript.replies()[1].contains(&odd.number));
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_is_told_once_of_what_happens_often() {
        let bot = bot(Arc::new(ToLog), Some(WEBHOOK)).unwrap();
        let sim = Simulator::builder(bot).webhook(Id::new(77), "secret", "alerts");
        let sim = sim.member("alice").start().await;

        for _ in 0..5 {
            sim.person("alice").run("/divide people:0").await;
        }
        sleep(Duration::from_secs(60)).await;

        let alerts = sim.channel_id("alerts").unwrap();
        let posts = sim.http().channel_messages(alerts).await.unwrap();
        let posts = posts.model().await.unwrap();
        assert_eq!(posts.len(), 1);
        let embed = &posts[0].embeds[0];
        assert_eq!(embed.title.as_deref(), Some("command `divide` failed"));
        assert!(
            embed
                .description
                .as_deref()
                .unwrap()
                .contains("5 times within")
        );
    }
}
