//! Panics caught where they happen, with place and backtrace.
//!
//! Catching a panic yields its message alone. The place and the stack are known to the panic hook
//! only, which runs on the same thread just before, so it leaves them there to be picked up. The
//! hook that was set before still runs: what it prints or sends is the author's choice.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context as TaskContext, Poll};

use crate::exception::{PanicPlace, Panicked};
use crate::failure::{Failure, IntoFailure};
use crate::meta::Meta;

thread_local! {
    /// Which run of an author's code the thread is in, if any.
    static RUN: Cell<Option<u64>> = const { Cell::new(None) };
    /// How many there were.
    static RUNS: Cell<u64> = const { Cell::new(0) };
    /// The latest panic in one of them, and in which.
    static LATEST: RefCell<Option<(u64, PanicPlace, Backtrace)>> = const { RefCell::new(None) };
}

/// A future of the author's, polled and dropped so that a panic in it becomes an error.
pub(crate) struct Caught<'a, F> {
    handler: &'a Meta,
    future: Pin<&'a mut Option<F>>,
}

impl<'a, T, F: Future<Output = Result<T, Failure>>> Caught<'a, F> {
    pub(crate) fn new(handler: &'a Meta, future: Pin<&'a mut Option<F>>) -> Self {
        install_hook();
        Self { handler, future }
    }

    /// Waits until the future has finished, or panicked. It is not polled after that.
    pub(crate) async fn finished(&mut self) -> Result<T, Failure> {
        std::future::poll_fn(|task| self.poll(task)).await
    }

    fn poll(&mut self, task: &mut TaskContext<'_>) -> Poll<Result<T, Failure>> {
        if self.future.is_none() {
            return Poll::Pending;
        }
        let mut result = None;
        let run = caught(self.handler, || {
            let future = self.future.as_mut().as_pin_mut();
            if let Some(Poll::Ready(ready)) = future.map(|future| future.poll(task)) {
                result = Some(ready);
                self.future.set(None);
            }
        });
        match (run, result) {
            (Ok(()), None) => Poll::Pending,
            (Ok(()), Some(result)) => Poll::Ready(result),
            // What is finished is dropped, and its destructors are the author's too.
            (Err(panic), Some(Err(failure))) => Poll::Ready(Err(failure.with_detail(panic))),
            (Err(panic), _) => Poll::Ready(Err(panic.into_failure())),
        }
    }

    /// Drops the future, if it has not finished.
    pub(crate) fn discard(&mut self) -> Result<(), Panicked> {
        if self.future.is_none() {
            return Ok(());
        }
        caught(self.handler, || self.future.set(None))
    }
}

/// Runs code of the author's; a panic in it becomes an error.
pub(crate) fn caught<T>(handler: &Meta, run: impl FnOnce() -> T) -> Result<T, Panicked> {
    let number = RUNS.get();
    RUNS.set(number.wrapping_add(1));
    let outer = RUN.replace(Some(number));
    // What panicked is not looked at again, so nobody sees it half changed.
    let result = std::panic::catch_unwind(AssertUnwindSafe(run));
    RUN.set(outer);
    result.map_err(|payload| panicked(handler, number, payload))
}

/// Writes to the log, whose subscriber is the program's: some panic when there is nowhere to write to, and
/// what only tells of something must not end it.
pub(crate) fn logged(write: impl FnOnce()) {
    if let Err(payload) = std::panic::catch_unwind(AssertUnwindSafe(write)) {
        // Its destructor may panic in turn.
        std::mem::forget(payload);
    }
}

fn panicked(handler: &Meta, run: u64, payload: Box<dyn Any + Send>) -> Panicked {
    // What an earlier panic left that was caught on the way is not about this one.
    let latest = LATEST.take().filter(|(its_run, ..)| *its_run == run);
    let (place, backtrace) = latest
        .map(|(_, place, backtrace)| (place, backtrace))
        .unzip();
    let message = match payload.downcast::<&'static str>() {
        Ok(text) => (*text).to_owned(),
        Err(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => {
                // Its destructor may panic in turn, outside of any handler.
                std::mem::forget(payload);
                "a value that is not text".to_owned()
            }
        },
    };
    Panicked::new(handler, message, place, backtrace)
}

fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let earlier = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if let Some(run) = RUN.get() {
                LATEST.set(place(info).map(|place| (run, place, Backtrace::capture())));
            }
            earlier(info);
        }));
    });
}

fn place(info: &PanicHookInfo<'_>) -> Option<PanicPlace> {
    info.location().map(|location| PanicPlace {
        file: location.file().to_owned(),
        line: location.line(),
        column: location.column(),
    })
}
