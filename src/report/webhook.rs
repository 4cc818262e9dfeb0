//! Posting failures to a webhook: few posts, however many failures there are.
//!
//! The error handler only notes what failed. A task posts it, one message in a while at most, so a storm of
//! failures is none of posts; and what fails in that goes to the log, where it meets no error handler that
//! would post it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::channel::message::AllowedMentions;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::WebhookMarker;

use crate::bot::{Handlers, IntoHandlers};
use crate::context::Context;
use crate::error::{ErrorContext, ErrorHandler, ErrorHandlerFn, Flow};
use crate::exception::UserFacing;
use crate::extract::Requirements;
use crate::failure::{Failure, Result};
use crate::handler::{BoxFuture, TaskFn};
use crate::report::NoWebhook;
use crate::report::address::Address;
use crate::report::embed::{MOST, embeds};
use crate::report::ledger::{Entry, Kind, Ledger};
use crate::task::Task;

/// How far apart posts are, unless something else is said.
const APART: Duration = Duration::from_secs(10);
/// How long nothing is told of what is like what was told, unless something else is said.
const QUIET: Duration = Duration::from_secs(10 * 60);
/// How many posts there are as the bot stops.
const MOST_AT_THE_END: usize = 5;
/// How long is waited at most after posts that failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// Posts failures to a webhook of Discord's, for whoever looks after the bot: `add` it to a bot, or to a plugin.
///
/// It is an error handler for every failure that nobody more specific handled at its level. It handles none:
/// others are asked after it, and the log has what it has.
///
/// - A post says which handler failed, with the [code](Failure::code) of the error, its place, and the number that
///   the log has it under. It has no text of the error, which may hold what people wrote.
/// - Failures of the same handler, with the same code and place, are one: with how often it happened. They are
///   told again after ten minutes, or what [`quiet`](Self::quiet) says.
/// - There is one post in ten seconds at most, or in what [`every`](Self::every) says, with ten failures in it at
///   most. The others wait. 200 are told apart, and the rest is counted.
/// - What a person was told in the error's own words, since it is
///   [`UserFacing`], is no failure to be posted. Nor is what a handler failed with over one of the posts.
/// - As the bot stops, what is left is posted within its [grace](crate::BotBuilder::grace). Add it first: what is
///   added first is the last to stop.
/// - Where posting fails, it is tried again, less and less often. The log is told.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::report::WebhookReport;
///
/// fn bot(webhook: &str) -> Result<BotBuilder> {
///     Ok(Bot::builder().add(WebhookReport::new(webhook)?))
/// }
///
/// assert!(bot("https://discord.com/api/webhooks/1/token").is_ok());
/// ```
#[must_use = "nothing is posted until it is added to a bot"]
pub struct WebhookReport {
    address: Address,
    every: Duration,
    quiet: Duration,
}

impl WebhookReport {
    /// Takes the address of a webhook, as Discord shows it in the settings of the channel. It has a token in it,
    /// which is never shown.
    ///
    /// # Errors
    ///
    /// [`NoWebhook`] if it is something else.
    pub fn new(url: &str) -> Result<Self, NoWebhook> {
        Ok(Self {
            address: Address::read(url)?,
            every: APART,
            quiet: QUIET,
        })
    }

    /// Takes the id of a webhook, and its token, which is never shown.
    pub fn of(id: Id<WebhookMarker>, token: impl Into<String>) -> Self {
        let token = token.into();
        Self {
            address: Address { id, token },
            every: APART,
            quiet: QUIET,
        }
    }

    /// Posts once in this time at most: in 10 seconds, unless it is said. None at all is a mistake that `build()`
    /// tells of.
    pub fn every(mut self, time: Duration) -> Self {
        self.every = time;
        self
    }

    /// Tells of the same again after this time: 10 minutes, unless it is said.
    pub fn quiet(mut self, time: Duration) -> Self {
        self.quiet = time;
        self
    }
}

impl IntoHandlers for WebhookReport {
    fn register(self, handlers: &mut Handlers) {
        let every = self.every;
        let desk = Arc::new(Desk {
            address: self.address,
            every,
            quiet: self.quiet,
            ledger: Mutex::default(),
            trouble: Mutex::default(),
            ticket: OnceLock::new(),
        });
        let notes = ErrorHandler::<Failure>::new(Notes(Arc::clone(&desk)));
        handlers.error_handler(notes.name("webhook_report"));
        let posts = Task::every(every, Posts(Arc::clone(&desk))).delay(every);
        handlers.task(posts.name("webhook_report"));
        let rest = Task::on_stop(PostsRest(desk));
        handlers.task(rest.name("webhook_report_rest"));
    }
}

impl fmt::Debug for WebhookReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookReport")
            .field("webhook", &self.address.id)
            .field("every", &self.every)
            .field("quiet", &self.quiet)
            .finish_non_exhaustive()
    }
}

/// Where failures are noted, and posted from.
struct Desk {
    address: Address,
    every: Duration,
    quiet: Duration,
    ledger: Mutex<Ledger>,
    trouble: Mutex<Trouble>,
    /// Stands for the token where others see it.
    ticket: OnceLock<String>,
}

/// How often in a row posting failed, and when it is tried again.
#[derive(Default)]
struct Trouble {
    failures: u32,
    until: Option<Instant>,
}

impl Desk {
    fn note(&self, ctx: &ErrorContext, failure: &Failure) {
        // Who caused it is told, and need not be mended.
        let is_told = ctx.responder().is_some() && failure.facet::<dyn UserFacing>().is_some();
        if !is_told && !self.is_about_post(ctx) {
            let kind = Kind::of(failure, ctx.handler());
            let (number, now) = (failure.id(), Instant::now());
            lock(&self.ledger).note(kind, number, now, self.quiet);
        }
    }

    /// Returns whether a handler failed over what was posted here. To post that would go on forever.
    fn is_about_post(&self, ctx: &ErrorContext) -> bool {
        let webhook = match ctx.event() {
            Some(Event::MessageCreate(message)) => message.webhook_id,
            Some(Event::MessageUpdate(message)) => message.webhook_id,
            _ => None,
        };
        webhook == Some(self.address.id)
    }

    /// Posts some of what is to be told, unless that failed lately.
    async fn post_in_time(&self, ctx: &Context) {
        let until = lock(&self.trouble).until;
        if until.is_none_or(|until| until <= Instant::now()) {
            self.post(ctx, self.quiet).await;
        }
    }

    /// Posts what is left.
    async fn post_rest(&self, ctx: &Context) {
        for _ in 0..MOST_AT_THE_END {
            if !self.post(ctx, Duration::ZERO).await {
                return;
            }
        }
    }

    /// Posts some of what is to be told. Returns whether there was any, and it is.
    async fn post(&self, ctx: &Context, quiet: Duration) -> bool {
        let batch = Batch::take(self, quiet);
        if batch.entries.is_empty() {
            return false;
        }
        let embeds = embeds(&batch.entries, batch.others, Instant::now());
        let http = &ctx.scene.http;
        let ticket = self.ticket.get_or_init(|| http.ticket(&self.address.token));
        let nobody = AllowedMentions::default();
        let post = http.client().execute_webhook(self.address.id, ticket);
        let post = post.embeds(&embeds).allowed_mentions(Some(&nobody));
        match http.tell(post).await {
            Ok(()) => {
                batch.told();
                *lock(&self.trouble) = Trouble::default();
                true
            }
            Err(failure) => {
                self.give_way(&failure);
                false
            }
        }
    }

    /// Tries again later, the later the more often it failed.
    fn give_way(&self, failure: &Failure) {
        let mut trouble = lock(&self.trouble);
        let pause = self.every.saturating_mul(1 << trouble.failures.min(16));
        let pause = pause.min(LONGEST_PAUSE);
        trouble.failures += 1;
        trouble.until = Some(Instant::now() + pause);
        drop(trouble);
        let code = failure.code();
        tracing::warn!(webhook = %self.address.id, %failure, code, "failures could not be posted");
    }
}

/// What is being posted. If it is not, it is told of later.
struct Batch<'a> {
    desk: &'a Desk,
    entries: Vec<Entry>,
    others: u64,
}

impl<'a> Batch<'a> {
    fn take(desk: &'a Desk, quiet: Duration) -> Self {
        let mut ledger = lock(&desk.ledger);
        let entries = ledger.take(MOST, Instant::now(), quiet);
        let others = if entries.is_empty() {
            0
        } else {
            ledger.take_others()
        };
        Self {
            desk,
            entries,
            others,
        }
    }

    /// Keeps nothing to be told later.
    fn told(mut self) {
        (self.entries, self.others) = (Vec::new(), 0);
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        lock(&self.desk.ledger).put_back(entries, self.others);
    }
}

/// Notes failures.
struct Notes(Arc<Desk>);

/// Posts what was noted, now and then.
struct Posts(Arc<Desk>);

/// Posts what is left as the bot stops.
struct PostsRest(Arc<Desk>);

/// Marks what is no function of an author's.
struct OfReport;

#[diagnostic::do_not_recommend]
impl<'a> ErrorHandlerFn<'a, ErrorContext, Failure, OfReport> for Notes {
    fn run(
        &'a self,
        ctx: &'a ErrorContext,
        failure: &'a Failure,
        _: &'a Context,
    ) -> BoxFuture<'a, Result<Flow>> {
        Box::pin(async move {
            self.0.note(ctx, failure);
            Ok(Flow::Propagate)
        })
    }

    fn require(_: &mut Requirements) {}
}

#[diagnostic::do_not_recommend]
impl<'a> TaskFn<'a, OfReport> for Posts {
    fn run(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.0.post_in_time(ctx).await;
            Ok(())
        })
    }

    fn require(_: &mut Requirements) {}
}

#[diagnostic::do_not_recommend]
impl<'a> TaskFn<'a, OfReport> for PostsRest {
    fn run(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.0.post_rest(ctx).await;
            Ok(())
        })
    }

    fn require(_: &mut Requirements) {}
}

/// Nothing under these locks is changed halfway by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
