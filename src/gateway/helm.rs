//! The threads that drive a shard.
//!
//! The thread that receives events also begins their handlers, since waking another thread takes longer than
//! most handlers do. But a handler may block its thread, and a shard that is not driven sends no heartbeats.
//! So the thread leaves the helm while it begins handlers, and if it does not return soon, another takes
//! over: the connection lives on, and the blocked thread ends once it is released.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use twilight_model::gateway::ShardId;

use crate::dispatch::Fresh;
use crate::failure::Failure;
use crate::handler::{BoxFuture, settled};
use crate::meta::{HandlerKind, Meta};

/// How long whoever is at the helm may be away: this part of the time between two heartbeats, within limits.
/// Another thread looks twice in that time. A look costs next to nothing, but to wake up for it may delay a
/// message that is due on the same processor: the more often, the slower the slowest messages.
const SHARE: u32 = 25;
const LEAST_PATIENCE: Duration = Duration::from_millis(40);
const MOST_PATIENCE: Duration = Duration::from_millis(250);
/// How many are handed over at once at most, where more are at hand: to leave the helm takes time, too.
const BATCH: usize = 16;
/// How many threads may be held up at a time. Then handlers of the shard are begun elsewhere.
const MOST_HELD_UP: u32 = 16;

/// Where a shard has its handlers begun.
#[derive(Clone)]
pub(crate) enum Deck {
    /// Where it runs itself.
    Here,
    /// By the thread that drives it, once that has left the helm.
    Outside(Arc<Outside>),
}

/// What a shard hands to the thread that drives it.
pub(crate) struct Outside {
    /// Where handlers belong.
    home: Handle,
    /// What is to be begun: one after the other, so that it is not held up by one that was.
    fresh: Mutex<VecDeque<Fresh>>,
    /// Whether nothing was at hand before what comes next.
    has_paused: AtomicBool,
    /// How long whoever is at the helm may be away, in milliseconds.
    patience: AtomicU64,
    /// How many threads are held up by handlers.
    held_up: AtomicU32,
}

impl Deck {
    /// Notes how often the shard sends a heartbeat: none may be late because of a handler.
    pub(crate) fn beats_every(&self, interval: Duration) {
        if let Self::Outside(outside) = self {
            let patience = (interval / SHARE).clamp(LEAST_PATIENCE, MOST_PATIENCE);
            outside.patience.store(millis(patience), Ordering::Relaxed);
        }
    }

    /// Has something begun that is soon over, or that waits for nobody: however much there is already.
    pub(crate) fn put(&self, fresh: Fresh) {
        match self {
            Self::Here => fresh.run(),
            Self::Outside(outside) if outside.is_exhausted() => fresh.spawn(&outside.home),
            Self::Outside(outside) => {
                outside.put(fresh);
            }
        }
    }

    /// Has invocations begun.
    ///
    /// # Cancel safety
    ///
    /// They are begun even if this is dropped.
    pub(crate) async fn begin(&self, fresh: Fresh) {
        match self {
            Self::Here => fresh.run(),
            Self::Outside(outside) if outside.is_exhausted() => fresh.spawn(&outside.home),
            Self::Outside(outside) => {
                let is_full = outside.put(fresh) >= BATCH;
                // What comes after a pause is mostly alone, and is begun before more is looked for.
                if !outside.has_paused.swap(false, Ordering::Relaxed) && !is_full {
                    return;
                }
                // Whoever drives this looks whenever it waits, and goes on with it when all are begun.
                poll_fn(|_| {
                    if outside.has_any() {
                        Poll::Pending
                    } else {
                        Poll::Ready(())
                    }
                })
                .await;
            }
        }
    }
}

impl Outside {
    fn new() -> Self {
        Self {
            home: Handle::current(),
            fresh: Mutex::default(),
            has_paused: AtomicBool::new(false),
            patience: AtomicU64::new(millis(LEAST_PATIENCE)),
            held_up: AtomicU32::new(0),
        }
    }

    /// Returns how long whoever is at the helm may be away.
    fn patience(&self) -> Duration {
        Duration::from_millis(self.patience.load(Ordering::Relaxed))
    }

    /// Puts an event to the others, and returns how many there are.
    fn put(&self, fresh: Fresh) -> usize {
        let mut waiting = lock(&self.fresh);
        waiting.push_back(fresh);
        waiting.len()
    }

    fn has_any(&self) -> bool {
        !lock(&self.fresh).is_empty()
    }

    fn pop(&self) -> Option<Fresh> {
        lock(&self.fresh).pop_front()
    }

    /// Puts back what is left of the one that came first.
    fn put_back(&self, left: Fresh) {
        lock(&self.fresh).push_front(left);
    }

    /// Leaves all to tasks.
    fn spawn(&self) {
        while let Some(fresh) = self.pop() {
            fresh.spawn(&self.home);
        }
    }

    /// Returns whether too many threads are held up for others to be.
    fn is_exhausted(&self) -> bool {
        self.held_up.load(Ordering::Relaxed) >= MOST_HELD_UP
    }
}

/// How a shard ended.
type End = Result<(), Failure>;

/// The helm of a shard: one thread at a time is there.
pub(crate) struct Helm {
    shard: ShardId,
    runtime: Runtime,
    drive: Mutex<BoxFuture<'static, End>>,
    outside: Arc<Outside>,
    absence: Absence,
    /// Takes how it ended.
    ended: Mutex<Option<oneshot::Sender<End>>>,
}

impl Helm {
    /// Begins to drive a shard, on a thread of its own. Handlers will run on the runtime that this is called
    /// on. Returns what tells how it ended.
    ///
    /// # Errors
    ///
    /// Why there is no thread for it.
    pub(crate) fn man(
        shard: ShardId,
        drive: impl FnOnce(Deck) -> BoxFuture<'static, End>,
    ) -> io::Result<(Arc<Self>, oneshot::Receiver<End>)> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let outside = Arc::new(Outside::new());
        let drive = drive(Deck::Outside(Arc::clone(&outside)));
        let drive = async {
            let me = Meta::new(HandlerKind::Gateway, "gateway", None);
            settled(&me, drive).await.unwrap_or_else(Err)
        };
        let (sender, ended) = oneshot::channel();
        let helm = Arc::new(Self {
            shard,
            runtime,
            drive: Mutex::new(Box::pin(drive)),
            outside,
            absence: Absence::new(),
            ended: Mutex::new(Some(sender)),
        });
        helm.send_somebody(|helm| helm.steer(0))?;
        Ok((helm, ended))
    }

    /// Sends a thread to the helm.
    fn send_somebody(self: &Arc<Self>, deed: fn(&Self)) -> io::Result<()> {
        let helm = Arc::clone(self);
        let name = format!("shard {}", self.shard.number());
        let thread = thread::Builder::new().name(name);
        thread.spawn(move || deed(&helm)).map(drop)
    }

    /// Drives the shard, and begins what it brings, until it has ended or somebody else is at the helm.
    fn steer(&self, turn: u32) {
        loop {
            if !self.begin_all(turn) {
                self.outside.held_up.fetch_sub(1, Ordering::Relaxed);
                return;
            }
            if let Some(end) = self.drive() {
                // What came last is handled, too; and nobody takes over any more.
                self.outside.spawn();
                self.tell(end);
                return;
            }
        }
    }

    /// Begins what the shard brought. Returns whether nobody has taken over meanwhile.
    fn begin_all(&self, turn: u32) -> bool {
        if !self.outside.has_any() {
            return true;
        }
        let _home = self.outside.home.enter();
        self.absence.begin(turn);
        while let Some(fresh) = self.outside.pop() {
            let (unrun, left) = fresh.split();
            if let Some(left) = left {
                self.outside.put_back(left);
            }
            if let Some(unrun) = unrun {
                unrun.run();
            }
            if !self.absence.is_of(turn) {
                return false;
            }
        }
        self.absence.end(turn)
    }

    /// Drives the shard until it has brought something, and no more is at hand. Returns how it ended, if it
    /// has.
    fn drive(&self) -> Option<End> {
        let mut drive = lock(&self.drive);
        self.runtime
            .block_on(poll_fn(|task| match drive.as_mut().poll(task) {
                Poll::Ready(end) => Poll::Ready(Some(end)),
                Poll::Pending if self.outside.has_any() => Poll::Ready(None),
                Poll::Pending => {
                    self.outside.has_paused.store(true, Ordering::Relaxed);
                    Poll::Pending
                }
            }))
    }

    fn tell(&self, end: End) {
        if let Some(ended) = lock(&self.ended).take() {
            // Nobody waits any more if the bot was dropped.
            drop(ended.send(end));
        }
    }

    /// Takes over, if whoever was at the helm is still away.
    fn relieve(&self) {
        let Some(turn) = self.absence.take_over(self.outside.patience()) else {
            return;
        };
        self.outside.held_up.fetch_add(1, Ordering::Relaxed);
        self.warn();
        self.steer(turn);
    }

    /// Says so in the log, on a thread of its own: it may be the log that holds the handler up.
    fn warn(&self) {
        let shard = self.shard;
        let warn = move || {
            tracing::warn!(%shard, "a handler blocks its thread: another thread drives the shard");
        };
        // Where there is no thread for it, there is more to be told than that.
        drop(thread::Builder::new().name("log".to_owned()).spawn(warn));
    }

    /// Sends another to the helm, if whoever was there has been away for long.
    fn look(self: &Arc<Self>) {
        if self.absence.is_longer_than(self.outside.patience())
            && let Err(error) = self.send_somebody(Self::relieve)
        {
            tracing::error!(
                shard = %self.shard,
                %error,
                "a handler blocks the shard, and no other thread could take over"
            );
        }
    }
}

/// Looks after helms, on a thread of its own, for as long as there are any.
///
/// # Errors
///
/// Why there is no thread for it.
pub(crate) fn look_after(mut helms: Vec<Weak<Helm>>) -> io::Result<()> {
    let look_on = move || {
        let mut patience = LEAST_PATIENCE;
        while !helms.is_empty() {
            thread::sleep(patience / 2);
            patience = MOST_PATIENCE;
            helms.retain(|helm| {
                let Some(helm) = helm.upgrade() else {
                    return false;
                };
                helm.look();
                patience = patience.min(helm.outside.patience());
                true
            });
        }
    };
    let thread = thread::Builder::new().name("shards".to_owned());
    thread.spawn(look_on).map(drop)
}

/// Whether whoever is at the helm has left it, and since when.
struct Absence {
    /// Whose turn it is, and since when they are away in milliseconds; nought if they are not.
    state: AtomicU64,
    /// By the system's clock, whatever time handlers go by.
    origin: std::time::Instant,
}

impl Absence {
    /// How many bits of the state say since when.
    const TIME: u32 = 40;

    fn new() -> Self {
        Self {
            state: AtomicU64::new(0),
            origin: std::time::Instant::now(),
        }
    }

    fn now(&self) -> u64 {
        millis(self.origin.elapsed()).clamp(1, (1 << Self::TIME) - 1)
    }

    fn turn(state: u64) -> u32 {
        u32::try_from(state >> Self::TIME).unwrap_or(u32::MAX)
    }

    fn present(turn: u32) -> u64 {
        u64::from(turn) << Self::TIME
    }

    fn begin(&self, turn: u32) {
        let state = Self::present(turn) | self.now();
        self.state.store(state, Ordering::Release);
    }

    /// Returns whether nobody has taken over.
    fn is_of(&self, turn: u32) -> bool {
        Self::turn(self.state.load(Ordering::Acquire)) == turn
    }

    /// Returns whether nobody has taken over.
    fn end(&self, turn: u32) -> bool {
        let state = self.state.load(Ordering::Acquire);
        Self::turn(state) == turn && self.replace(state, turn)
    }

    fn is_longer_than(&self, patience: Duration) -> bool {
        self.longer_than(patience).is_some()
    }

    /// Takes over. Returns whose turn it is now, if somebody had been away for longer than that.
    fn take_over(&self, patience: Duration) -> Option<u32> {
        let state = self.longer_than(patience)?;
        let turn = Self::turn(state) + 1;
        self.replace(state, turn).then_some(turn)
    }

    /// Returns the state, if it is one of a longer absence than that.
    fn longer_than(&self, patience: Duration) -> Option<u64> {
        let state = self.state.load(Ordering::Acquire);
        let since = state & ((1 << Self::TIME) - 1);
        let away = Duration::from_millis(self.now().saturating_sub(since));
        (since > 0 && away > patience).then_some(state)
    }

    fn replace(&self, state: u64, turn: u32) -> bool {
        let present = Self::present(turn);
        let replaced =
            self.state
                .compare_exchange(state, present, Ordering::AcqRel, Ordering::Relaxed);
        replaced.is_ok()
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Nothing under these locks is changed halfway by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
