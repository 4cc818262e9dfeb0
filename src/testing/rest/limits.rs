//! Rate limits, as Discord has them: so many requests in a window, for each bucket and each channel,
//! guild or webhook; and so many in all. (Discord: Rate Limits.)
//!
//! A window begins with the first request in it. What is refused does not count.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::exception::Scope;
use crate::testing::rest::quota::{Quota, Refusal};
use crate::testing::rest::request::Request;

/// The limits that are kept.
#[derive(Default)]
pub(crate) struct Limits {
    /// Whether answers other than refusals say what a limit applies to.
    pub(crate) always_tells_scope: bool,
    of_routes: Vec<Limit>,
    /// By bucket, and by what it is for.
    windows: HashMap<(String, String), Window>,
    of_everything: Option<(u32, Option<Window>)>,
}

/// How often a route may be used.
pub(crate) struct Limit {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) bucket: String,
    pub(crate) requests: u32,
    pub(crate) per: Duration,
}

/// What was used since a limit was reset.
#[derive(Clone, Copy)]
struct Window {
    used: u32,
    resets_at: Instant,
}

impl Limits {
    /// Sets a limit, replacing one for the same route.
    pub(crate) fn keep(&mut self, limit: Limit) {
        self.of_routes
            .retain(|other| other.method != limit.method || other.path != limit.path);
        self.of_routes.push(limit);
    }

    /// Limits all requests of a second.
    pub(crate) fn keep_for_all(&mut self, requests: u32) {
        self.of_everything = Some((requests, None));
    }

    /// Renames a bucket. What was used of it stays used.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let limits = self.of_routes.iter_mut();
        for limit in limits.filter(|limit| limit.bucket == from) {
            to.clone_into(&mut limit.bucket);
        }
        let windows = std::mem::take(&mut self.windows).into_iter();
        let renamed = windows.map(|(mut key, window)| {
            if key.0 == from {
                to.clone_into(&mut key.0);
            }
            (key, window)
        });
        self.windows = renamed.collect();
    }

    /// Removes all limits.
    pub(crate) fn lift(&mut self) {
        self.of_routes.clear();
        self.windows.clear();
        self.of_everything = None;
    }

    /// Counts a request, and returns what is left where it was counted.
    ///
    /// # Errors
    ///
    /// Refuses what exceeds a limit.
    pub(crate) fn admit(&mut self, request: &Request) -> Result<Option<Quota>, Refusal> {
        self.admit_anywhere(request)?;
        let is_meant = |limit: &&Limit| request.is_like(&limit.method, &limit.path);
        let Some(limit) = self.of_routes.iter().find(is_meant) else {
            return Ok(None);
        };
        let key = (limit.bucket.clone(), resource(request));
        let (window, is_admitted) =
            Window::take(self.windows.get(&key).copied(), limit.requests, limit.per);
        let quota = Quota {
            bucket: limit.bucket.clone(),
            limit: limit.requests,
            remaining: limit.requests.saturating_sub(window.used),
            resets_at: window.resets_at,
        };
        self.windows.insert(key, window);
        if !is_admitted {
            return Err(Refusal {
                scope: Scope::User,
                retry_after: window.resets_at - Instant::now(),
                quota: Some(quota),
            });
        }
        Ok(Some(quota))
    }

    fn admit_anywhere(&mut self, request: &Request) -> Result<(), Refusal> {
        let Some((requests, window)) = &mut self.of_everything else {
            return Ok(());
        };
        if is_exempt(request) {
            return Ok(());
        }
        let (taken, is_admitted) = Window::take(*window, *requests, Duration::from_secs(1));
        *window = Some(taken);
        if !is_admitted {
            return Err(Refusal {
                scope: Scope::Global,
                retry_after: taken.resets_at - Instant::now(),
                quota: None,
            });
        }
        Ok(())
    }
}

impl Window {
    /// Counts one more, if there may be, in the window that is open or in a new one.
    fn take(window: Option<Self>, limit: u32, per: Duration) -> (Self, bool) {
        let now = Instant::now();
        let new = Self {
            used: 0,
            resets_at: now + per,
        };
        let mut window = window
            .filter(|window| now < window.resets_at)
            .unwrap_or(new);
        let is_admitted = window.used < limit;
        window.used += u32::from(is_admitted);
        (window, is_admitted)
    }
}

/// Returns the channel, the guild or the webhook that a request is about.
fn resource(request: &Request) -> String {
    match request.segments()[..] {
        ["webhooks", id, token, ..] => format!("{id}/{token}"),
        ["channels" | "guilds" | "webhooks", id, ..] => id.to_owned(),
        _ => String::new(),
    }
}

/// Returns whether a request does not count towards the limit of all requests: it has the token of an
/// interaction or a webhook in its path.
fn is_exempt(request: &Request) -> bool {
    matches!(
        request.segments()[..],
        ["interactions" | "webhooks", _, _, ..]
    )
}
