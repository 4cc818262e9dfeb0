//! Tickets: what stands for the token of an interaction wherever it could be seen.
//!
//! An interaction's token is as good as a password for 15 minutes. In an event it would be shown by
//! `{:?}`, and in the path of a request by whoever logs paths, as twilight's client does. So it is
//! taken out of the event when that arrives, and a ticket left in its place: a text that says which
//! interaction it is. What carries requests puts the token back.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::application::interaction::Interaction;

/// What a ticket begins with.
const PREFIX: &str = "token-of-interaction-";
/// How long a token is good for. (Discord: Receiving and Responding to Interactions.)
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Returns which interaction a ticket is of, if it is one.
#[cfg(feature = "testing")]
pub(crate) fn interaction_of(ticket: &str) -> Option<u64> {
    ticket.strip_prefix(PREFIX)?.parse().ok()
}

/// The tokens that tickets stand for.
#[derive(Default)]
pub(crate) struct Tickets(Mutex<Held>);

#[derive(Default)]
struct Held {
    tokens: HashMap<Box<str>, Arc<str>>,
    /// When each was taken, the earliest first.
    order: VecDeque<(Instant, Box<str>)>,
    /// Whose interactions they are.
    application: Option<u64>,
}

impl Tickets {
    /// Takes the token out of an interaction, and leaves a ticket.
    pub(crate) fn take(&self, interaction: &mut Interaction) {
        if interaction.token.starts_with(PREFIX) {
            return;
        }
        let ticket = format!("{PREFIX}{}", interaction.id);
        let token = std::mem::replace(&mut interaction.token, ticket.clone());
        let now = Instant::now();
        let mut held = self.held();
        held.forget(now);
        held.application = Some(interaction.application_id.get());
        let ticket: Box<str> = ticket.into();
        held.tokens.insert(ticket.clone(), token.into());
        held.order.push_back((now, ticket));
    }

    /// Returns the token that a ticket stands for, if it is one and the interaction is not over.
    pub(crate) fn token(&self, ticket: &str) -> Option<Arc<str>> {
        if !ticket.starts_with(PREFIX) {
            return None;
        }
        let mut held = self.held();
        held.forget(Instant::now());
        held.tokens.get(ticket).cloned()
    }

    /// Puts the token back into a path.
    pub(crate) fn redeem(&self, path: &mut String) {
        let mut segments = path.splitn(4, ['/', '?']);
        let (Some("webhooks" | "interactions"), Some(_), Some(ticket)) =
            (segments.next(), segments.next(), segments.next())
        else {
            return;
        };
        if let Some(token) = self.token(ticket) {
            *path = path.replacen(ticket, &token, 1);
        }
    }

    /// Returns whether a webhook is that of the bot's interactions.
    pub(crate) fn is_application(&self, id: &str) -> bool {
        let application = self.held().application;
        application.is_some_and(|application| id.parse() == Ok(application))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Forgets tokens that are of no use any more.
    fn forget(&mut self, now: Instant) {
        while let Some((taken, ticket)) = self.order.front()
            && *taken + LIFETIME <= now
        {
            self.tokens.remove(ticket);
            self.order.pop_front();
        }
    }
}
