//! The port of a server, which may be closed for a while: then connections are refused.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch::{Receiver, Sender};
use tokio::time::{Instant, timeout_at};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Closes and opens a port.
#[derive(Debug)]
pub(crate) struct Door(Sender<Closed>);

/// Until when a port is closed, if it is: for ever, if there is no time.
type Closed = Option<Option<Instant>>;

impl Door {
    /// Returns an open one.
    pub(crate) fn new() -> Self {
        Self(Sender::new(None))
    }

    /// Refuses connections, until a time or until it is opened.
    pub(crate) fn close(&self, until: Option<Instant>) {
        self.0.send_replace(Some(until));
    }

    pub(crate) fn open(&self) {
        self.0.send_replace(None);
    }
}

/// A port that is listened on while its door is open.
#[derive(Debug)]
pub(crate) struct Port {
    address: SocketAddr,
    /// `None` while the door is closed.
    listener: Option<TcpListener>,
    closed: Receiver<Closed>,
}

impl Port {
    pub(crate) fn new(listener: TcpListener, door: &Door) -> io::Result<Self> {
        Ok(Self {
            address: listener.local_addr()?,
            listener: Some(listener),
            closed: door.0.subscribe(),
        })
    }

    /// Waits for a connection.
    ///
    /// # Errors
    ///
    /// Fails if it was closed and cannot be listened on again.
    pub(crate) async fn accept(&mut self) -> io::Result<TcpStream> {
        loop {
            let Some(listener) = &self.listener else {
                self.listener = Some(self.reopen().await?);
                continue;
            };
            tokio::select! {
                biased;
                () = closed(&mut self.closed) => self.listener = None,
                accepted = listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        return Ok(stream);
                    }
                }
            }
        }
    }

    /// Waits until the door is open, and listens again. Meanwhile the port stays bound, so that no other
    /// program gets it.
    async fn reopen(&mut self) -> io::Result<TcpListener> {
        let kept = TcpSocket::new_v4()?;
        kept.set_reuseaddr(true)?;
        kept.bind(self.address)?;
        loop {
            let until = *self.closed.borrow_and_update();
            let changed = self.closed.changed();
            let is_over = match until {
                None => true,
                Some(None) => changed.await.is_err(),
                Some(Some(until)) => timeout_at(until, changed).await.is_err(),
            };
            if is_over {
                return kept.listen(BACKLOG);
            }
        }
    }
}

async fn closed(closed: &mut Receiver<Closed>) {
    let is_closed = |closed: &Closed| match closed {
        None => false,
        Some(until) => until.is_none_or(|until| Instant::now() < until),
    };
    if closed.wait_for(is_closed).await.is_err() {
        // Nobody can close it any more.
        std::future::pending::<()>().await;
    }
}
