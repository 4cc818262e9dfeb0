//! Handlers: which functions can be handlers, what they may return, and the guard around each run.

mod arity;
mod call;
mod guard;
mod interaction;
mod output;
mod panic;
mod task;
mod time;

pub use self::arity::{Arguments, ListenerContext, ListenerFn};
pub use self::guard::BoxFuture;
pub use self::interaction::InteractionFn;
pub use self::output::{IntoOutcome, IntoReturned, ViaPlain, ViaResult};
pub use self::task::{TaskContext, TaskFn};

pub(crate) use self::arity::arities;
pub(crate) use self::call::{Call, Generated, forgotten};
pub(crate) use self::guard::{Limits, guarded, settled};
pub(crate) use self::panic::{caught, logged};
pub(crate) use self::time::TimeLimit;
