//! The HTTP interface: what the subjects ask for when they start, and answers to interactions.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::source::bodies::{application, current_user, reply};
use crate::source::{Pace, Shared};

/// Accepts connections.
pub(crate) async fn serve(listener: TcpListener, gateway: SocketAddr, shared: &Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        drop(stream.set_nodelay(true));
        let shared = Arc::clone(shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { Ok::<_, Infallible>(respond(request, gateway, &shared).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn respond(
    request: Request<Incoming>,
    gateway: SocketAddr,
    shared: &Shared,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    // It was read, or the connection could not be used again.
    drop(body.collect().await);
    let path = head.uri.path();
    let path = path.trim_start_matches("/api/v10");
    let segments: Vec<_> = path.split('/').skip(1).collect();
    let data = match (&head.method, segments.as_slice()) {
        (&Method::GET, ["gateway"]) => json!({ "url": format!("ws://{gateway}") }),
        (&Method::GET, ["gateway", "bot"]) => recommended(gateway, shared),
        (&Method::GET, ["users", "@me"]) => current_user(),
        (&Method::GET, ["applications", "@me"] | ["oauth2", "applications", "@me"]) => {
            application()
        }
        // It knows none, and takes all: none of the subjects looks at what it has taken.
        (&Method::GET | &Method::PUT, ["applications", _, "commands"]) => json!([]),
        (&Method::POST, ["interactions", id, _, "callback"]) => {
            answered(shared);
            if head
                .uri
                .query()
                .unwrap_or("")
                .contains("with_response=true")
            {
                callback(id)
            } else {
                return respond_with(StatusCode::NO_CONTENT, None);
            }
        }
        (method, _) => {
            let asked = format!("{method} {}", without_ids(path));
            shared.record().unknown.insert(asked);
            let error = json!({ "code": 0, "message": "404: Not Found" });
            return respond_with(StatusCode::NOT_FOUND, Some(&error));
        }
    };
    respond_with(StatusCode::OK, Some(&data))
}

fn respond_with(status: StatusCode, data: Option<&Value>) -> Response<Full<Bytes>> {
    let body = data.map(Value::to_string).unwrap_or_default();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    if data.is_some() {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    response
}

fn recommended(gateway: SocketAddr, shared: &Shared) -> Value {
    json!({
        "url": format!("ws://{gateway}"),
        "shards": shared.script.shards,
        "session_start_limit": {
            "total": 1_000,
            "remaining": 1_000,
            "reset_after": 86_400_000,
            "max_concurrency": 16,
        },
    })
}

/// Notes that there is room for another interaction.
fn answered(shared: &Shared) {
    if let Pace::Unanswered(_) = shared.script.pace {
        shared.room.add_permits(1);
    }
}

/// What is said of an answer to those who ask: which message it made.
fn callback(id: &str) -> Value {
    json!({
        "interaction": { "id": id, "type": 2 },
        "resource": { "type": 4, "message": reply(id) },
    })
}

/// Writes a path so that those of a kind are alike, and without tokens.
fn without_ids(path: &str) -> String {
    let is_id = |segment: &str| segment.len() > 16;
    let segments = path.split('/');
    let segments: Vec<_> = segments
        .map(|segment| if is_id(segment) { "*" } else { segment })
        .collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_kind_are_alike() {
        let path =
            "/webhooks/1100000000000000001/aW50ZXJhY3Rpb246bm90LWEtc2VjcmV0/messages/@original";

        assert_eq!(without_ids(path), "/webhooks/*/*/messages/@original");
    }
}
