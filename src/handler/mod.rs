//! What runs: which functions can be handlers, what they return, and the guard around each run.

mod arity;
mod guard;
mod output;
mod panic;
mod time;

pub use self::arity::{Arguments, ListenerContext, ListenerFn};
pub use self::guard::BoxFuture;
pub use self::output::{IntoOutcome, ViaPlain, ViaResult};

pub(crate) use self::arity::arities;
pub(crate) use self::guard::{Limits, guarded, settled};
pub(crate) use self::panic::caught;
pub(crate) use self::time::TimeLimit;
