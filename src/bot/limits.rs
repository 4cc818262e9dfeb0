//! Limits: how long things may take, how many there may be, and what happens beyond that.

use std::time::Duration;

use twilight_model::gateway::event::EventType;

use crate::bot::BotBuilder;
use crate::dispatch::{Order, Shed};
use crate::http::Policy as HttpPolicy;

/// Limits: how long things may take, how many there may be, and what happens beyond that.
impl BotBuilder {
    /// Sets how long a listener without a timeout of its own may run: 30 seconds, unless set.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.policy.listener_time = Some(limit);
        self
    }

    /// Lets listeners run as long as they like.
    pub fn no_timeout(mut self) -> Self {
        self.policy.listener_time = None;
        self
    }

    /// Sets how long a handler of interactions without a timeout of its own may run: 14 minutes, unless set.
    ///
    /// After 15 minutes, Discord takes no more answers.
    pub fn interaction_timeout(mut self, limit: Duration) -> Self {
        self.policy.interaction_time = Some(limit);
        self
    }

    /// Sets how long a [task](crate::Task) without a timeout of its own may run: 10 minutes, unless set.
    pub fn task_timeout(mut self, limit: Duration) -> Self {
        self.policy.task_time = Some(limit);
        self
    }

    /// Lets tasks run as long as they like.
    pub fn no_task_timeout(mut self) -> Self {
        self.policy.task_time = None;
        self
    }

    /// Sets how long after its arrival an interaction without an answer is deferred: 2 seconds, unless set.
    ///
    /// Discord waits for 3 seconds, and the deferral takes time to arrive. The handler decides how its
    /// interaction is deferred: see [`Defer`](crate::command::Defer).
    pub fn defer_after(mut self, time: Duration) -> Self {
        self.policy.defer_after = Some(time);
        self
    }

    /// Defers no interaction: handlers have 3 seconds to answer, or to defer it themselves.
    pub fn never_defer(mut self) -> Self {
        self.policy.defer_after = None;
        self
    }

    /// Sets how long an error handler without a timeout of its own may run: 10 seconds, unless set.
    pub fn error_handler_timeout(mut self, limit: Duration) -> Self {
        self.error_handler_time = Some(limit);
        self
    }

    /// Sets how often a handler may run again for one event: 3 times, unless set.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.policy.max_retries = retries;
        self
    }

    /// Sets how many unhandled failures with the same handler and the same code the log shows in a minute:
    /// 20, unless set.
    ///
    /// The log says how many it left out. Observers, metrics and error handlers still receive every failure.
    pub fn log_limit(mut self, most: u32) -> Self {
        self.policy.log_limit = most;
        self
    }

    /// Sets how long one attempt at a request may take: 10 seconds, unless set, plus a second for every 256
    /// KiB that it sends.
    ///
    /// The time runs from connecting to the last byte of the answer. A request that takes longer is repeated
    /// if that can do no harm, and otherwise fails with
    /// [`RequestTimedOut`](crate::exception::RequestTimedOut).
    ///
    /// The first answer to an interaction has less time: Discord takes none after 3 seconds.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.requests.attempt = limit.min(HttpPolicy::FOR_EVER);
        self
    }

    /// Sets how long a request may take in all, with all its attempts and waits for rate limits: 5 minutes,
    /// unless set.
    ///
    /// A request that would have to wait longer for a limit fails with
    /// [`RateLimited`](crate::exception::RateLimited), at once if Discord says how long the limit lasts.
    ///
    /// [`within`](crate::http::RequestExt::within) limits a single request.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.requests.call = limit.min(HttpPolicy::FOR_EVER);
        self
    }

    /// Sets how often a request is attempted at most: 5 times, unless set.
    ///
    /// After a rate limit the bot uses all attempts; after errors on Discord's side at most 4, and only for
    /// requests that can be repeated.
    pub fn request_attempts(mut self, most: u32) -> Self {
        self.requests.attempts = most.max(1);
        self
    }

    /// Sets how many requests a second Discord takes from the bot: 50, unless set.
    ///
    /// Discord takes more from large bots, and lets them know. Answers to interactions do not count.
    pub fn requests_per_second(mut self, most: u32) -> Self {
        self.requests.per_second = most.max(1);
        self
    }

    /// Sets how many events are in hand at once: 1,024, unless set.
    ///
    /// As many interactions again may be in hand, so that other events never hold up an interaction.
    ///
    /// An event is in hand from its start until all its handlers, and the error handlers of their failures,
    /// have ended. Tasks that handlers leave running with [`Context::spawn`](crate::Context::spawn) do not
    /// count, so wait in such a task for anything that may take long.
    ///
    /// Above the limit events wait. Guilds take turns, and so do direct messages: a noisy guild delays the
    /// others only until the next handler ends. up the others for longer than it takes until the next handler
    /// ends.
    pub fn max_in_hand(mut self, most: usize) -> Self {
        self.intake.most_in_hand = most.max(1);
        self
    }

    /// Sets how many events may wait for room: 10,000, unless set.
    ///
    /// If there are more, the bot sheds some, and error handlers receive an
    /// [`Overloaded`](crate::exception::Overloaded).
    pub fn max_queued(mut self, most: usize) -> Self {
        self.intake.bounds.events = most;
        self
    }

    /// Sets how many bytes the text of the waiting events may have in all: 64 MiB, unless set.
    ///
    /// If it is more, the bot sheds some events, as with [`max_queued`](Self::max_queued).
    ///
    /// Events wait as the text in which they arrived, and are parsed when it is their turn. Each takes its
    /// text and less than 1 KiB of memory, so all of them take less than 75 MiB unless you set the limits.
    /// The events in hand come on top. With a cache, the values that a waiting event replaced there, such as
    /// deleted messages, wait with it for handlers that take them; their approximate size counts, too.
    pub fn max_queued_bytes(mut self, most: usize) -> Self {
        self.intake.bounds.bytes = most;
        self
    }

    /// Sets what happens to events of a kind if too many wait.
    ///
    /// [`Shed`] says what is usual for which events.
    ///
    /// Interactions are shed once they have waited for three seconds, after which Discord takes no answer,
    /// and never before, whatever you set.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::dispatch::Shed;
    /// use cordial::prelude::*;
    /// use cordial::twilight::model::gateway::event::EventType;
    ///
    /// let bot = Bot::builder()
    ///     .shed(EventType::ReactionAdd, Shed::First)
    ///     .shed(EventType::BanAdd, Shed::Never);
    /// ```
    pub fn shed(mut self, kind: EventType, shed: Shed) -> Self {
        self.intake.sheds.insert(kind, shed);
        self
    }

    /// Handles the events of one channel or guild one after the other, in the order in which they arrived.
    ///
    /// Events of different channels or guilds still run concurrently. Unless set, all events do.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::dispatch::Order;
    /// use cordial::prelude::*;
    ///
    /// let bot = Bot::builder().in_order(Order::ByChannel);
    /// ```
    pub fn in_order(mut self, order: Order) -> Self {
        self.intake.order = Some(order);
        self
    }

    /// Sets how long handlers may keep running after the bot was told to stop: 10 seconds, unless set.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }
}
