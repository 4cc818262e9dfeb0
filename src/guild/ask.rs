//! Commands to the gateway that are answered by events.
//!
//! A command goes by one connection, and that may be lost: then nobody knows whether Discord had it. So whoever
//! asks hears of a new connection too, unless the command waits still and goes by that.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout_at};
use twilight_gateway::Command;
use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::context::{Context, NotSent, Outbox, Scene, Watched, Watcher, Watching, written};
use crate::event::{ConnectionEvent, EventKinds, Occurrence};

/// The longest that anybody waits for an answer.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns when a time from now is over.
pub(crate) fn until(time: Duration) -> Instant {
    Instant::now() + time.min(LONGEST)
}

/// Asks a guild's shard something, and hears what is answered.
pub(crate) struct Ask<T> {
    line: Arc<Line>,
    heard: UnboundedReceiver<Heard<T>>,
    _watching: Watching,
}

/// What is heard.
pub(crate) enum Heard<T> {
    Answer(T),
    /// The shard is connected again, and what was asked may be lost.
    Reconnected {
        /// Nothing more comes of what was asked before.
        is_new_session: bool,
    },
}

/// Where the command waits.
struct Line {
    shard: ShardId,
    outbox: Arc<Outbox>,
    /// The command's number, or nought.
    sent: AtomicU64,
}

/// Hears what is meant for who asks.
struct Ear<T, P> {
    line: Arc<Line>,
    pick: P,
    sender: UnboundedSender<Heard<T>>,
    answer: PhantomData<fn() -> T>,
}

impl<T: Send + 'static> Ask<T> {
    /// Begins to listen for answers: what is picked of some events.
    ///
    /// # Errors
    ///
    /// [`NotSent::Closed`] if there is no such shard, and none comes within a time.
    pub(crate) async fn begin(
        ctx: &Context,
        guild: Id<GuildMarker>,
        (kinds, time): (EventKinds, Duration),
        pick: impl Fn(&Arc<Event>) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Self, NotSent> {
        let (shard, outbox) = ctx.home.fleet().shard_of(guild, time).await?;
        let line = Arc::new(Line {
            shard,
            outbox,
            sent: AtomicU64::new(0),
        });
        let (sender, heard) = unbounded_channel();
        let ear = Ear {
            line: Arc::clone(&line),
            pick,
            sender,
            answer: PhantomData,
        };
        let aim = Watched {
            kinds: kinds | EventKinds::CONNECTION,
            is_view: false,
        };
        Ok(Self {
            line,
            heard,
            _watching: ctx.home.watchers().add(aim, Arc::new(ear)),
        })
    }

    /// Sends the command, instead of what was sent before and has not gone.
    pub(crate) fn send(&self, command: &impl Command) -> Result<(), NotSent> {
        let json = written(command)?;
        self.line.withdraw();
        let number = self.line.outbox.put(json)?;
        self.line.sent.store(number, Ordering::Release);
        Ok(())
    }

    /// Waits for what is heard next; nothing once it is too late.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(crate) async fn next(&mut self, until: Instant) -> Option<Heard<T>> {
        // Whoever sends is there as long as this is.
        timeout_at(until, self.heard.recv()).await.ok().flatten()
    }
}

impl<T> Drop for Ask<T> {
    fn drop(&mut self) {
        // Nobody waits for the answer.
        self.line.withdraw();
    }
}

impl Line {
    fn withdraw(&self) {
        self.outbox.withdraw(self.sent.load(Ordering::Acquire));
    }

    /// Returns whether what was sent may be lost, now that the shard is connected again.
    fn may_have_lost(&self) -> bool {
        let sent = self.sent.load(Ordering::Acquire);
        sent > 0 && !self.outbox.holds(sent)
    }
}

impl<T, P> Watcher for Ear<T, P>
where
    T: Send,
    P: Fn(&Arc<Event>) -> Option<T> + Send + Sync,
{
    fn see(&self, scene: &Arc<Scene>) {
        let Some(occurrence) = &scene.occurrence else {
            return;
        };
        if scene.shard.id() != self.line.shard {
            return;
        }
        let heard = match occurrence {
            Occurrence::Connection(event) => {
                let is_new_session = match **event {
                    ConnectionEvent::Ready(_) => true,
                    ConnectionEvent::Resumed(_) => false,
                    _ => return,
                };
                let may_be_lost = self.line.may_have_lost();
                may_be_lost.then_some(Heard::Reconnected { is_new_session })
            }
            occurrence => occurrence.event().and_then(&self.pick).map(Heard::Answer),
        };
        if let Some(heard) = heard {
            // Nobody asks any more if it was too late at the same moment.
            self.sender.send(heard).ok();
        }
    }
}
