//! The addresses of Discord, unless the author sets others.

use std::net::SocketAddr;

/// The addresses of the gateway and the HTTP interface of a proxy or simulator, to use instead of Discord's.
///
/// The bot sends them its token in plain text, so they must be on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The address of the gateway's websockets.
    pub gateway: SocketAddr,
    /// The address of the HTTP interface.
    pub http: SocketAddr,
}

impl Endpoints {
    /// Returns whether what is sent there stays on this machine.
    pub(crate) fn are_local(&self) -> bool {
        self.gateway.ip().is_loopback() && self.http.ip().is_loopback()
    }
}
