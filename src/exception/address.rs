//! The error of an address on which the bot cannot listen.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::Exception;

/// The bot cannot listen on the address where it is to serve something.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{what} cannot be served on {address}: {}", advice(why.kind()))]
pub struct AddressUnavailable {
    what: &'static str,
    address: SocketAddr,
    #[source]
    why: Arc<io::Error>,
}

impl AddressUnavailable {
    pub(crate) fn new(what: &'static str, address: SocketAddr, why: io::Error) -> Self {
        Self {
            what,
            address,
            why: Arc::new(why),
        }
    }

    /// Returns the address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Says what to do about it.
fn advice(why: io::ErrorKind) -> &'static str {
    match why {
        io::ErrorKind::AddrInUse => {
            "another process already listens there, perhaps a second instance of this one; stop \
             it, or choose another port"
        }
        io::ErrorKind::AddrNotAvailable => {
            "the address does not belong to this machine; choose 127.0.0.1 to be reachable from \
             this machine only, or 0.0.0.0 to be reachable from everywhere"
        }
        io::ErrorKind::PermissionDenied => {
            "this process lacks the privileges; choose a port above 1023, which needs none"
        }
        _ => "choose another address or port",
    }
}
