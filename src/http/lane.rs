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
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, TRANSFER_ENCODING, USER_AGENT,
};
use hyper::http::uri::PathAndQuery;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::http::carrier::Carrier;
use crate::http::request::Request;

/// What has the key.
pub(crate) const KEY: HeaderName = HeaderName::from_static("x-cordial-lane");
/// What twilight's client has instead of the bot's token.
pub(crate) const NO_TOKEN: &str = "kept-by-cordial";
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
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = TcpListener::from_std(listener)?;
        let key = new_key();
        let door = Arc::new(Door {
            carrier,
            key: key.clone(),
        });
        let serving = tokio::spawn(serve(listener, door)).abort_handle();
        Ok(Self {
            address,
            key,
            serving,
        })
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
                    connections.spawn(connect(stream, Arc::clone(&door)));
                }
                // Most likely too many files are open: those that are may be closed by then.
                Err(_) => tokio::task::yield_now().await,
            },
        }
    }
}

async fn connect(stream: TcpStream, door: Arc<Door>) {
    // Answers are small, and somebody waits for them.
    drop(stream.set_nodelay(true));
    let service = service_fn(|request| answer(request, &door));
    let connection = hyper::server::conn::http1::Builder::new();
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
    let carried = Request {
        method: head.method,
        path: path.to_owned(),
        is_authorized: head.headers.contains_key(AUTHORIZATION),
        headers: carried(head.headers),
        body: body.to_bytes(),
    };
    Ok(match door.carrier.carry(carried).await {
        Ok(answer) => {
            let mut carried = response(answer.status, answer.body);
            let content_type = answer.headers.get(CONTENT_TYPE).cloned();
            let headers = content_type.map(|value| (CONTENT_TYPE, value));
            carried.headers_mut().extend(headers);
            carried
        }
        Err(trouble) => {
            let status = StatusCode::from_u16(trouble.told_status());
            let status = status.unwrap_or(StatusCode::BAD_GATEWAY);
            response(status, trouble.told_body().into())
        }
    })
}

/// Leaves out the headers that are about this way alone.
fn carried(mut headers: HeaderMap) -> HeaderMap {
    for name in [
        KEY,
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
