//! What an answer says of a rate limit, and the refusal of a request beyond it. (Discord: Rate Limits,
//! Header Format and Exceeding A Rate Limit.)

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::exception::Scope;
use crate::testing::rest::request::split;
use crate::testing::rest::sent::Sent;

/// The page that Cloudflare shows to a client that asks too much.
const EDGE_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>Access denied | \
                         discord.com used Cloudflare to restrict access</title></head>\n<body>\
                         <h1>Error 1015</h1><h2>You are being rate limited</h2></body>\n</html>\n";

/// What is left of a limit.
#[derive(Clone, Debug)]
pub(crate) struct Quota {
    pub(crate) bucket: String,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) resets_at: Instant,
}

/// Too much was asked.
pub(crate) struct Refusal {
    pub(crate) scope: Scope,
    pub(crate) retry_after: Duration,
    /// The limit of the route, which can be another than the one that was exceeded.
    pub(crate) quota: Option<Quota>,
}

impl Quota {
    /// Sets the headers of an answer that is sent at `now`, in milliseconds since 1970.
    pub(crate) fn tell(&self, sent: &mut Sent, now: u64) {
        let left = millis(self.resets_at.saturating_duration_since(Instant::now()));
        sent.tell("x-ratelimit-limit", &self.limit.to_string());
        sent.tell("x-ratelimit-remaining", &self.remaining.to_string());
        sent.tell("x-ratelimit-reset", &seconds(now + left));
        sent.tell("x-ratelimit-reset-after", &seconds(left));
        sent.tell("x-ratelimit-bucket", &self.bucket);
    }
}

impl Refusal {
    /// Returns the answer, if it is sent now.
    pub(crate) fn into_sent(self, now: u64) -> Sent {
        let after = millis(self.retry_after);
        let mut sent = match self.scope {
            Scope::Edge => Sent::new(429, EDGE_PAGE),
            scope => {
                let whose = match scope {
                    Scope::Shared => "The resource is",
                    _ => "You are",
                };
                let body = json!({
                    "message": format!("{whose} being rate limited."),
                    "retry_after": Duration::from_millis(after).as_secs_f64(),
                    "global": scope == Scope::Global,
                });
                Sent::new(429, body.to_string())
            }
        };
        sent.tell("retry-after", &after.div_ceil(1_000).to_string());
        if let Some(quota) = &self.quota {
            quota.tell(&mut sent, now);
        }
        if self.scope == Scope::Global {
            sent.tell("x-ratelimit-global", "true");
        }
        if let Some(scope) = name(self.scope) {
            sent.tell("x-ratelimit-scope", scope);
        }
        sent
    }
}

/// Returns what the header calls a scope.
pub(crate) fn name(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::User => Some("user"),
        Scope::Shared => Some("shared"),
        Scope::Global => Some("global"),
        Scope::Edge => None,
    }
}

/// Returns a time in milliseconds, rounded up: a client that waits so long has waited long enough.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// Returns milliseconds as seconds, with decimals.
fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

/// Returns the name of the bucket of a route that was given none.
pub(crate) fn bucket_of(method: &str, path: &str) -> String {
    let named = split(path).map(|segment| match segment {
        "**" => "any",
        "*" | "{token}" => "id",
        segment if segment.bytes().all(|byte| byte.is_ascii_digit()) => "id",
        segment => segment,
    });
    let method = if method == "*" { "any" } else { method };
    let named: Vec<_> = std::iter::once(method).chain(named).collect();
    named.join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_after_its_route() {
        let named = [
            ("POST", "/channels/*/messages", "post-channels-id-messages"),
            (
                "GET",
                "/channels/17/messages/18",
                "get-channels-id-messages-id",
            ),
            ("*", "/**", "any-any"),
        ];
        for (method, path, name) in named {
            assert_eq!(bucket_of(method, path), name);
        }
    }
}
