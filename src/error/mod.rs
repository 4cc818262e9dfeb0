//! Error handlers: the order in which they are asked about a failure, and what they may answer.
//!
//! A failure goes to the levels from the inside out: first to the handler's own error handlers, then to those
//! of its plugin or command group, then to those around that, and last to the bot's. Within a level the order
//! is total, and does not depend on the order of registration:
//!
//! 1. what the error is, before what merely caused it;
//! 2. the more specific type first: by rank, the number of types that it is-a;
//! 3. guarded (`when = ..`) before unguarded;
//! 4. for one event before for any event; for one kind of interaction before for all kinds;
//! 5. by the name of the type;
//! 6. by the name of the error handler, and of the event that it is for.
//!
//! Each error handler says whether it handled the failure: `true` ends the search, `false` passes the failure on.

mod context;
mod entry;
mod fallback;
mod flood;
mod flow;
mod function;
pub(crate) mod handler;
mod own;
mod registry;
mod resolve;
mod subject;
mod target;

pub use self::context::ErrorContext;
pub use self::fallback::Unhandled;
pub use self::flow::{Flow, IntoVerdict};
pub use self::function::ErrorHandlerFn;
pub use self::handler::{ErrorHandler, IntoErrorHandler, ViaBuilt, ViaFunction};
pub use self::registry::ErrorHandlerInfo;
pub use self::subject::Subject;
pub use self::target::Seen;
pub use self::target::Target;

pub(crate) use self::entry::{Entry, Key};
pub(crate) use self::fallback::{apology, log, log_settled, log_told};
pub(crate) use self::flood::Flood;
pub(crate) use self::own::own_methods;
pub(crate) use self::registry::Registry;
pub(crate) use self::resolve::{Conclusion, Resolver, Settled};
