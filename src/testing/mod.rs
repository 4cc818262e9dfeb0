//! The simulator: a Discord on this machine, for tests and for trying a bot without a token.
//!
//! It has a gateway and an HTTP interface, which the unmodified twilight client talks to over
//! loopback. People on it do what people do; what the bot does in turn is in the
//! [transcript](Transcript). A request that the simulator knows nothing of, or a field or parameter of
//! one, is answered with 501 and fails the test: an answer made up would prove nothing. A test can
//! still choose one, by [`Simulator::answer_next`], and let whatever else happens to requests go wrong, by
//! [`Simulator::inject`] and [`Simulator::limit`], and to the gateway, by [`Simulator::misbehave`]; or by the
//! numbers that a seed leads to, by [`Simulator::chaos`].
//!
//! No chance is asked, and no clock but tokio's. Under `#[tokio::test(start_paused = true)]` time is
//! virtual: a handler that waits for an hour is done at once, if its
//! [time limit](crate::bot::BotBuilder::timeout) lets it.
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
