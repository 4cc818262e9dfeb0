//! Stopping virtual time while something happens that tokio does not see.

use std::fmt;
use std::sync::mpsc::{Sender, channel};

use tokio::task::spawn_blocking;

/// A guard that holds virtual time still until it is dropped, returned by [`hold_time`].
#[must_use = "time goes on when this is dropped"]
pub struct HeldTime {
    /// The thread that listens wakes when this is dropped.
    _hold: Sender<()>,
}

/// Holds virtual time still, until the returned guard is dropped.
///
/// Under `#[tokio::test(start_paused = true)]`, tokio advances its clock whenever all of its tasks wait.
/// To tokio, a handler that waits for another thread, such as SQLite's, is no different from one that
/// sleeps: the clock jumps to the next timer, which may be the handler's own time limit. Hold time while
/// you wait for such an answer. What tokio sees needs none of this: its own timers, sockets and
/// `spawn_blocking`.
///
/// Do not wait for a timer meanwhile: it would not fire. Where time is not virtual, this changes
/// nothing.
///
/// # Panics
///
/// Panics outside of a tokio runtime.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::testing::hold_time;
/// use tokio::sync::oneshot;
/// use tokio::time::timeout;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// let (answer, answered) = oneshot::channel();
/// std::thread::spawn(move || answer.send((1..=1_000_000_u64).sum::<u64>()));
///
/// let held = hold_time();
/// let answered = timeout(Duration::from_millis(1), answered).await;
/// drop(held);
///
/// assert_eq!(answered, Ok(Ok(500_000_500_000)));
/// # }
/// ```
pub fn hold_time() -> HeldTime {
    let (hold, dropped) = channel();
    // The clock stands still as long as this task runs. It ends when the sender is dropped.
    drop(spawn_blocking(move || dropped.recv().is_ok()));
    HeldTime { _hold: hold }
}

impl fmt::Debug for HeldTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldTime").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::sync::oneshot;
    use tokio::time::{Instant, sleep, timeout};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Runs a future in virtual time, with a channel that receives each time that tokio has nothing to
    /// run.
    fn in_virtual_time<F: Future<Output = ()>>(run: impl FnOnce(Receiver<()>) -> F) {
        let (idle, idled) = channel();
        let mut runtime = Builder::new_current_thread();
        runtime.on_thread_park(move || idle.send(()).unwrap_or_default());
        let runtime = runtime.enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(run(idled));
    }

    #[test]
    fn what_another_thread_does_takes_no_time() {
        in_virtual_time(|idled| async move {
            let (answer, answered) = oneshot::channel();
            // It answers when there is nothing else to be done.
            std::thread::spawn(move || idled.recv().is_ok() && answer.send(()).is_ok());
            let before = Instant::now();

            let held = hold_time();
            let answered = timeout(SECOND, answered).await;
            drop(held);

            assert!(answered.is_ok());
            assert_eq!(before.elapsed(), Duration::ZERO);
        });
    }

    #[test]
    fn without_it_the_clock_does_not_wait() {
        in_virtual_time(|_idled| async {
            let (_answer, answered) = oneshot::channel::<()>();

            let answered = timeout(SECOND, answered).await;

            assert!(answered.is_err());
        });
    }

    #[tokio::test(start_paused = true)]
    async fn time_goes_on_when_nobody_holds_it() {
        let (one, other) = (hold_time(), hold_time());
        drop(one);
        drop(other);
        let before = Instant::now();

        sleep(Duration::from_secs(3_600)).await;

        assert!(before.elapsed() >= Duration::from_secs(3_600));
    }
}
