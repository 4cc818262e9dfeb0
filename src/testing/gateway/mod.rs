//! The gateway: one websocket for each shard of the bot.

mod connection;
mod control;
mod event;
mod fault;
mod faults;
mod hub;
mod opening;
mod record;

pub(crate) use self::connection::connect;
pub use self::fault::GatewayFault;
pub(crate) use self::fault::Replay;
pub(crate) use self::hub::{Hub, Starts};
pub use self::record::{ConnectionEnd, ConnectionRecord, Received};
