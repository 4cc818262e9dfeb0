//! What goes on beside a bot from its start to its very end: its health is served, and recorded.

use std::net::SocketAddr;
use std::time::Duration;

use crate::exception::AddressUnavailable;
use crate::failure::Result;
use crate::health::{Health, Server};
#[cfg(feature = "metrics")]
use crate::metrics::Recording;

/// How long a shard may be without a session: a gateway that refuses a few times is common.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Who is to be told of the health of a bot, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookout {
    /// Where it is served.
    pub(crate) address: Option<SocketAddr>,
    /// How long shards may be without sessions.
    pub(crate) tolerance: Duration,
    #[cfg(feature = "metrics")]
    pub(crate) is_recorded: bool,
}

impl Default for Lookout {
    fn default() -> Self {
        Self {
            address: None,
            tolerance: TOLERANCE,
            #[cfg(feature = "metrics")]
            is_recorded: false,
        }
    }
}

/// What tells of the health of a bot, for as long as it is held.
#[derive(Debug)]
#[must_use = "nothing is told once it is dropped"]
pub(crate) struct Vigil {
    _server: Option<Server>,
    #[cfg(feature = "metrics")]
    _recording: Option<Recording>,
}

impl Vigil {
    /// Begins to tell.
    ///
    /// # Errors
    ///
    /// [`AddressUnavailable`] if the health cannot be served where it is to be.
    pub(crate) async fn begin(lookout: Lookout, health: &Health) -> Result<Self> {
        let server = match lookout.address {
            Some(address) => {
                let opened = Server::open(address, health.clone(), lookout.tolerance).await;
                let what = "the health of the bot";
                Some(opened.map_err(|why| AddressUnavailable::new(what, address, why))?)
            }
            None => None,
        };
        Ok(Self {
            _server: server,
            #[cfg(feature = "metrics")]
            _recording: lookout
                .is_recorded
                .then(|| Recording::begin(health.clone())),
        })
    }
}
