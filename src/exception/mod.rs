//! The is-a relation between error types, and the exceptions that come with cordial.
//!
//! Rust has no inheritance. An error type declares what it is-a with `#[derive(Exception)]`:
//!
//! | declared by | reads | is-a |
//! |---|---|---|
//! | `#[base] http: HttpError` in `NotFound` | the broader error is embedded | `NotFound` is-a `HttpError` |
//! | `Db(#[from] sqlx::Error)` in `AppError` | the enum is an umbrella | the `sqlx::Error` inside is-a `AppError` |
//! | `#[facet(dyn UserFacing)]` on `NotFound` | a trait as abstract base | `NotFound` is-a `dyn UserFacing` |
//!
//! The exceptions that come with cordial:
//!
//! ```text
//! dyn Error
//! ├─ DiscordError
//! │  ├─ HttpError       BadRequest ─ InvalidForm, LimitReached, ArchivedThread, BlockedByAutoMod
//! │  │                  Unauthorized ─ InvalidWebhookToken
//! │  │                  Forbidden ─ MissingAccess, MissingPermissions, CannotMessageUser
//! │  │                  NotFound ─ UnknownBan, UnknownChannel, UnknownGuild, UnknownInteraction,
//! │  │                             UnknownInvite, UnknownMember, UnknownMessage, UnknownRole,
//! │  │                             UnknownUser, UnknownWebhook
//! │  │                  Conflict · UpgradeRequired · RateLimited
//! │  │                  ServerError ─ BadGateway, Unavailable, GatewayTimeout
//! │  ├─ TransportError ─ RequestTimedOut
//! │  ├─ InvalidRequest · CircuitOpen · UnreadableResponse · InsecureTransport · NoTransport
//! │  └─ GatewayError    MalformedEvent · SessionLost · SessionsExhausted
//! │                     ConnectionClosed ─ AuthenticationFailed, DisallowedIntents, InvalidIntents,
//! │                                        InvalidShard, ShardingRequired, InvalidApiVersion
//! ├─ HandlerError ─ Panicked · TimedOut · Cancelled
//! ├─ Overloaded · StoreFailed · AddressUnavailable
//! └─ CommandError
//!    ├─ CheckFailed ─ GuildOnly, DirectOnly, NotOwner, NotTheirs, LacksPermissions, OnCooldown,
//!    │                TooManyAtOnce
//!    ├─ InvalidOption · UnknownCommand
//!    ├─ ComponentError ─ UnknownComponent, OutdatedComponent, UnreadableComponent,
//!    │                   ExpiredComponent, InvalidField, StateTooLong
//!    └─ InteractionError ─ Expired, AlreadyAnswered, NotAnswered, OnlySuggestions, Unanswered
//! ```
//!
//! Every error is-a `dyn Error`. The rank of an error is the number of types that it is-a, itself included, like
//! `len(type.__mro__)` in Python: the higher, the more specific.

mod address;
mod check;
mod command;
mod component;
mod discord;
mod edge;
mod erased;
mod gateway;
mod handler;
mod http;
mod interaction;
mod lattice;
mod overload;
mod refined;
mod store;
mod type_map;
mod user_facing;
mod views;

pub use self::address::AddressUnavailable;
pub use self::check::{
    CheckFailed, DirectOnly, GuildOnly, LacksPermissions, NotOwner, NotTheirs, OnCooldown, Per,
    TooManyAtOnce, Whose,
};
pub use self::command::{InvalidOption, UnknownCommand};
pub use self::component::{
    ComponentError, ExpiredComponent, InvalidField, OutdatedComponent, StateTooLong,
    UnknownComponent, UnreadableComponent,
};
pub use self::discord::DiscordError;
pub use self::edge::{Edge, EdgeExt, HeldError, NoEdge};
pub use self::erased::Held;
pub use self::gateway::{
    AuthenticationFailed, ConnectionClosed, DisallowedIntents, GatewayError, InsecureTransport,
    InvalidApiVersion, InvalidIntents, InvalidShard, MalformedEvent, NoTransport, SessionLost,
    SessionsExhausted, ShardingRequired,
};
pub use self::handler::{Cancelled, HandlerError, PanicPlace, Panicked, TimedOut};
pub use self::http::{
    ArchivedThread, BadGateway, BadRequest, BlockedByAutoMod, CannotMessageUser, CircuitOpen,
    Conflict, ErrorCode, FieldError, Forbidden, GatewayTimeout, HttpError, InvalidForm,
    InvalidRequest, InvalidWebhookToken, LimitReached, MissingAccess, MissingPermissions, NotFound,
    RateLimited, RequestTimedOut, Route, Scope, ServerError, TransportError, Unauthorized,
    Unavailable, UnknownBan, UnknownChannel, UnknownGuild, UnknownInteraction, UnknownInvite,
    UnknownMember, UnknownMessage, UnknownRole, UnknownUser, UnknownWebhook, UnreadableResponse,
    UpgradeRequired,
};
pub use self::interaction::{
    AlreadyAnswered, CommandError, Expired, InteractionError, NotAnswered, OnlySuggestions,
    Unanswered,
};
pub use self::lattice::Lattice;
pub use self::overload::Overloaded;
pub use self::store::StoreFailed;
pub use self::user_facing::UserFacing;

pub(crate) use self::check::in_words;
pub(crate) use self::erased::{Erased, Value};
pub(crate) use self::http::{End, Needs, Original, Trouble, promoted, shown, withheld};
pub(crate) use self::lattice::Cycle;
pub(crate) use self::refined::Refined;
pub(crate) use self::type_map::{TypeMap, TypeSet};
pub(crate) use self::views::{View, Views};

use std::error::Error;

/// An error type that declares what it is-a.
///
/// Derive it with `#[derive(Exception)]`. An error type without the derive can still be handled, as itself and as
/// `dyn Error`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an exception",
    label = "does not implement `Exception`",
    note = "add `#[derive(Exception)]` next to `#[derive(Debug, thiserror::Error)]`"
)]
pub trait Exception: Error + Send + Sync + Sized + 'static {
    /// Adds this type, and what it is-a, to a lattice.
    fn declare(lattice: &mut Lattice);
}

/// A derived declaration, collected from every linked crate.
#[derive(Debug)]
pub struct Declaration(pub fn(&mut Lattice));

inventory::collect!(Declaration);
