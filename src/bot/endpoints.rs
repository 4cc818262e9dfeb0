//! Where Discord is: Discord itself, unless the author says otherwise.

use std::net::SocketAddr;

/// Where the gateway and the HTTP interface are, instead of at Discord: a proxy, or the simulator.
///
/// They are spoken to in plain text, token included, so they must be on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Where the gateway listens for websockets.
    pub gateway: SocketAddr,
    /// Where the HTTP interface listens.
    pub http: SocketAddr,
}

impl Endpoints {
    /// Returns whether what is sent there stays on this machine.
    pub(crate) fn are_local(&self) -> bool {
        self.gateway.ip().is_loopback() && self.http.ip().is_loopback()
    }
}
