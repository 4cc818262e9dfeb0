//! Where events come from: the shards, and what of each message is read.

mod backoff;
mod close;
mod connection;
mod opening;
mod receive;
mod session;
mod shard;
mod turn;
mod watch;

pub(crate) use self::shard::{Gateway, Shards};
