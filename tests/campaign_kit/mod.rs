//! What the campaign and its controls share: schedules, who plays them, and what is checked.

mod cast;
mod record;
mod schedule;

use std::sync::Arc;
use std::time::Duration;

use cordial::testing::Feed;

use crate::campaign_kit::record::Record;
use crate::campaign_kit::schedule::{Schedule, Step};

/// What came of a schedule.
pub(crate) struct Played {
    /// What was not as it should be, each with the invariant that it breaks.
    pub(crate) violations: Vec<String>,
    /// What was told, in order.
    pub(crate) trace: Vec<String>,
    pub(crate) events: usize,
    pub(crate) failures: usize,
}

/// Plays the schedule of a seed, to the end, and checks what came of it.
pub(crate) async fn play(seed: u64, events: usize) -> Played {
    let schedule = Schedule::draw(seed, events);
    let record = Arc::new(Record::default());
    let mut feed = Feed::new(cast::bot(&record)).expect("a bot");
    for step in &schedule.steps {
        match step {
            Step::Begin => feed.begin_session(),
            Step::Resume => feed.resume(),
            Step::Send(entry) => feed.message(&entry.text),
            Step::Pause(millis) => tokio::time::sleep(Duration::from_millis(*millis)).await,
        }
    }
    feed.settled().await;
    let expected = schedule.expected();
    Played {
        violations: record.violations(&expected),
        trace: record.trace(),
        events: expected.taken.len(),
        failures: expected.reports.len(),
    }
}
