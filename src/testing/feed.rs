//! Feeding gateway messages to a bot without a connection.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio_util::sync::DropGuard;
use twilight_model::gateway::ShardId;

use crate::bot::{Bot, BotBuilder, Endpoints, Token};
use crate::dispatch::Fresh;
use crate::failure::Result;
use crate::gateway::{Numbers, Receiver};
use crate::health::Health;
use crate::testing::log;
use crate::testing::servers::TOKEN;

/// An address where nobody listens.
const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// A bot that a test feeds with messages of the gateway, without a connection.
///
/// Everything behind the connection works as in a running bot: how messages are parsed, which events are
/// new, which handlers run and in which order, and what becomes of failures. There is no Discord, so
/// requests fail. This is the fastest way to test what many events add up to, or to measure listeners:
/// an event costs some microseconds. To test what a bot says to people, use a
/// [`Simulator`](crate::testing::Simulator).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use cordial::prelude::*;
/// use cordial::testing::Feed;
///
/// #[listener]
/// async fn counts(_: &Context, _: &TypingStart, count: State<Arc<AtomicU32>>) {
///     count.fetch_add(1, Ordering::Relaxed);
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
/// let count = Arc::new(AtomicU32::new(0));
/// let bot = Bot::builder().state(Arc::clone(&count)).add(handlers![counts]);
/// let mut feed = Feed::new(bot)?;
/// let typing = r#"{"channel_id":"1","user_id":"2","timestamp":3}"#;
///
/// feed.message(&format!(r#"{{"op":0,"t":"TYPING_START","s":1,"d":{typing}}}"#));
/// feed.message(&format!(r#"{{"op":0,"t":"TYPING_START","s":2,"d":{typing}}}"#));
/// feed.resume();
/// feed.message(&format!(r#"{{"op":0,"t":"TYPING_START","s":2,"d":{typing}}}"#));
/// feed.settled().await;
///
/// assert_eq!(count.load(Ordering::Relaxed), 2, "the last was a repetition");
/// # Ok(()) } main().unwrap();
/// ```
pub struct Feed {
    bot: Bot,
    receiver: Receiver,
    numbers: Numbers,
    /// Cuts off handlers that still run.
    _stop: DropGuard,
}

impl Feed {
    /// Builds a bot that runs on the current runtime.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`BuildError`](crate::BuildError), and [`NoTransport`](crate::exception::NoTransport) if this
    /// machine cannot send requests.
    pub fn new(bot: BotBuilder) -> Result<Self> {
        log::show();
        let token = Token::new(TOKEN)?;
        let nowhere = Endpoints {
            gateway: NOWHERE,
            http: NOWHERE,
        };
        let bot = bot.token(token).endpoints(nowhere).build()?;
        let receiver = bot.receiver(ShardId::ONE)?;
        Ok(Self {
            _stop: receiver.dispatcher.engine.stop.clone().drop_guard(),
            bot,
            receiver,
            numbers: Numbers::default(),
        })
    }

    /// Feeds the bot with the text of a gateway message.
    ///
    /// Handlers run as far as they get without waiting.
    pub fn message(&mut self, text: &str) {
        let fresh = self.receiver.receive(text.to_owned(), &mut self.numbers);
        fresh.into_iter().for_each(Fresh::run);
    }

    /// Begins a session.
    ///
    /// The sequence numbers of its events start at one.
    pub fn begin_session(&mut self) {
        self.numbers.begin();
    }

    /// Resumes the session, as after a lost connection: earlier events may come again.
    pub fn resume(&mut self) {
        self.numbers = Numbers::resume(self.numbers.last());
    }

    /// Waits until everything has been dealt with.
    ///
    /// Handlers, error handlers, and the tasks that they left have then ended.
    pub async fn settled(&self) {
        let tasks = &self.receiver.dispatcher.engine.tasks;
        tasks.close();
        tasks.wait().await;
        tasks.reopen();
    }

    /// Returns the bot's health, which also counts what was odd about its events.
    #[must_use]
    pub fn health(&self) -> Health {
        self.bot.health()
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed")
            .field("bot", &self.bot)
            .field("numbers", &self.numbers)
            .finish_non_exhaustive()
    }
}
