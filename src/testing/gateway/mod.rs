//! The gateway: one websocket for each shard of the bot.

mod compression;
mod connection;
mod control;
mod door;
mod event;
mod fault;
mod faults;
mod flood;
mod hub;
mod members;
mod opening;
mod record;
mod sent;
mod voice;

pub(crate) use self::connection::connect;
pub(crate) use self::door::{Door, Port};
pub use self::fault::GatewayFault;
pub(crate) use self::fault::{HEARTBEAT, RECONNECT, Replay};
pub use self::flood::UNKNOWN_EVENTS;
pub(crate) use self::hub::{Hub, Starts};
pub use self::record::{ConnectionEnd, ConnectionRecord, Received};
pub use self::sent::SentRecord;
