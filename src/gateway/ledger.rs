//! The sessions of all shards, as they are to be saved.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::dispatch::Hold;
use crate::gateway::progress::{Done, News, Progress};
use crate::gateway::saved::{Owner, Refused, Saved, SavedSession, millis};
use crate::gateway::session::{Kept, trusted};

/// The sessions of all shards.
#[derive(Debug)]
pub(crate) struct Ledger {
    owner: Owner,
    pages: Mutex<BTreeMap<u32, Page>>,
    news: Arc<News>,
}

/// The session of a shard.
#[derive(Clone, Debug)]
struct Page {
    /// Its id, unless it is lost.
    id: Option<String>,
    url: Option<String>,
    progress: Arc<Progress>,
    /// Since when nothing is told of it, in milliseconds since 1970.
    away: Option<u64>,
    /// What was done when the bot started, how often it has for what comes next, and since when.
    start: (u64, u32, u64),
    /// What is not known to the shard yet: the session is of an earlier run.
    earlier: Option<Earlier>,
}

/// A session of an earlier run of the bot.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    /// What is to be resumed, if that can be.
    pub(crate) kept: Option<Kept>,
    /// The number up to which its events are done.
    pub(crate) sequence: u64,
    /// When it was loaded, and how old it was then.
    pub(crate) loaded: Instant,
    pub(crate) age: Duration,
}

impl Ledger {
    /// Takes up what was saved, as far as it can be used.
    pub(crate) fn open(owner: Owner, saved: Option<Saved>, now: SystemTime) -> Self {
        let news = Arc::new(News::default());
        let saved = saved.filter(|saved| is_used(saved.is_of(&owner), None));
        let mut pages = BTreeMap::new();
        if let Some(saved) = saved {
            let fits = is_used(saved.fits(&owner), None);
            let sessions = saved.sessions.into_iter();
            for session in sessions.filter(|session| session.shard < owner.shards) {
                let shard = session.shard;
                let page = Page::take_up(&session, fits, owner.gateway.is_some(), &news, now);
                pages.insert(shard, page);
            }
        }
        Self {
            owner,
            pages: Mutex::new(pages),
            news,
        }
    }

    /// Waits until there is something to save.
    pub(crate) async fn changed(&self) {
        self.news.changed.notified().await;
    }

    /// Waits until there is something to save that cannot wait.
    pub(crate) async fn urgent(&self) {
        self.news.urgent.notified().await;
    }

    /// Notes that there is something to save.
    pub(crate) fn change(&self) {
        self.news.changed.notify_one();
    }

    /// Returns what is to be saved now; or at last, when the bot ends as it should.
    pub(crate) fn saved(&self, now: SystemTime, is_last: bool) -> Saved {
        let pages = self.pages();
        let sessions = pages.iter().map(|(shard, page)| {
            let done = page.progress.done();
            let (before, starts, stuck) = page.start;
            let is_further = is_last || done.up_to() > before;
            SavedSession {
                shard: *shard,
                id: page.id.clone(),
                url: page.url.clone(),
                done: done.up_to(),
                above: done.above(),
                at: page.away.unwrap_or(millis(now)),
                starts: if is_further { 0 } else { starts },
                stuck: if is_further || starts == 0 {
                    millis(now)
                } else {
                    stuck
                },
            }
        });
        Saved {
            owner: self.owner.clone(),
            sessions: sessions.collect(),
        }
    }

    fn begin(&self, shard: u32, kept: Kept) -> Arc<Progress> {
        let progress = Arc::new(Progress::new(Done::default(), Arc::clone(&self.news)));
        let page = Page {
            id: Some(kept.id),
            url: kept.url,
            progress: Arc::clone(&progress),
            away: None,
            start: (0, 0, 0),
            earlier: None,
        };
        self.pages().insert(shard, page);
        self.change();
        self.news.urgent.notify_one();
        progress
    }

    fn edit(&self, shard: u32, edit: impl FnOnce(&mut Page)) {
        if let Some(page) = self.pages().get_mut(&shard) {
            edit(page);
        }
        self.change();
    }

    fn pages(&self) -> MutexGuard<'_, BTreeMap<u32, Page>> {
        // Nothing under the lock panics halfway.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    fn take_up(
        session: &SavedSession,
        fits: bool,
        has_proxy: bool,
        news: &Arc<News>,
        now: SystemTime,
    ) -> Self {
        let done = session.progress();
        let is_fresh = session.is_fresh(now).and(done.clone().map(drop));
        let is_resumed = fits && session.id.is_some() && is_used(is_fresh, Some(session.shard));
        let url = session.url.as_deref();
        let url = url.and_then(|url| trusted(url, has_proxy));
        let id = session.id.clone().filter(|_| is_resumed);
        let kept = id.clone().map(|id| Kept {
            id,
            sequence: session.done,
            url: url.clone(),
            failures: 0,
        });
        let earlier = Earlier {
            kept,
            sequence: session.done,
            loaded: Instant::now(),
            age: session.age(now),
        };
        let progress = Progress::new(done.unwrap_or_default(), Arc::clone(news));
        Self {
            away: Some(session.at),
            id,
            url,
            progress: Arc::new(progress),
            start: (
                session.done,
                session.starts.saturating_add(1),
                session.stuck,
            ),
            earlier: Some(earlier),
        }
    }
}

/// Returns whether something that was saved is used, and tells why if it is not.
fn is_used(answer: Result<(), Refused>, shard: Option<u32>) -> bool {
    let Err(why) = answer else {
        return true;
    };
    tracing::warn!(shard, %why, "saved sessions are not resumed");
    false
}

/// The session of one shard, for the shard.
#[derive(Debug)]
pub(crate) struct Bookmark {
    ledger: Arc<Ledger>,
    shard: u32,
    progress: Option<Arc<Progress>>,
    earlier: Option<Earlier>,
    /// Whether events of the session are told.
    is_told: bool,
}

impl Bookmark {
    /// Finds the session of a shard.
    pub(crate) fn find(ledger: &Arc<Ledger>, shard: u32) -> Self {
        let mut pages = ledger.pages();
        let page = pages.get_mut(&shard);
        Self {
            ledger: Arc::clone(ledger),
            shard,
            progress: page.as_ref().map(|page| Arc::clone(&page.progress)),
            earlier: page.and_then(|page| page.earlier.take()),
            is_told: false,
        }
    }

    /// Returns the session of an earlier run that nothing has become of yet.
    pub(crate) fn earlier(&self) -> Option<&Earlier> {
        self.earlier.as_ref()
    }

    /// Notes that the session goes on.
    pub(crate) fn go_on(&mut self) {
        if !std::mem::replace(&mut self.is_told, true) {
            self.earlier = None;
            self.ledger.edit(self.shard, |page| page.away = None);
        }
    }

    /// Notes that nothing more is told of the session for now.
    pub(crate) fn leave(&mut self) {
        if std::mem::take(&mut self.is_told) {
            let now = millis(SystemTime::now());
            self.ledger.edit(self.shard, |page| page.away = Some(now));
        }
    }

    /// Notes that a session has begun.
    pub(crate) fn begin(&mut self, kept: Kept) {
        self.earlier = None;
        self.is_told = true;
        self.progress = Some(self.ledger.begin(self.shard, kept));
    }

    /// Notes that the session is lost. Returns it if it is of an earlier run.
    pub(crate) fn lose(&mut self) -> Option<Earlier> {
        self.leave();
        self.progress = None;
        self.ledger.edit(self.shard, |page| page.id = None);
        self.earlier.take()
    }

    /// Notes that an event came. What is returned is to be held until it is done; nothing, if it is.
    pub(crate) fn take(&self, sequence: u64) -> Option<Hold> {
        let Some(progress) = &self.progress else {
            return Some(None);
        };
        let unfinished = progress.take(sequence)?;
        Some(Some(Arc::new(unfinished)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> Owner {
        Owner {
            application: "1".to_owned(),
            intents: 1,
            shards: 1,
            gateway: None,
        }
    }

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000)
    }

    fn kept(id: &str) -> Kept {
        Kept {
            id: id.to_owned(),
            sequence: 0,
            url: Some("wss://gateway.discord.gg".to_owned()),
            failures: 0,
        }
    }

    fn open(saved: Option<Saved>) -> (Arc<Ledger>, Bookmark) {
        let ledger = Arc::new(Ledger::open(owner(), saved, now()));
        let bookmark = Bookmark::find(&ledger, 0);
        (ledger, bookmark)
    }

    /// Returns what a bot saved whose session is one of two events, of which the second is done.
    fn saved() -> Saved {
        let (ledger, mut bookmark) = open(None);
        bookmark.begin(kept("one"));
        let _first = bookmark.take(1);
        drop(bookmark.take(2));
        ledger.saved(now(), false)
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_goes_on_where_it_was_saved() {
        let (ledger, bookmark) = open(Some(saved()));

        let earlier = bookmark.earlier().unwrap();
        let kept = earlier.kept.as_ref().unwrap();
        assert_eq!((kept.id.as_str(), kept.sequence), ("one", 0));
        assert_eq!(kept.url.as_deref(), Some("wss://gateway.discord.gg"));
        drop(bookmark.take(1).unwrap());
        assert!(bookmark.take(2).is_none());
        assert_eq!(ledger.saved(now(), false).sessions[0].done, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn g33_where_it_is_resumed_is_looked_at_again() {
        let mut saved = saved();
        saved.sessions[0].url = Some("wss://gateway.example".to_owned());

        let (_, bookmark) = open(Some(saved));

        assert_eq!(bookmark.earlier().unwrap().kept.as_ref().unwrap().url, None);
    }

    #[tokio::test(start_paused = true)]
    async fn s8_what_ends_the_bot_each_time_it_is_started_is_given_up() {
        for (minutes, most) in [(0, 100), (1, 10)] {
            let mut saved = saved();
            let mut starts = 0;

            while starts < most + 10 {
                let now = now() + Duration::from_secs(60 * minutes * starts);
                let ledger = Arc::new(Ledger::open(owner(), Some(saved), now));
                let bookmark = Bookmark::find(&ledger, 0);
                if bookmark.earlier().unwrap().kept.is_none() {
                    break;
                }
                starts += 1;
                // The first of its events ends it: there is not even time to be cut off.
                std::mem::forget(bookmark.take(1));
                saved = ledger.saved(now, false);
            }

            let expected = if minutes == 0 { most + 10 } else { most };
            assert_eq!(starts, expected, "it may have been in haste");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn s8_a_bot_that_gets_further_or_ends_as_it_should_is_started_for_ever() {
        for is_last in [true, false] {
            let mut saved = saved();
            for sequence in 1..30 {
                let (ledger, bookmark) = open(Some(saved));
                assert!(bookmark.earlier().unwrap().kept.is_some());
                if !is_last {
                    drop(bookmark.take(sequence));
                }
                saved = ledger.saved(now(), is_last);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn i3_a_session_that_was_lost_stays_so_and_since_when() {
        let (ledger, mut bookmark) = open(Some(saved()));
        bookmark.go_on();
        bookmark.lose();
        let lost = ledger.saved(now() + Duration::from_secs(60), false);
        assert_eq!(lost.sessions[0].id, None);

        let (ledger, mut bookmark) = open(Some(lost.clone()));
        assert!(bookmark.earlier().unwrap().kept.is_none());
        let again = ledger.saved(now() + Duration::from_secs(90), false);
        assert_eq!(again.sessions[0].at, lost.sessions[0].at);
        bookmark.begin(kept("two"));

        let session = &ledger.saved(now(), false).sessions[0];
        assert_eq!((session.id.as_deref(), session.done), (Some("two"), 0));
        assert_eq!(session.at, millis(now()));
    }

    #[tokio::test(start_paused = true)]
    async fn since_when_nothing_is_told_is_noted_while_nothing_is() {
        let later = now() + Duration::from_secs(60);
        let at = |ledger: &Ledger| ledger.saved(later, false).sessions[0].at;
        let (ledger, mut bookmark) = open(Some(saved()));

        assert_eq!(at(&ledger), millis(now()));
        bookmark.go_on();
        assert_eq!(at(&ledger), millis(later));
        bookmark.leave();
        let left = at(&ledger);
        bookmark.leave();

        assert!(left > millis(later));
        assert_eq!(at(&ledger), left);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_done_of_a_session_that_is_over_is_not_noted_of_the_next() {
        let (ledger, mut bookmark) = open(None);
        bookmark.begin(kept("one"));
        let first = bookmark.take(1);
        bookmark.lose();
        bookmark.begin(kept("two"));
        let _second = bookmark.take(1);

        drop(first);

        let session = &ledger.saved(now(), false).sessions[0];
        assert_eq!((session.done, session.above.len()), (0, 0));
    }
}
