//! The simulator: a Discord on your machine, for tests and for trying a bot without a token.
//!
//! It has a gateway and an HTTP interface, and the unmodified twilight client talks to both over
//! loopback. In a test, people join, write and run commands, and what the bot does in turn is in the
//! [transcript](Transcript).
//!
//! The simulator answers requests, fields and parameters that it does not know with 501, and the test
//! fails: a made-up answer would prove nothing. A test can still give the answer itself with
//! [`Simulator::answer_next`]. It can make other things go wrong: with requests by
//! [`Simulator::inject`] and [`Simulator::limit`], with the gateway by [`Simulator::misbehave`], and
//! with both, as derived from a seed, by [`Simulator::chaos`].
//!
//! The simulator uses no randomness, and no clock but tokio's. Under
//! `#[tokio::test(start_paused = true)]` time is virtual: a handler that waits for an hour is done at
//! once, if its [time limit](crate::bot::BotBuilder::timeout) lets it.
//!
//! # Examples
//!
//! ```
//! use cordial::prelude::*;
//! use cordial::testing::Simulator;
//!
//! #[listener]
//! async fn welcome(ctx: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
//!     let channels = http.guild_channels(joined.guild_id).await?.model().await?;
//!     let text = format!("Welcome, {}!", joined.user.name);
//!     http.create_message(channels[0].id).content(&text).await?;
//!     Ok(())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let sim = Simulator::start(Bot::builder().add(handlers![welcome])).await;
//!
//! sim.join("alice").await;
//!
//! let transcript = sim.stop().await;
//! transcript.assert_completed("welcome");
//! transcript.assert_replies(&["Welcome, alice!"]);
//! # }
//! ```

mod acts;
mod backlog;
mod builder;
mod changes;
mod chaos;
mod commands;
mod components;
mod discord;
mod feed;
mod gateway;
mod hold;
mod intents;
mod interactions;
mod log;
mod modals;
mod people;
mod rest;
mod servers;
mod sessions;
mod settle;
#[cfg(all(test, unix))]
mod signals;
mod simulator;
mod tasks;
mod terminal;
mod transcript;
mod watch;
mod wire;
mod world;

pub use self::builder::SimulatorBuilder;
pub use self::chaos::Chaos;
pub use self::feed::Feed;
pub use self::gateway::{
    ConnectionEnd, ConnectionRecord, GatewayFault, Received, SentRecord, UNKNOWN_EVENTS,
};
pub use self::hold::{HeldTime, hold_time};
pub use self::log::Log;
pub use self::people::{MessageHandle, Person};
pub use self::rest::{Fault, RequestRecord};
pub use self::simulator::Simulator;
pub use self::terminal::{run_or_simulate, terminal};
pub use self::transcript::{Happening, Transcript};
