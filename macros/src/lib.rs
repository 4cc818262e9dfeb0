//! The attributes and the derive of cordial, documented where cordial re-exports them.
//!
//! Each macro is a folder of three files: `parse` reads what the author wrote, with spans, and
//! notes every mistake; `model` is what it means; `expand` writes the code.

mod args;
mod companion;
mod diagnostics;
mod duration;
mod error_handler;
mod exception;
mod fallback;
mod listener;
mod paths;
mod signature;
#[cfg(test)]
mod testing;

use proc_macro::TokenStream;

/// Makes a listener of an `async fn(ctx: &Context, event: &SomeEvent, extractors ..)`.
///
/// The function stays as it is. Beside it stands a companion of the same name, which
/// `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what reports and logs call it, instead of the function's name |
/// | `timeout = "30s"` | how long a run may take: `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this listener alone |
/// | `crate = path` | where cordial is, if not at `::cordial` |
#[proc_macro_attribute]
pub fn listener(args: TokenStream, item: TokenStream) -> TokenStream {
    listener::expand(args.into(), &item.into()).into()
}

/// Makes an error handler of an `async fn(ctx: &ErrorContext, error: &SomeError, extractors ..) ->
/// bool`.
///
/// The first argument may be an event instead: then it is asked only about failures of handlers of
/// that event. The function stays as it is. Beside it stands a companion of the same name, which
/// `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what reports and logs call it, instead of the function's name |
/// | `timeout = "10s"` | how long a run may take: `ms`, `s`, `m` or `h`, or `"none"` |
/// | `cause` | it is asked about errors that were caused by a `SomeError`, too |
/// | `when = \|error\| ..` | it is asked only if this says `true`, and before those without |
/// | `crate = path` | where cordial is, if not at `::cordial` |
#[proc_macro_attribute]
pub fn error_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    error_handler::expand(args.into(), &item.into()).into()
}

/// Declares what an error type is-a.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `#[base]` | a field | the error is-a what the field holds |
/// | `#[from]` | a field (thiserror's own) | what the field holds is-an error of this type |
/// | `#[opaque]` | a variant or field with `#[from]` | it is not, after all |
/// | `#[facet(dyn Trait)]` | the type | the error is-a `dyn Trait` |
/// | `#[exception(code = "..")]` | the type or a variant | the stable code, instead of the name in snake case |
/// | `#[exception(crate = path)]` | the type | where cordial is, if not at `::cordial` |
///
/// A `#[source]` that is not `#[from]` is a cause, and not what the error is.
#[proc_macro_derive(
    Exception,
    attributes(base, from, opaque, facet, exception, source, backtrace, error)
)]
pub fn exception(item: TokenStream) -> TokenStream {
    exception::expand(item.into()).into()
}
