//! What is known of one shard. It is written by the shard and read by anybody, without waiting.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::gateway::ShardId;

/// What a shard is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ShardState {
    /// It is connecting.
    Connecting,
    /// It waits for its turn to begin a session: Discord allows few at once, and a limited number a day.
    Queued,
    /// It is beginning a session.
    Identifying,
    /// It is resuming a session, and receives the events that it missed.
    Resuming,
    /// It receives events.
    Active,
    /// It lost its connection, and waits before it connects again.
    Disconnected,
    /// It has stopped, with the bot or because of a failure.
    Stopped,
}

impl ShardState {
    pub(crate) const ALL: [Self; 7] = [
        Self::Connecting,
        Self::Queued,
        Self::Identifying,
        Self::Resuming,
        Self::Active,
        Self::Disconnected,
        Self::Stopped,
    ];

    /// Returns the name of the state, in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Queued => "queued",
            Self::Identifying => "identifying",
            Self::Resuming => "resuming",
            Self::Active => "active",
            Self::Disconnected => "disconnected",
            Self::Stopped => "stopped",
        }
    }
}

/// For how long a shard has not been active.
#[derive(Clone, Copy, Debug)]
enum Absence {
    /// It is.
    Present,
    /// It was, until this long ago.
    Since(Duration),
    /// It never was, since it was started this long ago.
    Always(Duration),
}

/// The health of a shard at the moment of the call.
#[derive(Clone, Debug)]
pub struct ShardHealth {
    id: ShardId,
    state: ShardState,
    absence: Absence,
    silence: Option<Duration>,
    latency: Option<Duration>,
    sequence: u64,
    counts: [u64; Count::ALL.len()],
}

impl ShardHealth {
    /// Returns the shard's number, and how many shards there are.
    #[must_use]
    pub fn id(&self) -> ShardId {
        self.id
    }

    /// Returns what it is doing.
    #[must_use]
    pub fn state(&self) -> ShardState {
        self.state
    }

    /// Returns for how long the shard has not been active, if it is not.
    ///
    /// The time counts from when it was last active, or else from when it was started.
    #[must_use]
    pub fn inactive_for(&self) -> Option<Duration> {
        match self.absence {
            Absence::Present => None,
            Absence::Since(absence) | Absence::Always(absence) => Some(absence),
        }
    }

    /// Returns whether the shard is active, or was active within the tolerance and will be again.
    ///
    /// A shard that has not been active yet is not well, however long it takes to start. Neither is one that
    /// has stopped.
    #[must_use]
    pub fn is_well_within(&self, tolerance: Duration) -> bool {
        let is_present = match self.absence {
            Absence::Present => true,
            Absence::Since(absence) => absence <= tolerance,
            Absence::Always(_) => false,
        };
        is_present && self.state != ShardState::Stopped
    }

    /// Returns how long ago the last event arrived, if one did.
    #[must_use]
    pub fn silence(&self) -> Option<Duration> {
        self.silence
    }

    /// Returns how long the gateway took to answer the last heartbeat, if it did.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        self.latency
    }

    /// Returns the number of the last event in the session, or 0.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

/// Makes a method of each count.
macro_rules! counts {
    ($($(#[$doc:meta])* $variant:ident $method:ident;)*) => {
        /// What is counted of a shard.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Count {
            $($variant),*
        }

        impl Count {
            const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];
            const NAMES: [&'static str; Self::ALL.len()] = [$(stringify!($method)),*];
        }

        impl ShardHealth {
            /// Returns what was counted, each with the name of its method.
            pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
                Count::NAMES.into_iter().zip(self.counts)
            }

            $(
                $(#[$doc])*
                #[must_use]
                pub fn $method(&self) -> u64 {
                    self.counts[Count::$variant as usize]
                }
            )*
        }
    };
}

counts! {
    /// Returns how many events arrived, wanted or not.
    Events events;
    /// Returns how many connections the shard made.
    Connections connections;
    /// Returns how many sessions the shard began.
    Sessions sessions;
    /// Returns how often the shard resumed a session.
    Resumes resumes;
    /// Returns how many events arrived that twilight does not know.
    Unknown unknown;
    /// Returns how many events arrived that could not be read.
    Malformed malformed;
    /// Returns how many events arrived twice, and were dropped.
    Repeated repeated;
    /// Returns how often sequence numbers were missing between two events.
    Gaps gaps;
    /// Returns how often the process was stalled for so long that heartbeats were late.
    Stalls stalls;
}

/// Stands for a time that there was not.
const NEVER: u64 = u64::MAX;

/// What is known of one shard.
#[derive(Debug)]
pub(crate) struct Vitals {
    shard: ShardId,
    /// Since when times are counted.
    born: Instant,
    state: AtomicU8,
    /// Since when it is not active, in milliseconds and one more; 0 while it is, and `NEVER` before it was.
    away: AtomicU64,
    /// When the last event came, in milliseconds and one more; 0 before.
    heard: AtomicU64,
    /// In microseconds and one more; 0 before it is known.
    latency: AtomicU64,
    sequence: AtomicU64,
    counts: [AtomicU64; Count::ALL.len()],
}

impl Vitals {
    pub(crate) fn new(shard: ShardId) -> Self {
        Self {
            shard,
            born: Instant::now(),
            state: AtomicU8::new(ShardState::Disconnected as u8),
            away: AtomicU64::new(NEVER),
            heard: AtomicU64::new(0),
            latency: AtomicU64::new(0),
            sequence: AtomicU64::new(0),
            counts: Default::default(),
        }
    }

    pub(crate) fn shard(&self) -> ShardId {
        self.shard
    }

    pub(crate) fn reach(&self, state: ShardState) {
        self.state.store(state as u8, Relaxed);
        if state == ShardState::Active {
            self.away.store(0, Relaxed);
        } else if self.away.load(Relaxed) == 0 {
            // Only the shard writes here, so nothing comes in between.
            self.away.store(self.age() + 1, Relaxed);
        }
    }

    pub(crate) fn count(&self, what: Count) {
        self.counts[what as usize].fetch_add(1, Relaxed);
    }

    /// Notes that an event came.
    pub(crate) fn heard(&self, sequence: u64) {
        self.count(Count::Events);
        self.sequence.store(sequence, Relaxed);
        self.heard.store(self.age() + 1, Relaxed);
    }

    pub(crate) fn answered_within(&self, latency: Duration) {
        self.latency.store(whole(latency.as_micros()) + 1, Relaxed);
    }

    pub(crate) fn look_at_state(&self) -> ShardState {
        ShardState::ALL[usize::from(self.state.load(Relaxed))]
    }

    /// Returns how the shard is now.
    pub(crate) fn look(&self) -> ShardHealth {
        let heard = self.heard.load(Relaxed).checked_sub(1);
        let latency = self.latency.load(Relaxed).checked_sub(1);
        ShardHealth {
            id: self.shard,
            state: self.look_at_state(),
            absence: self.absence(),
            silence: heard.map(|heard| self.since(heard)),
            latency: latency.map(Duration::from_micros),
            sequence: self.sequence.load(Relaxed),
            counts: self.counts.each_ref().map(|count| count.load(Relaxed)),
        }
    }

    fn absence(&self) -> Absence {
        match self.away.load(Relaxed) {
            0 => Absence::Present,
            NEVER => Absence::Always(self.born.elapsed()),
            away => Absence::Since(self.since(away - 1)),
        }
    }

    /// Returns for how many milliseconds it is there.
    fn age(&self) -> u64 {
        whole(self.born.elapsed().as_millis())
    }

    /// Returns how long ago it was that it was there for so many milliseconds.
    fn since(&self, age: u64) -> Duration {
        (self.born + Duration::from_millis(age)).elapsed()
    }
}

/// Returns a number of milliseconds or microseconds: half a million years fit.
pub(crate) fn whole(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(NEVER - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_shard_is_as_it_was_last_told_of() {
        let vitals = Vitals::new(ShardId::ONE);
        assert_eq!(vitals.look().silence(), None);

        vitals.reach(ShardState::Active);
        vitals.heard(7);
        vitals.count(Count::Gaps);
        vitals.answered_within(Duration::from_millis(40));
        tokio::time::advance(Duration::from_secs(3)).await;

        let health = vitals.look();
        assert_eq!(health.state(), ShardState::Active);
        assert_eq!(health.silence(), Some(Duration::from_secs(3)));
        assert_eq!(health.latency(), Some(Duration::from_millis(40)));
        assert_eq!(
            (health.sequence(), health.events(), health.gaps()),
            (7, 1, 1)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_shard_is_well_once_it_was_active_and_as_long_as_it_comes_back_in_time() {
        let tolerance = Duration::from_secs(60);
        let vitals = Vitals::new(ShardId::ONE);
        let is_well = || vitals.look().is_well_within(tolerance);
        let advance = |seconds| tokio::time::advance(Duration::from_secs(seconds));

        vitals.reach(ShardState::Queued);
        advance(5).await;
        assert!(!is_well(), "it was not active yet");
        assert_eq!(vitals.look().inactive_for(), Some(Duration::from_secs(5)));

        vitals.reach(ShardState::Active);
        assert!(is_well());
        assert_eq!(vitals.look().inactive_for(), None);

        vitals.reach(ShardState::Disconnected);
        advance(59).await;
        vitals.reach(ShardState::Connecting);
        assert!(is_well());
        advance(2).await;
        assert!(!is_well());
        assert_eq!(vitals.look().inactive_for(), Some(Duration::from_secs(61)));

        vitals.reach(ShardState::Active);
        vitals.reach(ShardState::Stopped);
        assert!(!is_well(), "it does not come back");
    }

    #[test]
    fn every_state_stands_at_its_number() {
        for (number, state) in ShardState::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, number);
        }
    }
}
