//! Bots whose surroundings are odd: a proxy that nobody asked for, no IPv4, or time that has passed unnoticed.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use cordial::bot::Endpoints;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::bot::{GATEWAY, HTTP};
use crate::process::Start;

#[tokio::test]
async fn x8_no_proxy_of_the_environment_is_asked() {
    let proxy = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    proxy.set_nonblocking(true).unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let mut start = Start::new().await;
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"] {
        start = start.env(name, &address);
        start = start.env(&name.to_lowercase(), &address);
    }

    let process = start.start().await;
    process.says("here, too").await;

    let nobody = proxy.accept().expect_err("nobody has come");
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock);
    process.stops().await;
}

#[tokio::test]
async fn g5_a_process_that_was_stopped_hears_what_it_has_missed() {
    let process = Start::new().await.start().await;
    process.lives_on(1).await;

    process.signal("STOP");
    process.tell("say one");
    // Longer than it takes to be taken for dead, were it not for the process.
    sleep(Duration::from_secs(4)).await;
    process.tell("say two");
    process.signal("CONT");
    process.has_answered("one").await;
    process.has_answered("two").await;

    process.lives_on(1).await;
    let transcript = process.sim.transcript();
    for answer in ["one", "two"] {
        let replies = transcript.replies();
        assert_eq!(replies.iter().filter(|reply| **reply == answer).count(), 1);
    }
    let sessions = process.sim.connections();
    assert_eq!(sessions.iter().filter(|one| one.is_identified()).count(), 2);
    process.stops().await;
}

#[tokio::test]
async fn c9_where_there_is_ipv6_alone_a_bot_runs() {
    let start = Start::new().await;
    let Endpoints { gateway, http } = start.endpoints();
    let (Some(gateway), Some(http)) = (relay(gateway).await, relay(http).await) else {
        return;
    };
    let start = start.env(GATEWAY, &gateway.to_string());
    let process = start.env(HTTP, &http.to_string()).start().await;

    process.says("here, too").await;

    process.stops().await;
}

/// Listens on this machine by IPv6, and hands on what comes to an address of IPv4. Returns nothing where there
/// is no IPv6.
async fn relay(to: SocketAddr) -> Option<SocketAddr> {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.ok()?;
    let address = listener.local_addr().ok()?;
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut to = TcpStream::connect(to).await?;
                copy_bidirectional(&mut from, &mut to).await
            });
        }
    });
    Some(address)
}
