//! The source of events: the shards, how their messages are read, and what lasts of a session.

mod backoff;
mod bucket;
mod budget;
mod close;
mod connection;
mod driver;
mod ended;
mod helm;
mod keeper;
mod ledger;
mod numbers;
mod opening;
mod polled;
mod progress;
mod pulse;
mod receive;
mod receiver;
mod saved;
mod session;
mod shard;
mod store;
mod turn;
mod watch;

pub use self::shard::ShardThreads;
pub use self::store::{FileStore, SessionStore};

pub(crate) use self::keeper::{Keeper, Keeping};
#[cfg(feature = "testing")]
pub(crate) use self::numbers::Numbers;
#[cfg(feature = "testing")]
pub(crate) use self::receiver::Receiver;
pub(crate) use self::saved::{Owner, application_of};
pub(crate) use self::shard::{Gateway, Shards};
