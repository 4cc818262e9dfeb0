//! What all calls have in common: the way to Discord, and what is known of it.

use std::time::Duration;

use hyper::StatusCode;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::exception::Trouble;
use crate::http::circuit::{Circuit, Stage};
use crate::http::clock::Clock;
use crate::http::connection::Connection;
use crate::http::limits::{Buckets, Gate};
use crate::http::permissions::Allowed;
use crate::http::policy::Policy;
use crate::http::request::Request;
use crate::http::target::Targets;
use crate::http::tickets::Tickets;

/// How long it may take to find out whether the token is refused.
const LONGEST_DOUBT: Duration = Duration::from_secs(10);

/// What all calls have in common.
pub(crate) struct Carrier {
    pub(crate) connection: Connection,
    pub(crate) policy: Policy,
    pub(crate) targets: Targets,
    pub(crate) buckets: Buckets,
    pub(crate) gate: Gate,
    pub(crate) circuit: Circuit,
    pub(crate) clock: Clock,
    pub(crate) tickets: Tickets,
    pub(crate) allowed: Allowed,
    /// Discord's answer when it refused the bot's token, if it has. After that nothing is sent with the token.
    revoked: watch::Sender<Option<Trouble>>,
    /// Held while it is found out whether the token is refused.
    doubt: tokio::sync::Mutex<()>,
}

impl Carrier {
    pub(crate) fn new(connection: Connection, policy: Policy) -> Self {
        Self {
            connection,
            policy,
            targets: Targets::default(),
            buckets: Buckets::default(),
            gate: Gate::default(),
            circuit: Circuit::default(),
            clock: Clock::default(),
            tickets: Tickets::default(),
            allowed: Allowed::default(),
            revoked: watch::Sender::new(None),
            doubt: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until Discord refuses the bot's token.
    pub(crate) async fn refused_token(&self) -> Trouble {
        let mut revoked = self.revoked.subscribe();
        let told = revoked.wait_for(Option::is_some).await;
        match told.map(|answer| answer.clone()) {
            Ok(Some(answer)) => answer,
            // Whoever could tell is here.
            _ => unreachable!("it is told of by this carrier"),
        }
    }

    /// Finds out whether Discord refuses the bot's token, or only this request: some requests no bot may
    /// make. Meanwhile nothing is sent with the token.
    pub(crate) async fn doubt_token(&self, answer: &Trouble) {
        let _hold = self.gate.hold();
        let _one = self.doubt.lock().await;
        if self.revoked.borrow().is_some() {
            return;
        }
        // However long others may take: nobody else is asked for anything meanwhile.
        let until = Instant::now() + self.policy.attempt.min(LONGEST_DOUBT);
        let known = self.connection.attempt(&Request::who_am_i(), until).await;
        if known.is_ok_and(|answer| answer.status == StatusCode::UNAUTHORIZED) {
            self.count_refused();
            self.revoke_token(answer);
        }
    }

    /// Sends nothing more with the bot's token.
    pub(crate) fn revoke_token(&self, answer: &Trouble) {
        let is_news = self.revoked.send_if_modified(|revoked| {
            let is_news = revoked.is_none();
            revoked.get_or_insert_with(|| answer.clone());
            is_news
        });
        if is_news {
            tracing::error!("Discord refused the bot's token: no more requests are sent with it");
        }
    }

    /// Counts a refused request, and warns if there are too many.
    pub(crate) fn count_refused(&self) {
        let Some((stage, refused)) = self.circuit.count_refused() else {
            return;
        };
        let then = match stage {
            Stage::Fine | Stage::Warned => "Discord blocks an address after 10,000",
            Stage::Braking => "requests are slowed down",
            Stage::Stopped => "no more requests are sent for now",
        };
        tracing::warn!(
            refused,
            "many requests were refused within 10 minutes (401, 403 or 429): {then}",
        );
    }
}
