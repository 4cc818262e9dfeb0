//! Tickets, which stand for the tokens of interactions wherever those could be seen.
//!
//! An interaction's token is as good as a password for 15 minutes. An event would show it with `{:?}`, and so
//! would the path of a request, which some programs log, as twilight's client does. So cordial takes the
//! token out of an event when it arrives, and leaves a ticket: a text that names the interaction. When it
//! sends a request, it puts the token back.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::application::interaction::Interaction;

/// What a ticket begins with.
const PREFIX: &str = "ticket-";
/// What follows in one of a webhook, before its number. One of an interaction has its id.
const WEBHOOK: &str = "webhook-";
/// How long a token is good for. (Discord: Receiving and Responding to Interactions.)
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Returns which interaction a ticket is of, if it is one.
#[cfg(feature = "testing")]
pub(crate) fn interaction_of(ticket: &str) -> Option<u64> {
    ticket.strip_prefix(PREFIX)?.parse().ok()
}

/// A ticket stands for nothing any more.
pub(crate) struct Over;

/// The tokens that tickets stand for.
#[derive(Default)]
pub(crate) struct Tickets(Mutex<Held>);

#[derive(Default)]
struct Held {
    tokens: HashMap<Box<str>, Arc<str>>,
    /// When each was taken, the earliest first.
    order: VecDeque<(Instant, Box<str>)>,
    /// Those of webhooks, by number.
    lasting: Vec<Arc<str>>,
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
        if let Some(number) = ticket.strip_prefix(PREFIX)?.strip_prefix(WEBHOOK) {
            return held.lasting.get(number.parse::<usize>().ok()?).cloned();
        }
        held.forget(Instant::now());
        held.tokens.get(ticket).cloned()
    }

    /// Puts the token back into a path.
    ///
    /// # Errors
    ///
    /// [`Over`] if there is a ticket in it whose token is of no use any more.
    pub(crate) fn redeem(&self, path: &mut String) -> Result<(), Over> {
        let mut segments = path.splitn(4, ['/', '?']);
        let (Some("webhooks" | "interactions"), Some(_), Some(ticket)) =
            (segments.next(), segments.next(), segments.next())
        else {
            return Ok(());
        };
        if ticket.starts_with(PREFIX) {
            let token = self.token(ticket).ok_or(Over)?;
            *path = path.replacen(ticket, &token, 1);
        }
        Ok(())
    }

    /// Notes whose interactions they are.
    pub(crate) fn belong_to(&self, application: u64) {
        self.held().application = Some(application);
    }

    /// Makes a ticket for a token that lasts, of a webhook.
    pub(crate) fn issue(&self, token: &str) -> String {
        let mut held = self.held();
        let known = held.lasting.iter().position(|known| &**known == token);
        let number = known.unwrap_or_else(|| {
            held.lasting.push(token.into());
            held.lasting.len() - 1
        });
        format!("{PREFIX}{WEBHOOK}{number}")
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
