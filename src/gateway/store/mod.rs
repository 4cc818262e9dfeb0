//! Where the sessions of a bot are kept while it does not run.

mod file;

pub use self::file::FileStore;

use crate::failure::Result;
use crate::handler::BoxFuture;

/// Keeps the sessions of a bot while it does not run: a file, a row of a database, a key of a cache.
///
/// [`FileStore`] is one. What is kept are some hundred bytes for each shard, text that is cordial's own
/// and changes with its versions: no token, and nothing that anybody wrote.
///
/// One store is for one process. Two that run at the same time, such as an old and a new version of a
/// bot, would write over each other: give each a store of its own. Whoever reads what another wrote for
/// another application, for other intents or for another number of shards does not use it.
///
/// # Examples
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use cordial::bot::SessionStore;
/// use cordial::handler::BoxFuture;
/// use cordial::prelude::*;
///
/// /// Keeps them for as long as the process lasts.
/// #[derive(Clone, Default)]
/// struct Memory(Arc<Mutex<Option<Vec<u8>>>>);
///
/// impl SessionStore for Memory {
///     fn load(&self) -> BoxFuture<'_, Result<Option<Vec<u8>>>> {
///         Box::pin(async { Ok(self.0.lock().expect("no panic").clone()) })
///     }
///
///     fn save(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<()>> {
///         Box::pin(async {
///             *self.0.lock().expect("no panic") = Some(bytes);
///             Ok(())
///         })
///     }
/// }
///
/// let bot = Bot::builder().session_store(Memory::default());
/// ```
pub trait SessionStore: Send + Sync + 'static {
    /// Returns what was saved last, or nothing if nothing ever was.
    fn load(&self) -> BoxFuture<'_, Result<Option<Vec<u8>>>>;

    /// Saves what is given in place of what was saved before. One or the other must be there whenever the
    /// process ends.
    ///
    /// It is called once a second at most, but for when a session begins, and never while an earlier
    /// call goes on. It has ten seconds.
    fn save(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<()>>;
}
