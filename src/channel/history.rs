//! Reading the messages of a channel, page by page.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream};
use twilight_model::channel::Message;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};
use twilight_model::util::Timestamp;

use crate::context::Context;
use crate::failure::Result;
use crate::http::Http;
use crate::meta::Place;
use crate::snowflake::first_id;

/// The most messages that Discord returns at once. (Discord: Message, Get Channel Messages.)
const PAGE: usize = 100;

/// A point in the history of a channel: a message or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    id: u64,
    /// Whether it is a message, rather than a point between messages.
    is_message: bool,
}

impl From<Id<MessageMarker>> for Point {
    fn from(id: Id<MessageMarker>) -> Self {
        Self {
            id: id.get(),
            is_message: true,
        }
    }
}

impl From<&Message> for Point {
    fn from(message: &Message) -> Self {
        message.id.into()
    }
}

impl From<SystemTime> for Point {
    fn from(time: SystemTime) -> Self {
        let first: Id<MessageMarker> = first_id(time);
        Self {
            id: first.get(),
            is_message: false,
        }
    }
}

impl From<Timestamp> for Point {
    fn from(time: Timestamp) -> Self {
        let micros = u64::try_from(time.as_micros()).unwrap_or(0);
        Self::from(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
    }
}

/// The messages of a channel, as a stream.
///
/// It requests pages of 100 as they are needed. The newest message comes first, unless you use
/// [`oldest_first`](Self::oldest_first).
///
/// By default it reads the whole channel, so set a [`limit`](Self::limit) or the point that it reads
/// [`after`](Self::after). A failure is an item, and the last one; after the end nothing more is requested.
/// Without the permission to read the history, Discord returns no messages and no error.
///
/// Created by [`Context::history`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::prelude::*;
///
/// /// Count what was written in the last hour.
/// #[command]
/// async fn busy(ctx: &CommandContext, channel: ChannelId) -> Result<()> {
///     let hour_ago = ctx.now() - Duration::from_secs(3_600);
///     let mut history = ctx.history(channel.0).after(hour_ago);
///     let mut count = 0;
///     while let Some(message) = history.next().await {
///         count += usize::from(!message?.author.bot);
///     }
///     ctx.reply(format!("{count} messages")).await?;
///     Ok(())
/// }
/// ```
#[must_use = "nothing is requested until it is read"]
pub struct History {
    pub(crate) http: Http,
    pub(crate) channel: Id<ChannelMarker>,
    /// The author's call.
    pub(crate) place: Place,
    is_oldest_first: bool,
    /// Bounds: ids must be smaller than this and larger than the next.
    before: u64,
    after: u64,
    around: Option<u64>,
    /// How many more to return.
    wanted: usize,
    /// The messages that were requested and not taken yet.
    page: VecDeque<Message>,
    asking: Option<Asking>,
    is_over: bool,
}

/// A page that is being requested.
struct Asking {
    count: usize,
    page: BoxFuture<'static, Result<Vec<Message>>>,
}

impl Context {
    /// Reads the messages of a channel, as they are needed.
    #[track_caller]
    pub fn history(&self, channel: Id<ChannelMarker>) -> History {
        History {
            http: self.scene.http.clone(),
            channel,
            place: Place::caller(),
            is_oldest_first: false,
            before: u64::MAX,
            after: 0,
            around: None,
            wanted: usize::MAX,
            page: VecDeque::new(),
            asking: None,
            is_over: false,
        }
    }
}

impl History {
    /// Starts with the oldest message of the channel, or [after](Self::after) a point.
    pub fn oldest_first(mut self) -> Self {
        self.is_oldest_first = true;
        self
    }

    /// Reads only messages before a message or a time.
    ///
    /// The message itself, or messages of exactly that time, are left out.
    pub fn before(mut self, point: impl Into<Point>) -> Self {
        self.before = point.into().id;
        self
    }

    /// Reads only messages after a message or a time.
    ///
    /// The message itself is left out; messages of exactly that time are included.
    pub fn after(mut self, point: impl Into<Point>) -> Self {
        let Point { id, is_message } = point.into();
        self.after = if is_message { id } else { id - 1 };
        self
    }

    /// Reads the messages around a message or a time: at most 100, half of them before and half after.
    ///
    /// The message itself is among them.
    pub fn around(mut self, point: impl Into<Point>) -> Self {
        self.around = Some(point.into().id);
        self
    }

    /// Limits how many messages are read.
    pub fn limit(mut self, messages: usize) -> Self {
        self.wanted = messages;
        self
    }

    /// Returns the next message, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Any failure of [`channel_messages`](twilight_http::Client::channel_messages), such as
    /// [`UnknownChannel`](crate::exception::UnknownChannel), which ends the stream.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the request for a page goes on when you next call it.
    pub async fn next(&mut self) -> Option<Result<Message>> {
        poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }

    /// Reads all messages.
    ///
    /// # Errors
    ///
    /// The failure of [`next`](Self::next).
    pub async fn read(mut self) -> Result<Vec<Message>> {
        let mut messages = Vec::new();
        while let Some(message) = self.next().await {
            messages.push(message?);
        }
        Ok(messages)
    }

    /// Requests the next page.
    fn ask(&self) -> Asking {
        let count = self.wanted.min(PAGE);
        let (http, channel) = (self.http.clone(), self.channel);
        let (around, is_oldest_first) = (self.around, self.is_oldest_first);
        let (before, after) = (self.before, self.after);
        let page = async move {
            let limit = u16::try_from(count).unwrap_or(u16::MAX);
            let all = http.client().channel_messages(channel).limit(limit);
            // Discord takes only one of these.
            if let Some(around) = around {
                http.ask(all.around(Id::new(around))).await
            } else if is_oldest_first {
                http.ask(all.after(Id::new(after.max(1)))).await
            } else if before == u64::MAX {
                http.ask(all).await
            } else {
                http.ask(all.before(Id::new(before))).await
            }
        };
        Asking {
            count,
            page: page.boxed(),
        }
    }

    /// Adds the messages of a page.
    fn turn(&mut self, mut page: Vec<Message>, asked: usize) {
        let is_last = page.len() < asked;
        let all = page.len();
        let bounds = self.after.saturating_add(1)..self.before;
        page.retain(|message| bounds.contains(&message.id.get()));
        page.sort_by_key(|message| message.id);
        if !self.is_oldest_first {
            page.reverse();
        }
        // Messages out of bounds are beyond the other end: there are no more.
        self.is_over = is_last || page.len() < all || self.around.is_some();
        if let Some(last) = page.last() {
            let reached = if self.is_oldest_first {
                &mut self.after
            } else {
                &mut self.before
            };
            *reached = last.id.get();
        }
        self.page = page.into();
    }
}

impl Stream for History {
    type Item = Result<Message>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.wanted == 0 {
                return Poll::Ready(None);
            }
            if let Some(message) = self.page.pop_front() {
                self.wanted -= 1;
                return Poll::Ready(Some(Ok(message)));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            let mut asking = self.asking.take().unwrap_or_else(|| self.ask());
            let Poll::Ready(page) = asking.page.poll_unpin(task) else {
                self.asking = Some(asking);
                return Poll::Pending;
            };
            match page {
                Ok(page) => self.turn(page, asking.count),
                Err(failure) => {
                    self.is_over = true;
                    return Poll::Ready(Some(Err(failure.at(self.place))));
                }
            }
        }
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History")
            .field("channel", &self.channel)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
