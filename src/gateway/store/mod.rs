//! The store of a bot's sessions while it does not run.

mod file;

pub use self::file::FileStore;

use crate::failure::Result;
use crate::handler::BoxFuture;

/// Keeps the sessions of a bot while it does not run, in a file, a database or a cache.
///
/// [`FileStore`] is one. A store keeps some hundred bytes for each shard, as text in cordial's own format, which
/// changes between versions: no token, and nothing that anybody wrote.
///
/// Use one store for one process. Two processes that run at the same time, such as an old and a new version
/// of a bot, would overwrite each other's sessions: give each a store of its own. A bot ignores sessions that
/// were saved for another application, for other intents or for another number of shards.
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
    /// Returns what was last saved, or `None` if nothing was.
    fn load(&self) -> BoxFuture<'_, Result<Option<Vec<u8>>>>;

    /// Saves new data in place of the old. Whenever the process ends, one of the two must be there in full.
    ///
    /// cordial calls it at most once a second, except when a session begins, and never while an earlier call
    /// is still running. A call has ten seconds.
    fn save(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<()>>;
}
