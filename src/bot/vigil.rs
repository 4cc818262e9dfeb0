//! What runs beside a bot from its start to its very end: the health server and the recording of metrics.

use std::net::SocketAddr;
use std::time::Duration;

use crate::exception::AddressUnavailable;
use crate::failure::Result;
use crate::health::{Health, Server};
#[cfg(feature = "metrics")]
use crate::metrics::Recording;

/// How long a shard may be without a session: it is common that a gateway refuses a few times.
const TOLERANCE: Duration = Duration::from_secs(60);

/// How the health of a bot is published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookout {
    /// The address where it is served.
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

/// Publishes the health of a bot, for as long as it is held.
#[derive(Debug)]
#[must_use = "nothing is told once it is dropped"]
pub(crate) struct Vigil {
    _server: Option<Server>,
    #[cfg(feature = "metrics")]
    _recording: Option<Recording>,
}

impl Vigil {
    /// Begins to publish the health.
    ///
    /// # Errors
    ///
    /// [`AddressUnavailable`] if the bot cannot listen on the address.
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
