//! Deleting the messages of a channel that a function picks.

use std::fmt;
use std::time::Duration;

use twilight_http::request::AuditLogReason;
use twilight_model::channel::Message;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::channel::History;
use crate::exception::{HttpError, UnknownMessage};
use crate::failure::{Failure, Result};

/// The most messages that Discord deletes at once. (Discord: Message, Bulk Delete Messages.)
const MOST_AT_ONCE: usize = 100;
/// The largest age of a message that is deleted with others: two weeks, less a minute because clocks differ
/// and requests take time. (Discord: Message, Bulk Delete Messages.)
const OLD: Duration = Duration::from_secs(14 * 24 * 60 * 60 - 60);
/// Discord's error for a message that nobody can delete. (Discord: Opcodes and Status Codes, JSON Error
/// Codes.)
const OF_SYSTEM: u64 = 50021;

/// A deletion of messages, to be [run](Self::run).
///
/// Created by [`History::delete`].
#[must_use = "nothing is deleted until it runs"]
pub struct Deletion<P> {
    history: History,
    picks: P,
    reason: Option<String>,
    takes_old: bool,
}

/// The result of a [`Deletion`].
#[derive(Clone, Debug, Default)]
#[must_use = "some messages may not have been deleted"]
pub struct Purged {
    deleted: Vec<Id<MessageMarker>>,
    left: Vec<(Id<MessageMarker>, Left)>,
}

/// Why a message was not deleted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Left {
    /// It is older than two weeks, and so must be deleted by itself: see [`Deletion::old_too`].
    Old,
    /// It is one of Discord's own messages that nobody can delete.
    System,
    /// Discord refused, or could not be reached.
    ///
    /// After such a failure the deletion stopped.
    Failed(Failure),
}

impl History {
    /// Picks messages of this history to delete, when the deletion [runs](Deletion::run).
    ///
    /// The whole history is read before anything is deleted, so set a [`limit`](Self::limit) or the point
    /// that it reads [`after`](Self::after).
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// /// Delete what bots wrote lately.
    /// #[command(user_permissions = MANAGE_MESSAGES, bot_permissions = MANAGE_MESSAGES)]
    /// async fn tidy(ctx: &CommandContext, channel: ChannelId) -> Result<()> {
    ///     let of_bots = ctx.history(channel.0).limit(200).delete(|message| message.author.bot);
    ///     let deleted = of_bots.reason("tidied up").run().await?;
    ///     let (gone, left) = (deleted.deleted().len(), deleted.left().len());
    ///     ctx.reply(format!("{gone} deleted, {left} left")).await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn delete<P: FnMut(&Message) -> bool + Send>(self, picks: P) -> Deletion<P> {
        Deletion {
            history: self,
            picks,
            reason: None,
            takes_old: false,
        }
    }
}

impl<P: FnMut(&Message) -> bool + Send> Deletion<P> {
    /// Sets the reason in the guild's audit log, of at most 512 characters.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Also deletes messages that are older than two weeks.
    ///
    /// They are deleted one by one, which takes long: Discord deletes few of them in a minute.
    pub fn old_too(mut self) -> Self {
        self.takes_old = true;
        self
    }

    /// Deletes the messages: up to 100 at once, and old ones one by one.
    ///
    /// A message that is already gone counts as deleted. If the function that picks panics, nothing has
    /// been deleted.
    ///
    /// # Errors
    ///
    /// A failure of reading the history, or of the first deletion, such as
    /// [`MissingPermissions`](crate::exception::MissingPermissions). If some messages were deleted before,
    /// a failure is no error: [`Purged::left`] has the messages that were left.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future, what was deleted is gone, and the rest stays.
    pub async fn run(self) -> Result<Purged> {
        let Self {
            mut history,
            mut picks,
            reason,
            takes_old,
        } = self;
        let (mut picked, mut ended) = (Vec::new(), Purged::default());
        while let Some(message) = history.next().await {
            let message = message?;
            if !picks(&message) {
                continue;
            }
            if message.kind.deletable() {
                picked.push(message.id);
            } else {
                ended.left.push((message.id, Left::System));
            }
        }
        drop(picks);
        let mut work = Work {
            history,
            reason,
            ended,
        };
        let failed = work.delete(picked, takes_old).await;
        match failed {
            Some(failure) if work.ended.deleted.is_empty() => Err(failure.at(work.history.place)),
            _ => Ok(work.ended),
        }
    }
}

/// A deletion in progress.
struct Work {
    history: History,
    reason: Option<String>,
    ended: Purged,
}

impl Work {
    /// Deletes messages as far as possible. Returns the failure that ended it.
    async fn delete(&mut self, picked: Vec<Id<MessageMarker>>, takes_old: bool) -> Option<Failure> {
        let mut old = Vec::new();
        let mut rest = picked.as_slice();
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rest.len().min(MOST_AT_ONCE));
            rest = after;
            // Messages age while others are deleted.
            let chunk = chunk.iter().copied();
            let (young, grown): (Vec<_>, Vec<_>) = chunk.partition(|id| !self.is_old(*id));
            old.extend(grown);
            if let Err(failure) = self.delete_young(&young).await {
                let left = young.into_iter().chain(old).chain(rest.iter().copied());
                return Some(self.leave(left, failure));
            }
        }
        if !takes_old {
            let left = old.into_iter().map(|id| (id, Left::Old));
            self.ended.left.extend(left);
            return None;
        }
        for (index, id) in old.iter().enumerate() {
            if let Err(failure) = self.delete_one(*id).await {
                return Some(self.leave(old[index..].iter().copied(), failure));
            }
        }
        None
    }

    /// Deletes messages of less than two weeks, a hundred at most.
    async fn delete_young(&mut self, young: &[Id<MessageMarker>]) -> Result<()> {
        match young {
            [] => Ok(()),
            [one] => self.delete_one(*one).await,
            many => {
                let History { http, channel, .. } = &self.history;
                let mut deletion = http.client().delete_messages(*channel, many);
                if let Some(reason) = &self.reason {
                    deletion = deletion.reason(reason);
                }
                http.tell(deletion).await?;
                self.ended.deleted.extend(many);
                Ok(())
            }
        }
    }

    /// Deletes a message by itself. One that nobody can delete does not stop the others.
    async fn delete_one(&mut self, id: Id<MessageMarker>) -> Result<()> {
        let History { http, channel, .. } = &self.history;
        let mut deletion = http.client().delete_message(*channel, id);
        if let Some(reason) = &self.reason {
            deletion = deletion.reason(reason);
        }
        match http.tell(deletion).await {
            Err(failure) if is_of_system(&failure) => self.ended.left.push((id, Left::System)),
            Err(failure) if !failure.is::<UnknownMessage>() => return Err(failure),
            _ => self.ended.deleted.push(id),
        }
        Ok(())
    }

    fn is_old(&self, id: Id<MessageMarker>) -> bool {
        self.history.http.full_age(id.get()) > OLD
    }

    /// Leaves messages because of a failure, which it returns.
    fn leave(
        &mut self,
        left: impl Iterator<Item = Id<MessageMarker>>,
        failure: Failure,
    ) -> Failure {
        let left = left.map(|id| (id, Left::Failed(failure.clone())));
        self.ended.left.extend(left);
        failure
    }
}

fn is_of_system(failure: &Failure) -> bool {
    let code = failure.find::<HttpError>().and_then(HttpError::code);
    code.is_some_and(|code| *code == OF_SYSTEM)
}

impl Purged {
    /// Returns the deleted messages, in the order of their deletion.
    #[must_use]
    pub fn deleted(&self) -> &[Id<MessageMarker>] {
        &self.deleted
    }

    /// Returns the messages that were picked and not deleted, and why.
    #[must_use]
    pub fn left(&self) -> &[(Id<MessageMarker>, Left)] {
        &self.left
    }
}

impl<P> fmt::Debug for Deletion<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deletion")
            .field("history", &self.history)
            .field("takes_old", &self.takes_old)
            .finish_non_exhaustive()
    }
}
