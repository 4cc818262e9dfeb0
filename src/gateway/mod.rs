//! Where events come from: the shards, and what of each message is read.

mod close;
mod receive;
mod shard;

pub(crate) use self::shard::{Connection, Shards};
