//! Telling of failures elsewhere than in the log: where whoever looks after the bot sees them.
//!
//! [`WebhookReport`] posts them to a channel of Discord's. A service such as Sentry is told by an error handler of
//! the author's own: the example `report` has one.

mod address;
mod embed;
mod ledger;
mod webhook;

pub use self::address::NoWebhook;
pub use self::webhook::WebhookReport;
