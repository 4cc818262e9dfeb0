//! A small HTTP server that tells how a bot is, to what looks after processes.
//!
//! It must do no harm, whoever reaches it: it reads little, waits for nothing long, keeps few connections,
//! and changes nothing. Each connection is for one request. When another comes and there are enough, the
//! oldest is closed: an honest one takes milliseconds, so it is most likely one that says nothing.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::health::Health;
use crate::health::page::page;

/// How many connections there are at most.
const MOST: usize = 32;
/// How long a request may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(5);
/// How long a connection may last altogether.
const LIFETIME: Duration = Duration::from_secs(10);
/// How long a request may be: the least that hyper takes as a limit.
const REQUEST_BYTES: usize = 8192;
/// How many headers it may have.
const HEADERS: usize = 64;

/// The server, as long as it is held.
#[derive(Debug)]
pub(crate) struct Server {
    serving: AbortHandle,
}

/// What is told.
struct Desk {
    health: Health,
    tolerance: Duration,
}

impl Server {
    /// Begins to serve.
    ///
    /// # Errors
    ///
    /// Why the address cannot be had.
    pub(crate) async fn open(
        address: SocketAddr,
        health: Health,
        tolerance: Duration,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        tracing::info!(%address, "serving the health of the bot");
        // A bot runs once.
        health.0.address.get_or_init(|| address);
        let desk = Arc::new(Desk { health, tolerance });
        let serving = tokio::spawn(serve(listener, desk)).abort_handle();
        Ok(Self { serving })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let mut connections = JoinSet::new();
    let mut oldest_first: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    oldest_first.retain(|connection| !connection.is_finished());
                    if oldest_first.len() >= MOST
                        && let Some(oldest) = oldest_first.pop_front()
                    {
                        oldest.abort();
                    }
                    let connection = connect(stream, Arc::clone(&desk));
                    oldest_first.push_back(connections.spawn(connection));
                }
                // Most likely too many files are open: some may be closed by then.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    }
}

/// Serves a connection, for one request.
async fn connect(stream: TcpStream, desk: Arc<Desk>) {
    // Answers are small, and somebody waits for them.
    drop(stream.set_nodelay(true));
    let service = service_fn(|request| future::ready(Ok::<_, Infallible>(desk.answer(&request))));
    let mut connection = http1::Builder::new();
    let connection = connection
        .timer(TokioTimer::new())
        .header_read_timeout(ARRIVAL)
        .max_buf_size(REQUEST_BYTES)
        .max_headers(HEADERS)
        .keep_alive(false);
    let served = connection.serve_connection(TokioIo::new(stream), service);
    // What became of it matters to nobody but the client.
    drop(timeout(LIFETIME, served).await);
}

impl Desk {
    /// Answers a request. Its body is not read.
    fn answer<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        let page: fn(&Self) -> _ = match request.uri().path() {
            "/healthz" => Self::healthz,
            "/livez" => |_| (StatusCode::OK, json!({ "alive": true })),
            _ => return response(StatusCode::NOT_FOUND, &json!({ "error": "not found" })),
        };
        // hyper leaves the body out where only the head was asked for.
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            let error = json!({ "error": "method not allowed" });
            let mut refusal = response(StatusCode::METHOD_NOT_ALLOWED, &error);
            let headers = refusal.headers_mut();
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refusal;
        }
        let (status, page) = page(self);
        response(status, &page)
    }

    fn healthz(&self) -> (StatusCode, Value) {
        let (is_well, page) = page(&self.health, self.tolerance);
        let status = if is_well {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, page)
    }
}

fn response(status: StatusCode, page: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(format!("{page}\n").into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
