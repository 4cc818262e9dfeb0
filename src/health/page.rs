//! The health of a bot as JSON, for whoever reads it over HTTP.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::health::vitals::whole;
use crate::health::{Health, Load, ShardHealth};

/// Returns whether a bot is well within a tolerance, and what there is to say of it.
pub(crate) fn page(health: &Health, tolerance: Duration) -> (bool, Value) {
    let shards = health.shards();
    let is_well = |shard: &ShardHealth| shard.is_well_within(tolerance);
    let all_are_well = !shards.is_empty() && shards.iter().all(is_well);
    let told = shards.iter().map(|shard| of_shard(shard, is_well(shard)));
    #[cfg_attr(
        not(feature = "cache"),
        expect(unused_mut, reason = "there is no more to say")
    )]
    let mut page = json!({
        "well": all_are_well,
        "shards": told.collect::<Vec<_>>(),
        "load": of_load(health.load()),
    });
    #[cfg(feature = "cache")]
    {
        page["cache"] = of_cache(health);
    }
    (all_are_well, page)
}

#[cfg(feature = "cache")]
fn of_cache(health: &Health) -> Value {
    let usage = health.cache().into_iter().map(|usage| {
        let numbers = json!({ "entries": usage.entries(), "bytes": usage.bytes() });
        (usage.name().to_owned(), numbers)
    });
    usage.collect::<Map<_, _>>().into()
}

/// Only numbers and words of cordial's own: nothing that Discord or people wrote.
fn of_shard(shard: &ShardHealth, is_well: bool) -> Value {
    let counts = shard.counts();
    let counts: Map<_, _> = counts
        .map(|(name, count)| (name.to_owned(), count.into()))
        .collect();
    json!({
        "id": shard.id().number(),
        "well": is_well,
        "state": shard.state().name(),
        "inactive_ms": shard.inactive_for().map(millis),
        "silence_ms": shard.silence().map(millis),
        "latency_ms": shard.latency().map(millis),
        "sequence": shard.sequence(),
        "counts": counts,
    })
}

fn of_load(load: Load) -> Value {
    json!({
        "running": load.running(),
        "in_hand": load.in_hand(),
        "queued": load.queued(),
        "shed": load.shed(),
    })
}

fn millis(duration: Duration) -> u64 {
    whole(duration.as_millis())
}
