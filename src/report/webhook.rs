//! Posting failures to a webhook: few posts, however many failures there are.
//!
//! The error handler only notes failures. A task posts them, at most one message in a while, so a storm of
//! failures is no storm of posts. A failure to post goes to the log, and to no error handler that would
//! post it.

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

/// The default time between posts.
const APART: Duration = Duration::from_secs(10);
/// The default time before a failure is posted again.
const QUIET: Duration = Duration::from_secs(10 * 60);
/// How many posts there are as the bot stops.
const MOST_AT_THE_END: usize = 5;
/// The longest pause after posts that failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// Posts failures to a Discord webhook, for the people who look after the bot.
///
/// `add` it to a bot or to a plugin.
///
/// It is an error handler for every failure that no more specific handler at its level handled. It never
/// handles a failure itself: other error handlers are asked after it, and the log stays the same.
///
/// - A post has the name of the handler that failed, the [code](Failure::code) of the error, its place, and
///   its number in the log. It does not have the error's text, which may hold what people wrote.
/// - Failures of the same handler, with the same code and place, are combined and counted. They are posted
///   again after ten minutes, or the time you set with [`quiet`](Self::quiet).
/// - There is at most one post in ten seconds, or in the time you set with [`every`](Self::every), with at
///   most ten failures. The others wait. 200 different failures are told apart; further ones are only
///   counted.
/// - A failure that a person was told of in the error's own words, because it is [`UserFacing`], is not
///   posted. Nor is the failure of a handler that ran for one of the posts.
/// - As the bot stops, what is left is posted within its [grace](crate::BotBuilder::grace), in at most five
///   posts. Add it first, because what is added first stops last.
/// - If posting fails, it is logged, and tried again less and less often.
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
    /// Creates it from the URL of a webhook, as Discord shows it in the settings of the channel.
    ///
    /// The URL contains a token, which is never shown.
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

    /// Creates it from the id and the token of a webhook.
    ///
    /// The token is never shown.
    pub fn of(id: Id<WebhookMarker>, token: impl Into<String>) -> Self {
        let token = token.into();
        Self {
            address: Address { id, token },
            every: APART,
            quiet: QUIET,
        }
    }

    /// Sets the least time between posts: 10 seconds by default.
    ///
    /// Zero is a mistake that `build()` reports.
    pub fn every(mut self, time: Duration) -> Self {
        self.every = time;
        self
    }

    /// Sets the time before a failure is posted again: 10 minutes by default.
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

/// The noted failures, and how to post them.
struct Desk {
    address: Address,
    every: Duration,
    quiet: Duration,
    ledger: Mutex<Ledger>,
    trouble: Mutex<Trouble>,
    /// Stands for the token where others see it.
    ticket: OnceLock<String>,
}

/// How often in a row posting failed, and when to try again.
#[derive(Default)]
struct Trouble {
    failures: u32,
    until: Option<Instant>,
}

impl Desk {
    fn note(&self, ctx: &ErrorContext, failure: &Failure) {
        // The person who caused it was told, and nobody has to fix it.
        let is_told = ctx.responder().is_some() && failure.facet::<dyn UserFacing>().is_some();
        if !is_told && !self.is_about_post(ctx) {
            let kind = Kind::of(failure, ctx.handler());
            let (number, now) = (failure.id(), Instant::now());
            lock(&self.ledger).note(kind, number, now, self.quiet);
        }
    }

    /// Returns whether a handler failed on one of our posts. Posting that would go on forever.
    fn is_about_post(&self, ctx: &ErrorContext) -> bool {
        let webhook = match ctx.event() {
            Some(Event::MessageCreate(message)) => message.webhook_id,
            Some(Event::MessageUpdate(message)) => message.webhook_id,
            _ => None,
        };
        webhook == Some(self.address.id)
    }

    /// Posts some of the noted failures, unless that failed lately.
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

    /// Posts some of the noted failures. Returns whether there were any, and posting succeeded.
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

/// The failures being posted, which are put back if that fails.
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

    /// Puts nothing back.
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

/// Posts what was noted, from time to time.
struct Posts(Arc<Desk>);

/// Posts what is left as the bot stops.
struct PostsRest(Arc<Desk>);

/// Marks functions that are not the author's.
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

/// Locks a mutex, whose value a panic cannot leave half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
