//! Holding virtual time still, while something happens that tokio does not see.

use std::fmt;
use std::sync::mpsc::{Sender, channel};

use tokio::task::spawn_blocking;

/// Virtual time that stands still, until this is dropped. [`hold_time`] makes one.
#[must_use = "time goes on when this is dropped"]
pub struct HeldTime {
    /// Whoever listens hears of it when this is dropped.
    _hold: Sender<()>,
}

/// Holds virtual time still, until what it returns is dropped.
///
/// Under `#[tokio::test(start_paused = true)]`, tokio puts its clock forward when everything that it runs
/// waits. What waits for a thread of its own, as a handler for an answer of SQLite does, is no different to
/// it from what sleeps: it would put the clock forward to whatever comes next, which may be that the
/// handler's time is over. So that nothing does, hold time while such an answer is waited for. What tokio
/// sees needs none of this: its own timers, sockets and `spawn_blocking`.
///
/// Nothing that is waited for meanwhile may be a timer: it would not go off. Where time is not virtual,
/// nothing changes.
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
    // The clock stands still for as long as there is such a task. It ends as the sender is dropped.
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

    /// Runs something in virtual time, which is told of each time that tokio has nothing to run.
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
