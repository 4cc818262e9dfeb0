//! What each metric says, for recorders that show it.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Says it of all.
pub(crate) fn all() {
    for (name, description) in COUNTERS {
        describe_counter!(*name, Unit::Count, *description);
    }
    for (name, description) in GAUGES {
        let is_time = name.ends_with("_seconds");
        let unit = if is_time { Unit::Seconds } else { Unit::Count };
        describe_gauge!(*name, unit, *description);
    }
    for (name, description) in HISTOGRAMS {
        describe_histogram!(*name, Unit::Seconds, *description);
    }
}

const COUNTERS: &[(&str, &str)] = &[
    (
        "cordial_events_total",
        "Events received, whether read or not.",
    ),
    ("cordial_invocations_total", "Invocations that have ended."),
    (
        "cordial_retries_total",
        "Runs of handlers after the first for one event.",
    ),
    (
        "cordial_failures_total",
        "Failures, by how they were resolved.",
    ),
    (
        "cordial_shard_events_total",
        "Events received, whether wanted or not.",
    ),
    ("cordial_shard_connections_total", "Connections made."),
    ("cordial_shard_sessions_total", "Sessions begun."),
    ("cordial_shard_resumes_total", "Sessions resumed."),
    (
        "cordial_shard_unknown_total",
        "Events of types that twilight does not know.",
    ),
    (
        "cordial_shard_malformed_total",
        "Events that could not be read.",
    ),
    (
        "cordial_shard_repeated_total",
        "Events received twice, and dropped.",
    ),
    (
        "cordial_shard_gaps_total",
        "Gaps in the sequence numbers of events.",
    ),
    (
        "cordial_events_shed_total",
        "Events shed because too many were waiting.",
    ),
    (
        "cordial_shard_stalls_total",
        "How often the process was held up so long that heartbeats were late.",
    ),
];

const GAUGES: &[(&str, &str)] = &[
    (
        "cordial_handlers_running",
        "Handlers that are running, and tasks that they left running.",
    ),
    (
        "cordial_events_in_hand",
        "Events whose handlers are running.",
    ),
    (
        "cordial_events_queued",
        "Events that are waiting for others to finish.",
    ),
    ("cordial_cache_entries", "Entries in the cache."),
    (
        "cordial_cache_bytes",
        "Bytes of memory that the cache takes, approximately.",
    ),
    (
        "cordial_shard_state",
        "1 for the state that the shard is in, and 0 for all others.",
    ),
    (
        "cordial_shard_latency_seconds",
        "How long the gateway took to acknowledge the last heartbeat.",
    ),
    (
        "cordial_shard_silence_seconds",
        "Time since the last event.",
    ),
];

const HISTOGRAMS: &[(&str, &str)] = &[(
    "cordial_handler_seconds",
    "How long invocations took, including their error handlers.",
)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_of_each_what_its_description_says() {
        let table = include_str!("mod.rs");
        let described = [COUNTERS, GAUGES, HISTOGRAMS].concat();
        let rows: Vec<_> = table
            .lines()
            .filter(|line| line.starts_with("//! | `cordial_"))
            .collect();

        for (name, description) in &described {
            let is_row = |row: &&str| row.contains(&format!("`{name}`"));
            let row = rows.iter().copied().find(is_row);
            let row = row.unwrap_or_else(|| panic!("`{name}` has no row"));
            assert!(row.ends_with(&format!("| {description} |")), "{row}");
        }
        assert_eq!(rows.len(), described.len());
    }
}
