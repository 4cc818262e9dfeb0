//! Reporting failures where the people who look after the bot see them, besides the log.
//!
//! [`WebhookReport`] posts failures to a Discord channel. For a service such as Sentry, write an error
//! handler of your own: the example `report` has one.

mod address;
mod embed;
mod ledger;
mod webhook;

pub use self::address::NoWebhook;
pub use self::webhook::WebhookReport;
