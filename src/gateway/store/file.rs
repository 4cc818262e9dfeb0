//! Sessions in a file, which always holds either the old or the new data in full.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use crate::failure::Result;
use crate::gateway::SessionStore;
use crate::handler::BoxFuture;

/// Held while a file is read or written: a bot that ended may still be writing when the next one reads.
static TURN: Mutex<()> = Mutex::new(());

/// Keeps sessions in a file that only the user who runs the bot may read.
///
/// New data is first written to a file beside it, with `.new` at the end of its name, flushed to the disk,
/// and then moved into place. So one of the two is there whenever the process is killed or the machine loses
/// power.
///
/// The directory must exist, and in a container it must outlast the container. If the name belongs to a file with
/// other contents, that file is replaced.
///
/// # Examples
///
/// ```no_run
/// use cordial::bot::FileStore;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn welcome(ctx: &Context, joined: &MemberAdd) -> Result<()> {
///     tracing::info!(user = %joined.user.id, "somebody joined");
///     Ok(())
/// }
///
/// #[tokio::main]
/// async fn main() -> Result<()> {
///     Bot::from_env()?
///         .session_store(FileStore::new("welcome.sessions"))
///         .add(handlers![welcome])
///         .run()
///         .await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    path: Arc<Path>,
}

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be {to_be}", path.display())]
struct FileError {
    path: PathBuf,
    to_be: &'static str,
    #[source]
    why: io::Error,
}

impl FileStore {
    /// Keeps sessions in the file at `path`, which is created when there is something to keep.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: Arc::from(path.into()),
        }
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Works with the file where that holds nobody up.
    async fn work<T: Send + 'static>(
        &self,
        to_be: &'static str,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let path = Arc::clone(&self.path);
        let worked = spawn_blocking(move || {
            let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
            work(&path)
        });
        let error = |why| FileError {
            path: self.path.to_path_buf(),
            to_be,
            why,
        };
        Ok(worked.await?.map_err(error)?)
    }
}

impl SessionStore for FileStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Vec<u8>>>> {
        Box::pin(self.work("read", read))
    }

    fn save(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.work("written", move |path| write(path, &bytes)))
    }
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(path)?;
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is half written is of no use, and may not be there at all.
        drop(fs::remove_file(&beside));
    }
    written?;
    sync_directory(path);
    Ok(())
}

/// Returns where what is new is written first.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name();
    let mut name = name.ok_or(ErrorKind::InvalidInput)?.to_owned();
    name.push(".new");
    Ok(path.with_file_name(name))
}

/// Writes a file that is not there, and waits until it is on the disk.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // One of a process that was killed may be there, or a link of somebody else's.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until the disk knows which file has the name, where there is a way to.
fn sync_directory(path: &Path) {
    let directory = path.parent().filter(|parent| *parent != Path::new(""));
    let opened = File::open(directory.unwrap_or(Path::new(".")));
    // Not every system, nor every file system, can be asked.
    drop(opened.and_then(|directory| directory.sync_all()));
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A directory of a test's own, for as long as that lasts.
    struct Directory(PathBuf);

    impl Directory {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);

            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("cordial-file-{}-{number}", std::process::id());
            let path = env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn files(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name());
            names.map(|name| name.into_string().unwrap()).collect()
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    #[tokio::test]
    async fn what_was_saved_last_is_there() {
        let directory = Directory::new();
        let store = FileStore::new(directory.0.join("bot.sessions"));

        assert_eq!(store.load().await.unwrap(), None);
        store.save(b"one, and longer".to_vec()).await.unwrap();
        store.save(b"two".to_vec()).await.unwrap();

        assert_eq!(store.load().await.unwrap().unwrap(), b"two");
        assert_eq!(directory.files(), ["bot.sessions"]);
    }

    #[tokio::test]
    async fn what_a_killed_process_left_half_written_is_no_hindrance() {
        let directory = Directory::new();
        let store = FileStore::new(directory.0.join("bot.sessions"));
        store.save(b"one".to_vec()).await.unwrap();
        fs::write(directory.0.join("bot.sessions.new"), b"tw").unwrap();

        assert_eq!(store.load().await.unwrap().unwrap(), b"one");
        store.save(b"two".to_vec()).await.unwrap();

        assert_eq!(store.load().await.unwrap().unwrap(), b"two");
        assert_eq!(directory.files(), ["bot.sessions"]);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_named() {
        let directory = Directory::new();
        for path in ["missing/bot.sessions", ""] {
            let store = FileStore::new(directory.0.join(path));

            let failure = store.save(b"one".to_vec()).await.unwrap_err();

            let text = failure.to_string();
            assert!(text.contains("cordial-file-"), "{text}");
            assert!(failure.error().source().is_some(), "{text}");
            assert!(directory.files().is_empty());
        }
        assert!(FileStore::new("..").save(Vec::new()).await.is_err());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn x11_nobody_else_may_read_it() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let directory = Directory::new();
        let path = directory.0.join("bot.sessions");
        let elsewhere = directory.0.join("elsewhere");
        fs::write(&elsewhere, b"theirs").unwrap();
        symlink(&elsewhere, directory.0.join("bot.sessions.new")).unwrap();

        FileStore::new(&path).save(b"one".to_vec()).await.unwrap();

        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read(&elsewhere).unwrap(), b"theirs");
    }
}
