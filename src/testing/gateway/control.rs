//! What a test can do to the gateway: break it, and look at who connected to it.

use std::net::SocketAddr;

use crate::bot::Endpoints;
use crate::testing::gateway::fault::{GatewayFault, HEARTBEAT};
use crate::testing::gateway::record::ConnectionRecord;
use crate::testing::sessions::Outgoing;
use crate::testing::simulator::Simulator;

/// What goes wrong with the gateway.
impl Simulator {
    /// Lets something go wrong with the gateway when its moment comes, as the [`GatewayFault`] says.
    ///
    /// Of several that are for one moment, the one that was told first strikes. [`mend`](Self::mend)
    /// takes all back.
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

    /// Asks every shard for a sign of life, at once.
    pub fn ask_for_heartbeat(&self) {
        let request = Outgoing::Text(HEARTBEAT.to_owned());
        self.discord().with(|state| state.write_all(&request));
    }

    /// Returns where the gateway listens, for a client of the test's own.
    #[must_use]
    pub fn gateway_address(&self) -> SocketAddr {
        self.servers.gateway
    }

    /// Returns where the gateway and the HTTP interface listen, for a bot of the test's own: one in another
    /// process, say.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        Endpoints {
            gateway: self.servers.gateway,
            http: self.servers.http,
        }
    }

    /// Returns every connection to the gateway so far, in the order that they were accepted in.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionRecord> {
        self.look(|state| state.gateway.records.clone())
    }
}
