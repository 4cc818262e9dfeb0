//! The transcript: what happened from the first event to the last, to read and to assert on.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::EventType;

use crate::outcome::{Invocation, Outcome, Report, Resolution};
use crate::testing::world::Id;

/// One thing that happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Happening {
    /// Somebody wrote a message.
    Said {
        /// Their name.
        by: String,
        /// What they wrote.
        content: String,
    },
    /// The bot sent a message.
    Sent {
        /// The channel.
        channel: Id,
        /// What it wrote.
        content: String,
        /// The name of the only person who sees it, if it is ephemeral.
        only_for: Option<String>,
    },
    /// Somebody used a command.
    Ran {
        /// Their name.
        by: String,
        /// The command, as they typed it or as the menu names it.
        command: String,
    },
    /// Somebody used a component.
    Used {
        /// Their name.
        by: String,
        /// The component's custom id.
        custom_id: String,
    },
    /// The bot showed somebody a modal.
    Showed {
        /// Their name.
        to: String,
        /// The title of the modal.
        title: String,
        /// The names of its fields.
        fields: Vec<String>,
    },
    /// Somebody filled in a modal.
    Submitted {
        /// Their name.
        by: String,
        /// The title of the modal.
        title: String,
    },
    /// Somebody, or the bot, edited a message.
    Edited {
        /// The author's name.
        by: String,
        /// Its new text.
        content: String,
    },
    /// Somebody, or the bot, deleted a message.
    Deleted {
        /// Its text.
        content: String,
    },
    /// Somebody, or the bot, reacted to a message.
    Reacted {
        /// Their name.
        by: String,
        /// The emoji.
        emoji: String,
    },
    /// A reaction was removed, by whomever.
    Unreacted {
        /// The name of the person who had reacted.
        by: String,
        /// The emoji.
        emoji: String,
    },
    /// Somebody, or the bot, started typing.
    Typed {
        /// Their name.
        by: String,
    },
    /// Somebody joined the guild.
    Joined {
        /// Their name.
        who: String,
    },
    /// Somebody left the guild, or was removed from it.
    Left {
        /// Their name.
        who: String,
    },
    /// An event was sent to the bot.
    Event {
        /// The shard that it was sent to.
        shard: ShardId,
        /// Its number in the session.
        sequence: u64,
        /// Its name, such as `MESSAGE_CREATE`.
        name: String,
    },
    /// The bot made a request to the HTTP interface.
    Request {
        /// The method.
        method: String,
        /// The path, without the version.
        path: String,
        /// The status of the answer.
        status: u16,
    },
    /// The bot shed an event: no handler ran for it.
    Shed {
        /// The shard that it came over.
        shard: ShardId,
        /// Its number in the session.
        sequence: u64,
        /// Its type, if twilight can read it.
        event: Option<EventType>,
    },
    /// A handler ended.
    Finished(Arc<Invocation>),
    /// A failure was settled.
    Reported(Arc<Report>),
}

/// The record of everything that happened on a [`Simulator`](crate::testing::Simulator).
///
/// Its assertions print all of it when they fail.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    pub(crate) happened: Vec<Happening>,
    /// When each of `happened` did.
    pub(crate) times: Vec<Duration>,
}

impl Transcript {
    /// Returns everything that happened, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Happening> {
        self.happened.iter()
    }

    /// Returns everything that happened, in order, each with its time since the simulator started.
    ///
    /// The time is by tokio's clock.
    pub fn timed(&self) -> impl Iterator<Item = (Duration, &Happening)> {
        self.times.iter().copied().zip(&self.happened)
    }

    /// Returns the texts of the messages that the bot sent, in order.
    #[must_use]
    pub fn replies(&self) -> Vec<&str> {
        let written = self
            .happened
            .iter()
            .filter_map(|happening| match happening {
                Happening::Sent { content, .. } => Some(content.as_str()),
                _ => None,
            });
        written.collect()
    }

    /// Returns the names of the events that were sent to the bot, in order.
    #[must_use]
    pub fn events(&self) -> Vec<&str> {
        let sent = self
            .happened
            .iter()
            .filter_map(|happening| match happening {
                Happening::Event { name, .. } => Some(name.as_str()),
                _ => None,
            });
        sent.collect()
    }

    /// Returns the types of the events that the bot shed, in order.
    #[must_use]
    pub fn shed(&self) -> Vec<Option<EventType>> {
        let shed = self.iter().filter_map(|happening| match happening {
            Happening::Shed { event, .. } => Some(*event),
            _ => None,
        });
        shed.collect()
    }

    /// Returns the invocations of a handler, in the order they ended.
    #[must_use]
    pub fn invocations(&self, handler: &str) -> Vec<&Invocation> {
        let of_handler = self
            .happened
            .iter()
            .filter_map(|happening| match happening {
                Happening::Finished(ended) if ended.handler.name() == handler => Some(&**ended),
                _ => None,
            });
        of_handler.collect()
    }

    /// Returns the report of each failure, in the order they were settled.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.happened
            .iter()
            .filter_map(|happening| match happening {
                Happening::Reported(report) => Some(&**report),
                _ => None,
            })
    }

    /// Returns how the last invocation of a handler ended.
    ///
    /// # Panics
    ///
    /// Panics if the handler did not run.
    #[track_caller]
    pub fn outcome(&self, handler: &str) -> &Outcome {
        match self.invocations(handler).last() {
            Some(invocation) => &invocation.outcome,
            None => panic!("`{handler}` did not run\n{self}"),
        }
    }

    /// Asserts that a handler succeeded the last time it ran.
    ///
    /// # Panics
    ///
    /// Panics if it did not.
    #[track_caller]
    pub fn assert_completed(&self, handler: &str) {
        let outcome = self.outcome(handler);
        assert!(outcome.is_completed(), "`{handler}` {outcome}\n{self}");
    }

    /// Asserts that a handler failed, and that a given error handler handled its last failure.
    ///
    /// # Panics
    ///
    /// Panics if it always succeeded, or if another error handler, or none, handled the failure.
    #[track_caller]
    pub fn assert_handled_by(&self, handler: &str, expected: &str) {
        match self.last_failed(handler) {
            Outcome::Handled { by } if by.name() == expected => {}
            outcome => panic!("`{handler}` {outcome}, not handled by `{expected}`\n{self}"),
        }
    }

    /// Asserts that a handler failed, and that no error handler handled its last failure.
    ///
    /// # Panics
    ///
    /// Panics if it always succeeded, or if an error handler handled the failure.
    #[track_caller]
    pub fn assert_unhandled(&self, handler: &str) {
        let outcome = self.last_failed(handler);
        assert!(outcome.is_unhandled(), "`{handler}` {outcome}\n{self}");
    }

    #[track_caller]
    fn last_failed(&self, handler: &str) -> &Outcome {
        let invocations = self.invocations(handler).into_iter();
        let mut failed = invocations.rev().map(|invocation| &invocation.outcome);
        match failed.find(|outcome| !outcome.is_completed()) {
            Some(outcome) => outcome,
            None => panic!("`{handler}` did not fail\n{self}"),
        }
    }

    /// Asserts that a handler never ran.
    ///
    /// # Panics
    ///
    /// Panics if it did.
    #[track_caller]
    pub fn assert_not_run(&self, handler: &str) {
        let runs = self.invocations(handler).len();
        assert!(runs == 0, "`{handler}` ran {runs} times\n{self}");
    }

    /// Asserts which messages the bot sent: their texts, in order.
    ///
    /// # Panics
    ///
    /// Panics if it sent anything else.
    #[track_caller]
    pub fn assert_replies(&self, expected: &[&str]) {
        assert!(
            self.replies() == expected,
            "the bot wrote {:?}, not {expected:?}\n{self}",
            self.replies()
        );
    }

    /// Asserts that each failure was handled, or made the handler run again.
    ///
    /// # Panics
    ///
    /// Panics if one was not.
    #[track_caller]
    pub fn assert_all_handled(&self) {
        let is_open = |report: &&Report| {
            matches!(
                report.resolution,
                Resolution::Unhandled | Resolution::LastResort
            )
        };
        if let Some(report) = self.reports().find(is_open) {
            panic!("a failure was not handled:\n{report}\n{self}");
        }
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what happened:")?;
        self.happened
            .iter()
            .try_for_each(|happening| write!(f, "\n{happening}"))
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said { by, content } => write!(f, "  {by} said: {content}"),
            Self::Sent {
                content,
                only_for: Some(name),
                ..
            } => write!(f, "  the bot said to {name} alone: {content}"),
            Self::Sent { content, .. } => write!(f, "  the bot said: {content}"),
            Self::Ran { by, command } => write!(f, "  {by} ran: {command}"),
            Self::Used { by, custom_id } => write!(f, "  {by} used `{custom_id}`"),
            Self::Showed { to, title, .. } => write!(f, "  the bot showed {to} a modal: {title}"),
            Self::Submitted { by, title } => write!(f, "  {by} submitted: {title}"),
            Self::Edited { by, content } => write!(f, "  {by} changed a message to: {content}"),
            Self::Deleted { content } => write!(f, "  deleted: {content}"),
            Self::Reacted { by, emoji } => write!(f, "  {by} reacted: {emoji}"),
            Self::Unreacted { by, emoji } => write!(f, "  {by} no longer reacts: {emoji}"),
            Self::Typed { by } => write!(f, "  {by} typed"),
            Self::Joined { who } => write!(f, "  {who} joined"),
            Self::Left { who } => write!(f, "  {who} left"),
            Self::Event {
                shard,
                sequence,
                name,
            } => write!(f, "  {name} ({shard} #{sequence})"),
            Self::Request {
                method,
                path,
                status,
            } => write!(f, "  {method} {path} => {status}"),
            Self::Shed {
                shard,
                sequence,
                event,
            } => write!(f, "  shed: {event:?} ({shard} #{sequence})"),
            Self::Finished(ended) => write!(f, "  `{}` {}", ended.handler, ended.outcome),
            Self::Reported(report) => {
                let report = report.to_string().replace('\n', "\n  ");
                write!(f, "  {report}")
            }
        }
    }
}
