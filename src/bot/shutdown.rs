//! The signals by which the system stops the bot.

use std::future::Future;
use std::io;

use tokio_util::sync::{CancellationToken, DropGuard};

/// SIGINT (Ctrl+C) and SIGTERM, which it listens for until it is dropped.
pub(crate) struct Signals {
    /// Cancelled when the process is told to stop.
    pub(crate) stop: CancellationToken,
    /// Cancelled at the second signal.
    pub(crate) hurry: CancellationToken,
    _listening: DropGuard,
}

impl Signals {
    /// Begins to listen. If that is impossible, it logs a warning, and no signal arrives.
    pub(crate) fn listen() -> Self {
        let (stop, hurry) = (CancellationToken::new(), CancellationToken::new());
        let end = CancellationToken::new();
        let told = [stop.clone(), hurry.clone()];
        match listen(told) {
            Ok(listening) => drop(tokio::spawn(
                end.clone().run_until_cancelled_owned(listening),
            )),
            Err(error) => tracing::warn!(%error, "cannot listen for signals"),
        }
        Self {
            stop,
            hurry,
            _listening: end.drop_guard(),
        }
    }
}

/// Cancels a token with each signal.
#[cfg(unix)]
fn listen(told: [CancellationToken; 2]) -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut terminations = signal(SignalKind::terminate())?;
    Ok(async move {
        for token in told {
            tokio::select! {
                _ = interrupts.recv() => {}
                _ = terminations.recv() => {}
            }
            token.cancel();
        }
    })
}

/// Cancels a token with each signal.
#[cfg(windows)]
fn listen(told: [CancellationToken; 2]) -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::windows::{ctrl_c, ctrl_close};

    let mut interrupts = ctrl_c()?;
    let mut closings = ctrl_close()?;
    Ok(async move {
        for token in told {
            tokio::select! {
                _ = interrupts.recv() => {}
                _ = closings.recv() => {}
            }
            token.cancel();
        }
    })
}

/// Reports that this system has no signals.
#[cfg(not(any(unix, windows)))]
fn listen(_: [CancellationToken; 2]) -> io::Result<impl Future<Output = ()> + Send> {
    Err::<std::future::Ready<()>, _>(io::ErrorKind::Unsupported.into())
}
