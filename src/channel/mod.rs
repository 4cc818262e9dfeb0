//! Reading and deleting the messages of a channel, and writing to one person.

mod deletion;
mod direct;
mod history;

pub use self::deletion::{Deletion, Left, Purged};
pub use self::history::{History, Point};
