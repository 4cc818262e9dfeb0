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
use crate::meta::Meta;

thread_local! {
    static IN_HANDLER: Cell<bool> = const { Cell::new(false) };
    static LATEST: RefCell<Option<(PanicPlace, Backtrace)>> = const { RefCell::new(None) };
}

/// Runs a future; a panic in it becomes an error.
pub(crate) async fn catch<F: Future>(handler: &Meta, future: F) -> Result<F::Output, Panicked> {
    install_hook();
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|task| poll_caught(handler, future.as_mut(), task)).await
}

fn poll_caught<F: Future>(
    handler: &Meta,
    future: Pin<&mut F>,
    task: &mut TaskContext<'_>,
) -> Poll<Result<F::Output, Panicked>> {
    let outer = IN_HANDLER.replace(true);
    // The future is not polled again after a panic, so nobody sees it half changed.
    let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.poll(task)));
    IN_HANDLER.set(outer);
    match polled {
        Ok(polled) => polled.map(Ok),
        Err(payload) => Poll::Ready(Err(panicked(handler, payload))),
    }
}

fn panicked(handler: &Meta, payload: Box<dyn Any + Send>) -> Panicked {
    let (place, backtrace) = LATEST.take().unzip();
    let message = match payload.downcast::<&'static str>() {
        Ok(text) => (*text).to_owned(),
        Err(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => {
                // Its destructor may panic in turn, outside of any handler.
                std::mem::forget(payload);
                "a value that is no text".to_owned()
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
            if IN_HANDLER.get() {
                LATEST.set(place(info).map(|place| (place, Backtrace::capture())));
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
