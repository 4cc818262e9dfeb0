//! Where events come from: the shards, and what of each message is read.

mod backoff;
mod budget;
mod close;
mod connection;
mod driver;
mod opening;
mod pulse;
mod receive;
mod session;
mod shard;
mod turn;
mod watch;

pub use self::shard::ShardThreads;

pub(crate) use self::shard::{Gateway, Shards};
