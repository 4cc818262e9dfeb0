//! What becomes of a shard when the gateway misbehaves: cordial's beside twilight's own `Shard`, on the same
//! simulated Discord.
//!
//! ```text
//! RUST_BACKTRACE=0 cargo bench --bench gateway
//! ```
//!
//! prints a table in Markdown, after about a minute. Each measurement has a Discord and a thread of its own,
//! and one of the two alone connects to it, for as long as the row says, in real time: twilight connects
//! again without waiting, which would let virtual time stand still. Loopback answers at once; from far away
//! there is a round trip or two between connections.
//!
//! Run as a test, it looks at one row for a moment, and prints nothing.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::fmt::{self, Display};
use std::thread;
use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{ConnectionRecord, GatewayFault, Simulator};
use cordial::twilight::gateway::{ConfigBuilder, Shard, ShardId};
use futures_util::StreamExt;
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

/// How long each is watched.
const TIME: Duration = Duration::from_secs(3);

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    if !has("--bench") || has("--test") {
        let row = rows().remove(0);
        let watched = row.watch(Who::Cordial, Duration::from_millis(100));
        assert!(watched.connections > 0, "it connects");
        return;
    }
    let seconds = TIME.as_secs();
    println!("| within {seconds} s of a gateway that … | twilight | cordial |");
    println!("|---|---|---|");
    for row in rows() {
        let [twilight, cordial] = [Who::Twilight, Who::Cordial].map(|who| row.watch(who, TIME));
        println!("| {} | {twilight} | {cordial} |", row.what);
    }
}

/// Something that goes wrong all the time.
struct Row {
    what: &'static str,
    fault: GatewayFault,
    /// Whether there is a session first, which is then broken off.
    is_resumed: bool,
}

fn rows() -> Vec<Row> {
    let row = |what, fault: GatewayFault, is_resumed| Row {
        what,
        fault: fault.always(),
        is_resumed,
    };
    vec![
        row(
            "closes each connection with 4000 instead of saying hello",
            GatewayFault::close_instead_of_hello(4000),
            false,
        ),
        row(
            "breaks each connection off instead of saying hello",
            GatewayFault::drop_instead_of_hello(),
            false,
        ),
        row(
            "asks to connect again instead of saying hello",
            GatewayFault::reconnect_instead_of_hello(),
            false,
        ),
        row(
            "cannot resume the session now (op 9, true)",
            GatewayFault::invalid_on_resume(true),
            true,
        ),
        row(
            "knows the session no more (4007)",
            GatewayFault::close_on_resume(4007),
            true,
        ),
        row(
            "says that the session timed out (4009)",
            GatewayFault::close_on_resume(4009),
            true,
        ),
    ]
}

#[derive(Clone, Copy)]
enum Who {
    Twilight,
    Cordial,
}

/// What somebody did meanwhile.
struct Watched {
    connections: usize,
    resumes: usize,
    identifies: usize,
}

impl Row {
    /// Watches what one of them does about it.
    fn watch(&self, who: Who, time: Duration) -> Watched {
        let (fault, is_resumed) = (self.fault.clone(), self.is_resumed);
        let watching = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("a runtime");
            runtime.block_on(watch(who, fault, is_resumed, time))
        });
        watching.join().expect("no panic")
    }
}

async fn watch(who: Who, fault: GatewayFault, is_resumed: bool, time: Duration) -> Watched {
    let mut sim = Simulator::start(Bot::builder()).await;
    sim.quit().await;
    // Sessions may not be begun faster.
    sleep(Duration::from_secs(5)).await;
    let before = sim.connections().len();
    let client = connect(who, &sim);
    let misbehave = async {
        if is_resumed {
            while sim.connections().len() == before {
                sleep(Duration::from_millis(10)).await;
            }
            sleep(Duration::from_millis(200)).await;
        }
        sim.misbehave(fault);
        sim.drop_connections();
        sleep(time).await;
    };
    tokio::select! {
        () = client => unreachable!("it goes on"),
        () = misbehave => {}
    }
    let connections = sim
        .connections()
        .split_off(before + usize::from(is_resumed));
    let count =
        |is: fn(&ConnectionRecord) -> bool| connections.iter().filter(|one| is(one)).count();
    Watched {
        connections: connections.len(),
        resumes: count(ConnectionRecord::is_resumed),
        identifies: count(ConnectionRecord::is_identified),
    }
}

/// Connects, and stays connected.
async fn connect(who: Who, sim: &Simulator) {
    match who {
        Who::Cordial => {
            let bot = sim.beside(Bot::builder()).build().expect("a bot");
            drop(bot.run_until(std::future::pending()).await);
        }
        Who::Twilight => {
            let config = ConfigBuilder::new(sim.token().to_owned(), Intents::empty());
            let config = config.proxy_url(format!("ws://{}", sim.gateway_address()));
            let mut shard = Shard::with_config(ShardId::ONE, config.build());
            loop {
                // It would hold up the simulator, which has the same thread.
                let _received = timeout(Duration::from_millis(50), shard.next()).await;
                tokio::task::yield_now().await;
            }
        }
    }
}

impl Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} connections", self.connections)?;
        for (number, what) in [
            (self.resumes, "resumes"),
            (self.identifies, "sessions begun"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        Ok(())
    }
}
