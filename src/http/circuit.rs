//! Protection of a bot from being blocked for refused requests.
//!
//! Discord blocks an address after 10,000 requests within 10 minutes that it refused with 401, 403 or 429.
//! (Discord: Rate Limits, Invalid Request Limit.) So cordial counts those, and long before that number it
//! sends fewer requests. A request that was refused again and again is refused here for a while, and one that
//! can never succeed is not sent again.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::exception::Trouble;

/// How long what was refused counts.
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// How exactly it is known when something was refused.
const SLOT: Duration = Duration::from_secs(10);
/// From how many refusals on there is a warning.
const WARN: u32 = 1_000;
/// From how many on there are [few calls](FEW) a second: those can not make them too many.
const BRAKE: u32 = 5_000;
/// From how many on there are none, but first answers to interactions.
const STOP: u32 = 9_000;
/// How many calls a second there may be while braking: at most 3,000 in 10 minutes.
pub(crate) const FEW: u32 = 5;
/// How often in a row something is refused before it is no longer asked.
const STRIKES: u32 = 5;
/// For how long it is not asked at first, and then at most: somebody may allow it meanwhile.
const FIRST_BAN: Duration = Duration::from_secs(30);
const LONGEST_BAN: Duration = Duration::from_secs(2 * 60);
/// From how many refusals on not even interactions are answered.
const LAST: u32 = 9_800;
/// How much of an answer is remembered.
const REMEMBERED: usize = 2048;
/// How much of what was refused is remembered.
const MOST: usize = 4096;

/// What Discord refused lately.
#[derive(Debug, Default)]
pub(crate) struct Circuit(Mutex<Refused>);

#[derive(Debug, Default)]
struct Refused {
    /// How many were refused, by when, the earliest first.
    slots: VecDeque<(Instant, u32)>,
    /// How bad it is, of which it has been told.
    told: Stage,
    /// What was refused with 403, by its path.
    forbidden: Remembered<Strikes>,
    /// What can never be answered again, by its token.
    dead: Remembered<Trouble>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    #[default]
    Fine,
    Warned,
    Braking,
    Stopped,
}

#[derive(Debug)]
struct Strikes {
    in_a_row: u32,
    /// What was answered last, and when.
    answer: Trouble,
    at: Instant,
    banned_until: Instant,
}

impl Circuit {
    /// Returns how bad it is.
    pub(crate) fn stage(&self) -> Stage {
        self.refused().stage(Instant::now())
    }

    /// Returns whether there is nothing to be asked for now, not even a first answer to an interaction.
    pub(crate) fn is_full(&self) -> bool {
        self.refused().count(Instant::now()) >= LAST
    }

    /// Returns how many were refused lately, and how long it takes until fewer are.
    pub(crate) fn count(&self) -> (u32, Duration) {
        let now = Instant::now();
        let mut refused = self.refused();
        let count = refused.count(now);
        let oldest = refused.slots.front().map_or(now, |(since, _)| *since);
        (
            count,
            (oldest + SLOT + WINDOW).saturating_duration_since(now),
        )
    }

    /// Counts one that was refused with 401, 403 or 429. Returns how bad it is, if that is news.
    pub(crate) fn count_refused(&self) -> Option<(Stage, u32)> {
        let now = Instant::now();
        let mut refused = self.refused();
        match refused.slots.back_mut() {
            Some((since, count)) if now < *since + SLOT => *count += 1,
            _ => refused.slots.push_back((now, 1)),
        }
        let stage = refused.stage(now);
        let is_news = stage > refused.told;
        refused.told = stage;
        is_news.then(|| (stage, refused.count(now)))
    }

    /// Returns what is to be answered without asking, because Discord has, again and again.
    pub(crate) fn answer(&self, path: Option<u64>, token: Option<u64>) -> Option<Trouble> {
        let refused = self.refused();
        if let Some(dead) = token.and_then(|token| refused.dead.get(token)) {
            return Some(dead.clone());
        }
        let strikes = refused.forbidden.get(path?)?;
        (strikes.banned_until > Instant::now()).then(|| strikes.answer.clone())
    }

    /// Remembers that something was refused with 403 that was asked at a time.
    pub(crate) fn forbid(&self, path: u64, answer: &Trouble, asked: Instant) {
        let now = Instant::now();
        let mut refused = self.refused();
        let recent = refused
            .forbidden
            .get(path)
            .filter(|it| it.at + WINDOW > now);
        // Those that were asked at once are one.
        let in_a_row = match recent {
            Some(last) if asked < last.at => return,
            Some(last) => last.in_a_row + 1,
            None => 1,
        };
        let ban = match in_a_row.checked_sub(STRIKES) {
            Some(more) => (FIRST_BAN * 2_u32.pow(more.min(8))).min(LONGEST_BAN),
            None => Duration::ZERO,
        };
        let strikes = Strikes {
            in_a_row,
            answer: answer.shortened(REMEMBERED),
            at: now,
            banned_until: now + ban,
        };
        refused.forbidden.insert(path, strikes);
    }

    /// Forgets that something was refused: it is no longer.
    pub(crate) fn allow(&self, path: Option<u64>) {
        if let Some(path) = path {
            self.refused().forbidden.remove(path);
        }
    }

    /// Remembers that nothing with a token will be answered again.
    pub(crate) fn bury(&self, token: u64, answer: &Trouble) {
        let answer = answer.shortened(REMEMBERED);
        self.refused().dead.insert(token, answer);
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Refused {
    fn count(&mut self, now: Instant) -> u32 {
        let is_over = |since: Instant| since + SLOT + WINDOW <= now;
        while self.slots.front().is_some_and(|(since, _)| is_over(*since)) {
            self.slots.pop_front();
        }
        self.slots.iter().map(|(_, count)| count).sum()
    }

    fn stage(&mut self, now: Instant) -> Stage {
        let stage = match self.count(now) {
            STOP.. => Stage::Stopped,
            BRAKE.. => Stage::Braking,
            WARN.. => Stage::Warned,
            _ => Stage::Fine,
        };
        self.told = self.told.min(stage);
        stage
    }
}

/// A map that forgets what was put in first, once it is full.
#[derive(Debug)]
struct Remembered<T> {
    values: HashMap<u64, T>,
    order: VecDeque<u64>,
}

impl<T> Remembered<T> {
    fn get(&self, key: u64) -> Option<&T> {
        self.values.get(&key)
    }

    fn insert(&mut self, key: u64, value: T) {
        if self.values.insert(key, value).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.values.remove(&oldest);
            }
        }
    }

    fn remove(&mut self, key: u64) {
        if self.values.remove(&key).is_some() {
            self.order.retain(|known| *known != key);
        }
    }
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
        }
    }
}
