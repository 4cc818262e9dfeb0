//! Being told to stop by the system.

use tokio_util::sync::{CancellationToken, DropGuard};

/// What the process is told by SIGINT (Ctrl+C) and SIGTERM. It listens until it is dropped.
pub(crate) struct Signals {
    /// Cancelled when the process is told to stop.
    pub(crate) stop: CancellationToken,
    /// Cancelled when it is told again.
    pub(crate) hurry: CancellationToken,
    _listening: DropGuard,
}

impl Signals {
    /// Listens from now on.
    pub(crate) fn listen() -> Self {
        let (stop, hurry) = (CancellationToken::new(), CancellationToken::new());
        let end = CancellationToken::new();
        let told = [stop.clone(), hurry.clone()];
        let listening = end.clone().run_until_cancelled_owned(async move {
            for token in told {
                signal().await;
                token.cancel();
            }
        });
        tokio::spawn(listening);
        Self {
            stop,
            hurry,
            _listening: end.drop_guard(),
        }
    }
}

async fn signal() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "cannot listen for Ctrl+C");
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signals) => drop(signals.recv().await),
        Err(error) => {
            tracing::warn!(%error, "cannot listen for SIGTERM");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
