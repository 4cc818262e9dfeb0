//! The two servers of a simulated Discord, each on a port of its own on loopback.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};

use crate::testing::discord::{Discord, Rules};
use crate::testing::gateway::{Door, Port};
use crate::testing::tasks::Tasks;
use crate::testing::{gateway, rest};

/// A part of every token: a test can search for it where no token should be.
pub(crate) const SECRET: &str = "c2ltdWxhdGVk";
/// The token of every bot on the simulated Discord. It has the right form, and is useless elsewhere.
pub(crate) const TOKEN: &str = "c2ltdWxhdGVk.c2ltdWxhdGVk.c2ltdWxhdGVk";

/// The servers of a simulated Discord, which run until this is dropped.
pub(crate) struct Servers {
    pub(crate) discord: Arc<Discord>,
    pub(crate) gateway: SocketAddr,
    pub(crate) http: SocketAddr,
    _tasks: Tasks,
}

impl Servers {
    pub(crate) async fn start(rules: Rules) -> io::Result<Self> {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let gateway = TcpListener::bind(local).await?;
        let http = TcpListener::bind(local).await?;
        let addresses = (gateway.local_addr()?, http.local_addr()?);
        let discord = Arc::new(Discord::new(rules, format!("ws://{}", addresses.0)));
        let gateway = discord.with(|state| Port::new(gateway, &state.gateway.door))?;
        let http = Port::new(http, &Door::new())?;
        let mut tasks = Tasks::default();
        tasks.spawn(serve(gateway, Arc::clone(&discord), gateway::connect));
        tasks.spawn(serve(http, Arc::clone(&discord), rest::connect));
        Ok(Self {
            discord,
            gateway: addresses.0,
            http: addresses.1,
            _tasks: tasks,
        })
    }
}

/// Accepts connections for as long as it is polled, whenever the port is open.
async fn serve<C: Future<Output = ()> + Send + 'static>(
    mut port: Port,
    discord: Arc<Discord>,
    connect: fn(TcpStream, Arc<Discord>) -> C,
) {
    let mut connections = Tasks::default();
    while let Ok(stream) = port.accept().await {
        // Small messages must not wait for more: in virtual time nothing else would come.
        if stream.set_nodelay(true).is_ok() {
            connections.spawn(connect(stream, Arc::clone(&discord)));
        }
    }
}
