//! What a test can do to the gateway: break it, and read who connected to it.

use std::net::SocketAddr;

use crate::bot::Endpoints;
use crate::testing::gateway::fault::{GatewayFault, HEARTBEAT};
use crate::testing::gateway::record::ConnectionRecord;
use crate::testing::sessions::Outgoing;
use crate::testing::simulator::Simulator;

/// Faults of the gateway.
impl Simulator {
    /// Makes the gateway fail when the moment of the [`GatewayFault`] comes.
    ///
    /// If several faults are for the same moment, the one that was added first strikes.
    /// [`mend`](Self::mend) removes all.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    /// use cordial::testing::{GatewayFault, Simulator};
    ///
    /// #[listener]
    /// async fn welcome(_: &Context, _: &MemberAdd) {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sim = Simulator::start(Bot::builder().add(handlers![welcome])).await;
    /// sim.misbehave(GatewayFault::cut_event(20));
    ///
    /// sim.join("alice").await;
    ///
    /// assert!(sim.connections()[1].is_resumed());
    /// sim.stop().await.assert_completed("welcome");
    /// # }
    /// ```
    pub fn misbehave(&self, fault: GatewayFault) {
        self.discord().with(|state| state.gateway.misbehave(fault));
    }

    /// Asks every shard for a heartbeat, at once.
    pub fn ask_for_heartbeat(&self) {
        let request = Outgoing::Text(HEARTBEAT.to_owned());
        self.discord().with(|state| state.write_all(&request));
    }

    /// Returns the address of the gateway, for a client of the test's own.
    #[must_use]
    pub fn gateway_address(&self) -> SocketAddr {
        self.servers.gateway
    }

    /// Returns the addresses of the gateway and the HTTP interface.
    ///
    /// Give them to a bot that the test starts itself, such as one in another process.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        Endpoints {
            gateway: self.servers.gateway,
            http: self.servers.http,
        }
    }

    /// Returns every connection to the gateway so far, in the order they were accepted.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionRecord> {
        self.look(|state| state.gateway.records.clone())
    }
}
