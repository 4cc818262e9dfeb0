//! One attempt: a request is sent, and its answer read to the end.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::StatusCode;
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout_at};

use crate::http::request::Request;
use crate::http::tls::{self, Connector};

/// Who asks, as Discord wants to know it. (Discord: Reference, User Agent.)
const AGENT: &str = concat!(
    "DiscordBot (https://twilight.rs, 0.18) cordial/",
    env!("CARGO_PKG_VERSION"),
);
/// How long an answer may be: far longer than any of Discord's.
const LONGEST: usize = 64 << 20;
/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(5);

/// Where requests go.
pub(crate) struct Connection {
    client: Client<Connector, Full<Bytes>>,
    base: String,
    /// What says whose bot it is.
    authorization: Option<HeaderValue>,
}

/// An answer that arrived whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why no answer arrived whole.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It took too long.
    TimedOut,
    /// It was lost.
    Lost {
        /// What it would have been.
        status: Option<StatusCode>,
        /// Whether nothing can have been done: it was not sent.
        is_unsent: bool,
        cause: String,
    },
}

impl Connection {
    /// Prepares to ask Discord, or a proxy on this machine. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// As [`tls::connector`].
    pub(crate) fn new(token: Option<&str>, proxy: Option<SocketAddr>) -> io::Result<Self> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT));
        http.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            // A connection that died in silence holds up nobody for long.
            .http2_keep_alive_interval(Duration::from_secs(5))
            .http2_keep_alive_timeout(Duration::from_secs(3))
            .build(tls::connector(http)?);
        let authorization = token.and_then(|token| {
            let mut value = HeaderValue::try_from(format!("Bot {token}")).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        let base = match proxy {
            Some(address) => format!("http://{address}/api/v10/"),
            None => "https://discord.com/api/v10/".to_owned(),
        };
        Ok(Self {
            client,
            base,
            authorization,
        })
    }

    /// Returns the bot's token, to be looked for where it must not be.
    pub(crate) fn token(&self) -> Option<&str> {
        self.authorization
            .as_ref()?
            .to_str()
            .ok()?
            .strip_prefix("Bot ")
    }

    /// Sends a request, and reads its answer to the end, until a time.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it has ended, the request is broken off; whether it was done is not known.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        until: Instant,
    ) -> Result<Answer, Broken> {
        let mut sent = self.prepare(request).map_err(|cause| Broken::Lost {
            status: None,
            is_unsent: true,
            cause,
        })?;
        let used = capture_connection(&mut sent);
        if let Ok(answered) = timeout_at(until, self.send(sent)).await {
            return answered;
        }
        // It may have died in silence: nobody else is to wait for it.
        if let Some(connection) = &*used.connection_metadata() {
            connection.poison();
        }
        Err(Broken::TimedOut)
    }

    async fn send(&self, sent: hyper::Request<Full<Bytes>>) -> Result<Answer, Broken> {
        let response = self.client.request(sent).await;
        let response = response.map_err(|error| Broken::Lost {
            status: None,
            is_unsent: error.is_connect(),
            cause: innermost(&error),
        })?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await;
        match body {
            Ok(body) => Ok(Answer {
                status: head.status,
                headers: head.headers,
                body: body.to_bytes(),
            }),
            Err(error) => Err(Broken::Lost {
                status: Some(head.status),
                is_unsent: false,
                cause: innermost(&*error),
            }),
        }
    }

    fn prepare(&self, request: &Request) -> Result<hyper::Request<Full<Bytes>>, String> {
        let uri = format!("{}{}", self.base, request.path);
        let mut sent = hyper::Request::builder()
            .method(&request.method)
            .uri(uri)
            .body(Full::new(request.body.clone()))
            // The path is not shown: it may hold a token.
            .map_err(|_| "the path is not valid in a URL".to_owned())?;
        let headers = sent.headers_mut();
        headers.clone_from(&request.headers);
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(authorization) = self
            .authorization
            .as_ref()
            .filter(|_| request.is_authorized)
        {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        Ok(sent)
    }
}

/// Says why a request was not answered, without what was asked.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| (**error).source());
    chain.last().map_or_else(String::new, ToString::to_string)
}
