//! How long things may take, how many there may be, and what becomes of the rest.

use std::time::Duration;

use twilight_model::gateway::event::EventType;

use crate::bot::BotBuilder;
use crate::dispatch::{Order, Shed};
use crate::http::Policy as HttpPolicy;

/// How long things may take, how many there may be, and what becomes of the rest.
impl BotBuilder {
    /// Sets how long a listener may run that says nothing of its own: 30 seconds, unless set.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.policy.listener_time = Some(limit);
        self
    }

    /// Lets listeners run as long as they like.
    pub fn no_timeout(mut self) -> Self {
        self.policy.listener_time = None;
        self
    }

    /// Sets how long a handler of interactions may run that says nothing of its own: 14 minutes,
    /// unless set. After 15, Discord takes no more answers.
    pub fn interaction_timeout(mut self, limit: Duration) -> Self {
        self.policy.interaction_time = Some(limit);
        self
    }

    /// Sets how long a [task](crate::Task) may run that says nothing of its own: 10 minutes, unless set.
    pub fn task_timeout(mut self, limit: Duration) -> Self {
        self.policy.task_time = Some(limit);
        self
    }

    /// Lets tasks run as long as they like.
    pub fn no_task_timeout(mut self) -> Self {
        self.policy.task_time = None;
        self
    }

    /// Sets when an interaction is put off whose handler has not answered: 2 seconds after it arrived,
    /// unless set. Discord waits for 3, and a promise takes time to arrive.
    ///
    /// How it is put off is said by the handler: see [`Defer`](crate::command::Defer).
    pub fn defer_after(mut self, time: Duration) -> Self {
        self.policy.defer_after = Some(time);
        self
    }

    /// Puts no interaction off: its handler has 3 seconds to answer, or to promise to.
    pub fn never_defer(mut self) -> Self {
        self.policy.defer_after = None;
        self
    }

    /// Sets how long an error handler may run that says nothing of its own: 10 seconds, unless set.
    pub fn error_handler_timeout(mut self, limit: Duration) -> Self {
        self.error_handler_time = Some(limit);
        self
    }

    /// Sets how often a handler may run again for one event: 3 times, unless set.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.policy.max_retries = retries;
        self
    }

    /// Sets how many failures that nobody handled the log shows in a minute, of those with the same handler
    /// and the same code: 20, unless set. It says how many it left out. Observers, metrics and error
    /// handlers are told of every one.
    pub fn log_limit(mut self, most: u32) -> Self {
        self.policy.log_limit = most;
        self
    }

    /// Sets how long one attempt at a request may take, from connecting to the last byte of the answer:
    /// 10 seconds, unless set, and a second more for every 256 KiB that it sends. What takes longer
    /// is asked again if that can do no harm, and else fails with
    /// [`RequestTimedOut`](crate::exception::RequestTimedOut).
    ///
    /// The first answer to an interaction is given less: Discord takes none after 3 seconds.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.requests.attempt = limit.min(HttpPolicy::FOR_EVER);
        self
    }

    /// Sets how long a request may take in all, with the rate limits that it waits for and all attempts:
    /// 5 minutes, unless set. One that would have to wait longer for a limit fails with
    /// [`RateLimited`](crate::exception::RateLimited): at once, where Discord says how long the limit
    /// lasts.
    ///
    /// [`within`](crate::http::RequestExt::within) limits a single request.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.requests.call = limit.min(HttpPolicy::FOR_EVER);
        self
    }

    /// Sets how often a request is attempted at most: 5 times, unless set. Only rate limits are met
    /// with all of them; trouble at Discord's with 4, of requests that can be repeated.
    pub fn request_attempts(mut self, most: u32) -> Self {
        self.requests.attempts = most.max(1);
        self
    }

    /// Sets how many requests a second Discord takes from the bot: 50, unless set. It takes more from
    /// large bots, which it tells. Interactions are not counted.
    pub fn requests_per_second(mut self, most: u32) -> Self {
        self.requests.per_second = most.max(1);
        self
    }

    /// Sets how many events are in hand at once: 1,024, unless set; and as many interactions on top, which
    /// no other event holds up.
    ///
    /// An event is in hand from its start until all its handlers have ended, with the error handlers of
    /// what they failed with. Tasks that they left running, by [`Context::spawn`](crate::Context::spawn),
    /// are not counted: they are the place to wait for something that may take long.
    ///
    /// Above that events wait. Guilds take turns, and so do direct messages: one that is noisy does not hold
    /// up the others for longer than it takes until the next handler ends.
    pub fn max_in_hand(mut self, most: usize) -> Self {
        self.intake.most_in_hand = most.max(1);
        self
    }

    /// Sets how many events wait until there is room for them: 10,000, unless set. If there are more, some
    /// are shed, which an [`Overloaded`](crate::exception::Overloaded) tells the error handlers.
    pub fn max_queued(mut self, most: usize) -> Self {
        self.intake.bounds.events = most;
        self
    }

    /// Sets how many bytes the events that wait may have had when they came, as text: 64 MiB, unless set.
    /// If they have more, some are shed, as with [`max_queued`](Self::max_queued).
    ///
    /// Events wait as they came: they are read when it is their turn. In memory each takes its text and less
    /// than 1 KiB; so all take less than 75 MiB unless the limits are set. What is in hand comes
    /// on top. With a cache, what they replaced there waits with them, for handlers that ask what was
    /// before, such as the messages that were deleted: its bytes count too, about.
    pub fn max_queued_bytes(mut self, most: usize) -> Self {
        self.intake.bounds.bytes = most;
        self
    }

    /// Sets what is to be done about events of a kind if too many wait: what is usual is said of each
    /// [`Shed`].
    ///
    /// Interactions are shed once they have waited for three seconds, after which Discord takes no
    /// answer, and never before, whatever is set.
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

    /// Handles the events of one channel or guild one after the other, in the order in which they came, and
    /// those of different ones side by side. Unless set, all are handled side by side.
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

    /// Sets how long handlers may run on after the bot was told to stop: 10 seconds, unless set.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }
}
