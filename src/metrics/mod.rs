//! The metrics of a bot, recorded through the facade crate [`metrics`].
//!
//! [`BotBuilder::metrics`](crate::bot::BotBuilder::metrics) records them while a bot runs, with the recorder
//! that your program has installed, from any of the crates that export metrics. Those of load, cache and shards
//! are recorded every five seconds. Record one bot in a process: the metrics of two would add up to one.
//!
//! | name | kind | labels | what it says |
//! |---|---|---|---|
//! | `cordial_events_total` | counter | `event` | Events received, whether read or not. |
//! | `cordial_invocations_total` | counter | `handler`, `kind`, `outcome` | Invocations that have ended. |
//! | `cordial_retries_total` | counter | `handler`, `kind` | Runs of handlers after the first for one event. |
//! | `cordial_handler_seconds` | histogram | `handler`, `kind` | How long invocations took, including their error handlers. |
//! | `cordial_failures_total` | counter | `handler`, `kind`, `code`, `resolution` | Failures, by how they were resolved. |
//! | `cordial_handlers_running` | gauge | | Handlers that are running, and tasks that they left running. |
//! | `cordial_events_in_hand` | gauge | | Events whose handlers are running. |
//! | `cordial_events_queued` | gauge | | Events that are waiting for others to finish. |
//! | `cordial_events_shed_total` | counter | | Events shed because too many were waiting. |
//! | `cordial_cache_entries` | gauge | `resource` | Entries in the cache. |
//! | `cordial_cache_bytes` | gauge | `resource` | Bytes of memory that the cache takes, approximately. |
//! | `cordial_shard_state` | gauge | `shard`, `state` | 1 for the state that the shard is in, and 0 for all others. |
//! | `cordial_shard_latency_seconds` | gauge | `shard` | How long the gateway took to acknowledge the last heartbeat. |
//! | `cordial_shard_silence_seconds` | gauge | `shard` | Time since the last event. |
//! | `cordial_shard_events_total` | counter | `shard` | Events received, whether wanted or not. |
//! | `cordial_shard_connections_total` | counter | `shard` | Connections made. |
//! | `cordial_shard_sessions_total` | counter | `shard` | Sessions begun. |
//! | `cordial_shard_resumes_total` | counter | `shard` | Sessions resumed. |
//! | `cordial_shard_unknown_total` | counter | `shard` | Events of types that twilight does not know. |
//! | `cordial_shard_malformed_total` | counter | `shard` | Events that could not be read. |
//! | `cordial_shard_repeated_total` | counter | `shard` | Events received twice, and dropped. |
//! | `cordial_shard_gaps_total` | counter | `shard` | Gaps in the sequence numbers of events. |
//! | `cordial_shard_stalls_total` | counter | `shard` | How often the process was held up so long that heartbeats were late. |
//!
//! The values of labels are limited by the parts of the program and the bot. They never depend on guilds,
//! people or messages:
//!
//! - `event`: Discord's name, such as `MESSAGE_CREATE`; `OTHER` for events that twilight has no name for, and for
//!   failures of connections.
//! - `handler`: its name; for a task, its place in the source, since a task can have any name.
//! - `kind`: the [name](HandlerKind::name) of its kind, such as `listener`.
//! - `outcome`: `completed`, `handled` or `unhandled`, as in [`Outcome`].
//! - `code`: the [failure's code](crate::Failure::code).
//! - `resolution`: `handled`, `retried`, `replaced`, `unhandled` or `last_resort`, as in [`Resolution`].
//! - `resource`: the cached resource, with the feature `cache`, such as `members`.
//! - `shard`: its number.
//! - `state`: the [name](crate::health::ShardState::name) of its state.
//!
//! # Examples
//!
//! ```
//! use cordial::prelude::*;
//!
//! # fn install_an_exporter() {}
//! install_an_exporter();
//! let bot = Bot::builder().metrics();
//! ```

mod describe;
mod recording;

pub(crate) use self::recording::Recording;

use metrics::{SharedString, counter, gauge, histogram};
use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::EventType;

use crate::health::{Health, ShardHealth, ShardState};
use crate::meta::{HandlerKind, Meta};
use crate::outcome::{Invocation, Observer, Outcome, Report, Resolution};

/// Records metrics of a bot with the recorder that your program has installed.
///
/// [`BotBuilder::metrics`](crate::bot::BotBuilder::metrics) adds one, which also records the bot's health
/// every five seconds. Use it by itself if you want to record the health [when asked](Self::record).
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "it observes nothing by itself"]
pub struct Metrics(());

impl Metrics {
    /// Creates an observer that records metrics.
    pub fn new() -> Self {
        Self(())
    }

    /// Describes each metric to the recorder, which must be installed by then.
    pub fn describe(&self) {
        describe::all();
    }

    /// Records the current health of a bot: the state and counts of each shard, the load, and the cache's use
    /// of memory.
    pub fn record(&self, health: &Health) {
        let load = health.load();
        gauge!("cordial_handlers_running").set(of(load.running()));
        gauge!("cordial_events_in_hand").set(of(load.in_hand()));
        gauge!("cordial_events_queued").set(of(load.queued()));
        counter!("cordial_events_shed_total").absolute(load.shed());
        #[cfg(feature = "cache")]
        for usage in health.cache() {
            let resource = usage.name();
            gauge!("cordial_cache_entries", "resource" => resource).set(of(usage.entries()));
            gauge!("cordial_cache_bytes", "resource" => resource).set(of(usage.bytes()));
        }
        for shard in health.shards() {
            record(&shard);
        }
    }
}

/// Returns a number that a gauge takes.
fn of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Observer for Metrics {
    fn dispatched(&self, _: ShardId, _: u64, event: Option<EventType>, _: usize) {
        count(event);
    }

    fn shed(&self, _: ShardId, _: u64, event: Option<EventType>) {
        count(event);
    }

    fn finished(&self, _: ShardId, _: u64, invocation: &Invocation) {
        let Invocation {
            handler,
            attempts,
            outcome,
            took,
            ..
        } = invocation;
        let (name, kind) = (label_of(handler), handler.kind().name());
        let outcome = match outcome {
            Outcome::Completed => "completed",
            Outcome::Handled { .. } => "handled",
            Outcome::Unhandled { .. } => "unhandled",
        };
        counter!(
            "cordial_invocations_total",
            "handler" => name.clone(), "kind" => kind, "outcome" => outcome
        )
        .increment(1);
        if *attempts > 1 {
            counter!("cordial_retries_total", "handler" => name.clone(), "kind" => kind)
                .increment(u64::from(attempts - 1));
        }
        histogram!("cordial_handler_seconds", "handler" => name, "kind" => kind).record(*took);
    }

    fn reported(&self, report: &Report) {
        let resolution = match report.resolution {
            Resolution::Handled { .. } => "handled",
            Resolution::Retried { .. } => "retried",
            Resolution::Replaced { .. } => "replaced",
            Resolution::Unhandled => "unhandled",
            Resolution::LastResort => "last_resort",
        };
        counter!(
            "cordial_failures_total",
            "handler" => label_of(&report.handler),
            "kind" => report.handler.kind().name(),
            "code" => report.failure.code(),
            "resolution" => resolution
        )
        .increment(1);
    }
}

/// Counts an event.
fn count(event: Option<EventType>) {
    let event = event.and_then(EventType::name).unwrap_or("OTHER");
    counter!("cordial_events_total", "event" => event).increment(1);
}

/// Records how a shard is.
fn record(shard: &ShardHealth) {
    let id = SharedString::from(shard.id().number().to_string());
    for state in ShardState::ALL {
        let is_in_it = u8::from(state == shard.state());
        gauge!("cordial_shard_state", "shard" => id.clone(), "state" => state.name()).set(is_in_it);
    }
    if let Some(latency) = shard.latency() {
        gauge!("cordial_shard_latency_seconds", "shard" => id.clone()).set(latency);
    }
    if let Some(silence) = shard.silence() {
        gauge!("cordial_shard_silence_seconds", "shard" => id.clone()).set(silence);
    }
    for (name, count) in shard.counts() {
        let name = format!("cordial_shard_{name}_total");
        counter!(name, "shard" => id.clone()).absolute(count);
    }
}

/// Returns what a handler goes by in a label: of these there must be no more than the program has parts.
fn label_of(handler: &Meta) -> String {
    match handler.place() {
        Some(place) if handler.kind() == HandlerKind::Task => place.to_string(),
        _ => handler.name().to_owned(),
    }
}
