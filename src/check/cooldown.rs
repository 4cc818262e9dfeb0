//! Limits on how often something may be used within a time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::check::keys::key;
use crate::exception::{OnCooldown, Per};
use crate::interaction::InteractionContext;

/// How many are remembered before those whose time is over are forgotten for the first time.
const FEW: usize = 1_024;

/// How often something may be used within a time, and who shares that limit.
///
/// Each use counts for that time, even if it fails afterwards, for instance because of an option. A use beyond the
/// limit fails with an [`OnCooldown`], which says how long to wait.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::check::Cooldown;
/// use cordial::exception::Per;
/// use cordial::prelude::*;
///
/// /// Wish for something.
/// #[command(cooldown = "3 per 10s per user")]
/// async fn wish(ctx: &CommandContext) -> Result<()> {
///     ctx.reply("So be it.").await?;
///     Ok(())
/// }
///
/// // The same for everything in a plugin, together.
/// let wishes = Plugin::new("wishes")
///     .cooldown(Cooldown::new(3, Duration::from_secs(10), Per::User))
///     .add(handlers![wish]);
/// ```
#[derive(Debug)]
pub struct Cooldown {
    uses: usize,
    every: Duration,
    per: Per,
    used: Mutex<Used>,
}

/// When somebody used it, by their key.
#[derive(Debug)]
struct Used {
    by_key: HashMap<u64, VecDeque<Instant>>,
    /// How many there may be before it is time to forget some.
    most: usize,
}

impl Cooldown {
    /// Creates a cooldown of this many uses, at least one, within this time.
    #[must_use]
    pub fn new(uses: u32, every: Duration, per: Per) -> Self {
        Self {
            uses: usize::try_from(uses.max(1)).unwrap_or(usize::MAX),
            every,
            per,
            used: Mutex::new(Used {
                by_key: HashMap::new(),
                most: FEW,
            }),
        }
    }

    /// Returns how long somebody has to wait, if they have to.
    pub(crate) fn refuse(&self, ctx: &InteractionContext) -> Result<(), OnCooldown> {
        let (key, now) = (key(self.per, ctx), Instant::now());
        self.with(|used| self.refuse_at(used, key, now))
    }

    /// Counts a use, unless it is one too many.
    pub(crate) fn take(&self, ctx: &InteractionContext) -> Result<(), OnCooldown> {
        self.take_at(key(self.per, ctx), Instant::now())
    }

    fn take_at(&self, key: u64, now: Instant) -> Result<(), OnCooldown> {
        self.with(|used| {
            self.refuse_at(used, key, now)?;
            used.by_key.entry(key).or_default().push_back(now);
            self.forget(used, now);
            Ok(())
        })
    }

    fn refuse_at(&self, used: &mut Used, key: u64, now: Instant) -> Result<(), OnCooldown> {
        let Some(times) = used.by_key.get_mut(&key) else {
            return Ok(());
        };
        while times
            .front()
            .is_some_and(|used| self.left(*used, now).is_none())
        {
            times.pop_front();
        }
        match times.front().and_then(|oldest| self.left(*oldest, now)) {
            Some(left) if times.len() >= self.uses => Err(OnCooldown::new(left, self.per)),
            _ => Ok(()),
        }
    }

    /// Returns for how long a use counts still.
    fn left(&self, used: Instant, now: Instant) -> Option<Duration> {
        let left = self.every.checked_sub(now.saturating_duration_since(used));
        left.filter(|left| !left.is_zero())
    }

    /// Forgets those whose time is over, whenever there are twice as many as were left last time.
    fn forget(&self, used: &mut Used, now: Instant) {
        if used.by_key.len() <= used.most {
            return;
        }
        used.by_key.retain(|_, times| {
            let latest = times.back();
            latest.is_some_and(|latest| self.left(*latest, now).is_some())
        });
        used.most = (used.by_key.len() * 2).max(FEW);
    }

    fn with<T>(&self, act: impl FnOnce(&mut Used) -> T) -> T {
        act(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn wait(refused: Result<(), OnCooldown>) -> Option<Duration> {
        refused.err().map(|cooldown| cooldown.retry_after())
    }

    #[test]
    fn each_use_counts_for_the_whole_time() {
        let cooldown = Cooldown::new(2, MINUTE, Per::User);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);

        assert_eq!(wait(cooldown.take_at(1, at(0))), None);
        assert_eq!(wait(cooldown.take_at(1, at(20))), None);
        assert_eq!(
            wait(cooldown.take_at(1, at(30))),
            Some(Duration::from_secs(30))
        );
        assert_eq!(wait(cooldown.take_at(2, at(30))), None);
        assert_eq!(wait(cooldown.take_at(1, at(60))), None);
        assert_eq!(
            wait(cooldown.take_at(1, at(60))),
            Some(Duration::from_secs(20))
        );
    }

    #[test]
    fn a_time_without_end_is_waited_for() {
        let cooldown = Cooldown::new(1, Duration::MAX, Per::User);
        let start = Instant::now();

        assert_eq!(wait(cooldown.take_at(1, start)), None);
        assert_eq!(wait(cooldown.take_at(1, start)), Some(Duration::MAX));
    }

    #[test]
    fn those_whose_time_is_over_are_forgotten() {
        let cooldown = Cooldown::new(1, MINUTE, Per::User);
        let start = Instant::now();
        for key in 0..10_000 {
            let now = start + MINUTE * u32::try_from(key / 500).expect("few");
            drop(cooldown.take_at(key, now));
        }

        assert!(cooldown.with(|used| used.by_key.len()) <= 2 * FEW);
    }
}
