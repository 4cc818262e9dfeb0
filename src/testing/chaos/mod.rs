//! Random faults that follow from a seed.

mod draw;

use std::fmt;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::testing::chaos::draw::draw;
use crate::testing::discord::{Discord, State};
use crate::testing::gateway::{GatewayFault, HEARTBEAT, RECONNECT, UNKNOWN_EVENTS};
use crate::testing::rest::Fault;
use crate::testing::sessions::Outgoing;
use crate::testing::simulator::Simulator;
use crate::testing::tasks::Tasks;

/// Random faults for a while: connections break, sessions end, and requests fail.
///
/// What goes wrong, and when, follows from the seed: the same seed gives the same faults. A bot should
/// survive all of it. Each fault passes, none ends the bot or costs it more than its session, and no
/// event is altered.
///
/// # Examples
///
/// Does a bot survive?
///
/// ```
/// use std::time::Duration;
///
/// use cordial::prelude::*;
/// use cordial::testing::{Chaos, Simulator};
///
/// #[listener]
/// async fn greets(_: &Context, _: &MemberAdd) {}
///
/// # async fn run() {
/// for seed in 0..20 {
///     let chaos = Chaos::new(seed);
///     println!("{chaos}");
///     let sim = Simulator::builder(Bot::builder().add(handlers![greets]));
///     let sim = sim.chaos(chaos.clone()).start().await;
///
///     tokio::time::sleep(chaos.duration()).await;
///     sim.mend();
///     // It takes that long to find out that a connection is half open, and to connect again.
///     tokio::time::sleep(Duration::from_secs(150)).await;
///     sim.join("alice").await;
///
///     sim.assert_nothing_lost();
///     sim.stop().await.assert_completed("greets");
/// }
/// # }
/// # // With time that is virtual, as by `#[tokio::test(start_paused = true)]`, it takes less than a second.
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
/// # runtime.expect("a runtime").block_on(run());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing goes wrong until a simulator is given it"]
pub struct Chaos {
    seed: u64,
    duration: Duration,
    every: Duration,
    spares_requests: bool,
}

impl Chaos {
    /// Returns the chaos of a seed.
    ///
    /// It lasts ten minutes, with a fault every twenty seconds or so.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            duration: Duration::from_secs(10 * 60),
            every: Duration::from_secs(20),
            spares_requests: false,
        }
    }

    /// Sets how long it lasts, by tokio's clock.
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }

    /// Sets the average time between faults.
    ///
    /// Discord lets a bot begin a thousand sessions a day, and one fault in six ends some sessions.
    pub fn every(mut self, time: Duration) -> Self {
        self.every = time.max(Duration::from_millis(1));
        self
    }

    /// Leaves requests alone.
    pub fn spare_requests(mut self) -> Self {
        self.spares_requests = true;
        self
    }

    /// Returns the seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Returns how long it lasts.
    ///
    /// Every fault has ended by then, except that the bot may still have to find out about it.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns what goes wrong, and when.
    fn plan(&self) -> Vec<Mishap> {
        let mut rng = fastrand::Rng::with_seed(self.seed);
        let mut plan = Vec::new();
        let mut at = Duration::ZERO;
        loop {
            at += self.every.mul_f64(2.0 * rng.f64());
            let Some(left) = self.duration.checked_sub(at).filter(|left| !left.is_zero()) else {
                return plan;
            };
            let (name, deeds) = draw(&mut rng, left, self.spares_requests);
            plan.push(Mishap { at, name, deeds });
        }
    }

    /// Strikes with each fault in time.
    pub(crate) async fn reign(self, discord: Arc<Discord>) {
        tracing::debug!("{self}");
        let started = Instant::now();
        for mishap in self.plan() {
            sleep_until(started + mishap.at).await;
            tracing::debug!(seed = self.seed, "chaos: {}", mishap.name);
            discord.with(|state| {
                for deed in mishap.deeds {
                    deed.strike(state);
                }
            });
        }
    }
}

impl fmt::Display for Chaos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chaos of seed {} for {:?}", self.seed, self.duration)?;
        let mut separator = ": ";
        for Mishap { at, name, .. } in self.plan() {
            write!(f, "{separator}{:.1}s {name}", at.as_secs_f64())?;
            separator = ", ";
        }
        Ok(())
    }
}

impl Simulator {
    /// Makes things go wrong at random from now on, until the [`Chaos`] is over or [mended](Self::mend).
    ///
    /// It replaces an earlier chaos.
    pub fn chaos(&self, chaos: Chaos) {
        let discord = Arc::clone(self.discord());
        self.calm().spawn(chaos.reign(discord));
    }

    /// Ends the faults of an earlier chaos.
    pub(crate) fn calm(&self) -> MutexGuard<'_, Tasks> {
        let mut unrest = self.unrest.lock().unwrap_or_else(PoisonError::into_inner);
        *unrest = Tasks::default();
        unrest
    }
}

/// A fault at a time.
struct Mishap {
    at: Duration,
    name: String,
    deeds: Vec<Deed>,
}

/// What is done to the bot.
enum Deed {
    Gateway(GatewayFault),
    /// The next requests go wrong, whichever they are.
    Request(Fault),
    /// All connections break.
    Drop,
    Close(u16),
    /// All shards are asked to reconnect.
    Reconnect,
    /// All sessions end.
    Invalidate,
    /// All shards are asked for a heartbeat.
    Heartbeat,
    /// An event that twilight does not know is sent.
    Unknown(usize),
}

impl Deed {
    fn strike(self, state: &mut State) {
        match self {
            Self::Gateway(fault) => state.gateway.misbehave(fault),
            Self::Request(fault) => state.faults.inject("*", "/**", fault),
            Self::Drop => state.write_all(&Outgoing::Drop),
            Self::Close(code) => state.write_all(&Outgoing::Close(code)),
            Self::Reconnect => state.write_all(&Outgoing::Text(RECONNECT.to_owned())),
            Self::Invalidate => state.invalidate(),
            Self::Heartbeat => state.write_all(&Outgoing::Text(HEARTBEAT.to_owned())),
            Self::Unknown(which) => {
                let (name, data) = UNKNOWN_EVENTS[which % UNKNOWN_EVENTS.len()];
                state.tell_raw(name, data);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_plans_the_same_and_another_something_else() {
        let text = |seed| Chaos::new(seed).to_string();

        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
        assert_eq!(text(7).lines().count(), 1);
    }

    #[test]
    fn it_is_as_frequent_and_as_long_as_it_should_be() {
        let chaos = Chaos::new(1)
            .lasting(Duration::from_secs(1_000))
            .every(Duration::from_secs(1));

        let plan = chaos.plan();

        assert!((900..1_100).contains(&plan.len()), "{}", plan.len());
        assert!(plan.iter().all(|mishap| mishap.at < chaos.duration()));
        assert!(plan.is_sorted_by_key(|mishap| mishap.at));
    }

    #[test]
    fn requests_are_spared_if_they_are_to_be() {
        let of_requests = |chaos: Chaos| {
            let deeds = chaos.plan().into_iter().flat_map(|mishap| mishap.deeds);
            let of_requests = deeds.filter(|deed| matches!(deed, Deed::Request(_)));
            of_requests.count()
        };

        assert!(of_requests(Chaos::new(1)) > 0);
        assert_eq!(of_requests(Chaos::new(1).spare_requests()), 0);
    }
}
