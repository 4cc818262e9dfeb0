//! Commands to the gateway that events answer.
//!
//! A command goes over one connection. If that is lost, nobody knows whether Discord received the command.
//! So whoever asks is also told of a new connection, unless the command is still queued and will go over
//! that.

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

/// Returns the time after a duration.
pub(crate) fn until(time: Duration) -> Instant {
    Instant::now() + time.min(LONGEST)
}

/// A request to a guild's shard, and its answers.
pub(crate) struct Ask<T> {
    line: Arc<Line>,
    heard: UnboundedReceiver<Heard<T>>,
    _watching: Watching,
}

/// What comes in reply.
pub(crate) enum Heard<T> {
    Answer(T),
    /// The shard is connected again, and the request may be lost.
    Reconnected {
        /// Whether nothing more will come in reply to the earlier request.
        is_new_session: bool,
    },
}

/// The queue of the command.
struct Line {
    shard: ShardId,
    outbox: Arc<Outbox>,
    /// The command's number, or zero.
    sent: AtomicU64,
}

/// Picks the events that answer a request.
struct Ear<T, P> {
    line: Arc<Line>,
    pick: P,
    sender: UnboundedSender<Heard<T>>,
    answer: PhantomData<fn() -> T>,
}

impl<T: Send + 'static> Ask<T> {
    /// Begins to listen for answers, as picked from events.
    ///
    /// # Errors
    ///
    /// [`NotSent::Closed`] if there is no such shard, and none appears in time.
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

    /// Sends the command, replacing an earlier one that is still queued.
    pub(crate) fn send(&self, command: &impl Command) -> Result<(), NotSent> {
        let json = written(command)?;
        self.line.withdraw();
        let number = self.line.outbox.put(json)?;
        self.line.sent.store(number, Ordering::Release);
        Ok(())
    }

    /// Waits for the next reply, or returns `None` after a time.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub(crate) async fn next(&mut self, until: Instant) -> Option<Heard<T>> {
        // The sender lives as long as this.
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

    /// Returns whether the request may be lost, now that the shard is connected again.
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
            // Nobody listens any more if the time was over at the same moment.
            self.sender.send(heard).ok();
        }
    }
}
