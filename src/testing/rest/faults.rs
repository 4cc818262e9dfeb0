//! The faults that wait for their request, and the answers when they hit it.

use std::time::Duration;

use tokio::time::Instant;

use crate::exception::Scope;
use crate::testing::rest::fault::{Fault, Given, Kind};
use crate::testing::rest::quota::{Quota, Refusal, bucket_of};
use crate::testing::rest::request::Request;
use crate::testing::rest::sent::Sent;

/// The limit in the headers where a test sets none.
const USUAL_LIMIT: u32 = 5;
/// When that limit is reset, if it is not the one that was exceeded.
const USUAL_WINDOW: Duration = Duration::from_secs(1);

/// The faults that wait for their request.
#[derive(Default)]
pub(crate) struct Faults(Vec<Injected>);

/// A fault, and the requests that it is for.
struct Injected {
    method: String,
    path: String,
    fault: Fault,
    /// How many requests it will still hit.
    left: usize,
    until: Option<Instant>,
}

impl Faults {
    pub(crate) fn inject(&mut self, method: &str, path: &str, fault: Fault) {
        self.0.push(Injected {
            method: method.to_owned(),
            path: path.to_owned(),
            left: fault.hits(),
            until: fault.lasting.map(|lasting| Instant::now() + lasting),
            fault,
        });
    }

    pub(crate) fn mend(&mut self) {
        self.0.clear();
    }

    /// Returns the fault that hits a request: the first that was injected for it.
    pub(crate) fn hit(&mut self, request: &Request) -> Option<Fault> {
        let now = Instant::now();
        self.0
            .retain(|injected| injected.left > 0 && injected.until.is_none_or(|until| now < until));
        let is_meant = |injected: &&mut Injected| request.is_like(&injected.method, &injected.path);
        let injected = self.0.iter_mut().find(is_meant)?;
        injected.left -= 1;
        let mut fault = injected.fault.clone();
        let limited = Kind::retry_after(&mut fault.kind);
        if let (Some(until), Some(retry_after)) = (injected.until, limited) {
            *retry_after = (*retry_after).min(until - now);
        }
        Some(fault)
    }
}

/// A request that is hit by a fault, at a moment in milliseconds since 1970.
pub(crate) struct Hit<'a> {
    pub(crate) request: &'a Request,
    /// What is left of the limit of its route.
    pub(crate) quota: Option<&'a Quota>,
    pub(crate) now: u64,
}

impl Given {
    /// Returns the answer. There is a true answer if the request took effect.
    pub(crate) fn sent(&self, hit: &Hit<'_>, truth: Option<Sent>) -> Sent {
        match self {
            Self::Body { status, body } => Sent::new(*status, body.clone()),
            Self::Usual(status) => truth
                .filter(|truth| truth.status == *status)
                .unwrap_or_else(|| Sent::usual(*status)),
            Self::RateLimited { scope, retry_after } => {
                let refusal = Refusal {
                    scope: *scope,
                    retry_after: *retry_after,
                    quota: hit.quota_if_limited(*scope, *retry_after),
                };
                refusal.into_sent(hit.now)
            }
        }
    }
}

impl Hit<'_> {
    /// Returns what the refusal says of the route's limit.
    fn quota_if_limited(&self, scope: Scope, retry_after: Duration) -> Option<Quota> {
        let usual = || Quota {
            bucket: bucket_of(&self.request.method, &self.request.path),
            limit: USUAL_LIMIT,
            remaining: USUAL_LIMIT - 1,
            resets_at: Instant::now() + USUAL_WINDOW.min(retry_after),
        };
        match scope {
            Scope::User => Some(Quota {
                remaining: 0,
                resets_at: Instant::now() + retry_after,
                ..self.quota.cloned().unwrap_or_else(usual)
            }),
            Scope::Shared => Some(self.quota.cloned().unwrap_or_else(usual)),
            Scope::Global | Scope::Edge => None,
        }
    }
}

impl Fault {
    /// Changes an answer as the fault says.
    pub(crate) fn dress(&self, mut sent: Sent) -> Sent {
        if self.hides_limits {
            sent.hide_limits();
        }
        if self.has_no_body {
            sent.drop_body();
        }
        for (name, value) in &self.headers {
            sent.set(name.clone(), value.clone());
        }
        sent.way = self.way;
        sent
    }
}
