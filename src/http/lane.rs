//! The lane by which twilight's client reaches what carries requests.
//!
//! twilight's client has one way to Discord, and what it does on it cannot be changed: a rate limit is
//! asked about again at once, for ever; first answers to interactions are sent one by one; a body
//! may take as long as it likes. But it can be told of a proxy, which is to keep the limits for it. So
//! cordial is that proxy: on a port of this machine, in this process. Every call that an author
//! makes with the client is carried as cordial's own calls are, which do not go this way.
//!
//! The client knows neither the bot's token nor the limits. Nobody else can use the lane: each
//! request must have a key that only the client has.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName,
    HeaderValue, TRANSFER_ENCODING, USER_AGENT,
};
use hyper::http::uri::PathAndQuery;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinSet};

use crate::exception::{End, Route, Scope, Trouble};
use crate::http::call::carry;
use crate::http::carrier::Carrier;
use crate::http::files;
use crate::http::request::Request;

/// What has the key.
pub(crate) const KEY: HeaderName = HeaderName::from_static("x-cordial-lane");
/// What twilight's client has instead of the bot's token.
pub(crate) const NO_TOKEN: &str = "kept-by-cordial";
/// How many connections are kept for the next request.
const KEPT: usize = 128;
/// What every path begins with.
const VERSION: &str = "/api/v10/";

/// The lane, as long as it is held.
pub(crate) struct Lane {
    pub(crate) address: SocketAddr,
    pub(crate) key: HeaderValue,
    serving: AbortHandle,
}

impl Lane {
    /// Opens a lane.
    ///
    /// # Errors
    ///
    /// Why there is no port for it.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub(crate) fn open(carrier: Arc<Carrier>) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        // Many may come at once: one that found no place would try again only after a second.
        let listener = socket.listen(4096)?;
        let address = listener.local_addr()?;
        let key = new_key();
        let door = Arc::new(Door {
            carrier,
            key: key.clone(),
            room: Semaphore::new(room()),
        });
        let serving = tokio::spawn(serve(listener, door)).abort_handle();
        Ok(Self {
            address,
            key,
            serving,
        })
    }

    /// Returns whether it leads nowhere any more, because its runtime has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.serving.is_finished()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// What lets requests in.
struct Door {
    carrier: Arc<Carrier>,
    key: HeaderValue,
    /// For how many calls there is room: each has two connections within this process.
    room: Semaphore,
}

/// Returns for how many calls there is room. A call on its way may need a third connection, and others
/// than this need files, too.
fn room() -> usize {
    const MOST: u64 = 4096;
    const FOR_OTHERS: u64 = 64;

    let files = files::limit().unwrap_or(u64::MAX);
    let room = (files.saturating_sub(FOR_OTHERS) / 3).clamp(16, MOST);
    usize::try_from(room).unwrap_or(usize::MAX)
}

/// Makes a key that nobody can foresee: the standard library takes its hashers' keys from the system.
fn new_key() -> HeaderValue {
    let random = || RandomState::new().hash_one(0);
    let key = format!("{:016x}{:016x}", random(), random());
    let mut key = HeaderValue::try_from(key).unwrap_or_else(|_| unreachable!("digits"));
    key.set_sensitive(true);
    key
}

async fn serve(listener: TcpListener, door: Arc<Door>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let is_crowded = connections.len() >= KEPT;
                    connections.spawn(connect(stream, Arc::clone(&door), is_crowded));
                }
                // Most likely too many files are open: some may be closed by then.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
}

/// Serves a connection; where there are many, for one request.
async fn connect(stream: TcpStream, door: Arc<Door>, is_crowded: bool) {
    // Answers are small, and somebody waits for them.
    drop(stream.set_nodelay(true));
    let service = service_fn(|request| answer(request, &door));
    let mut connection = hyper::server::conn::http1::Builder::new();
    // None is closed because nothing comes: something may just be on its way.
    connection.keep_alive(!is_crowded);
    let served = connection.serve_connection(TokioIo::new(stream), service);
    // A call that was dropped is no trouble: its request is broken off with the connection.
    drop(served.await);
}

async fn answer(
    request: hyper::Request<Incoming>,
    door: &Door,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map(PathAndQuery::as_str);
    let path = path.and_then(|path| path.strip_prefix(VERSION));
    let (Some(path), true) = (path, head.headers.get(&KEY) == Some(&door.key)) else {
        return Ok(response(StatusCode::FORBIDDEN, Bytes::new()));
    };
    let Ok(body) = body.collect().await else {
        return Ok(response(StatusCode::BAD_REQUEST, Bytes::new()));
    };
    let Ok(_room) = door.room.try_acquire() else {
        return Ok(told(&crowded(&Route::new(head.method.as_str(), path))));
    };
    let carried = Request {
        method: head.method,
        path: path.to_owned(),
        is_authorized: head.headers.contains_key(AUTHORIZATION),
        headers: end_to_end(head.headers),
        body: body.to_bytes(),
    };
    Ok(match carry(&door.carrier, carried).await {
        Ok(answer) => {
            let mut response = response(answer.status, answer.body);
            *response.headers_mut() = end_to_end(answer.headers);
            response
        }
        Err(trouble) => told(&trouble),
    })
}

/// Tells twilight's client how a call ended.
fn told(trouble: &Trouble) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(trouble.told_status());
    let status = status.unwrap_or(StatusCode::BAD_GATEWAY);
    response(status, trouble.told_body().into())
}

/// Says that there is no room for another call.
fn crowded(route: &Route) -> Trouble {
    Trouble {
        route: route.clone(),
        attempts: 0,
        allowed: None,
        end: End::Answered {
            status: 429,
            body: r#"{"message":"too many of this bot's own calls wait for their turn"}"#
                .to_owned(),
            retry_after: None,
            scope: Some(Scope::User),
        },
    }
}

/// Leaves out the headers that are about one way alone, and who asks.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in [
        KEY,
        ACCEPT_ENCODING,
        AUTHORIZATION,
        CONNECTION,
        CONTENT_LENGTH,
        HOST,
        TRANSFER_ENCODING,
        USER_AGENT,
    ] {
        headers.remove(name);
    }
    headers
}

fn response(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response
}
