//! From the attribute and the function to a listener.

use proc_macro2::TokenStream;
use syn::{Expr, ItemFn, Path};

use crate::args::{Arg, Args};
use crate::diagnostics::{Mistakes, Refused};
use crate::duration;
use crate::listener::model::Listener;
use crate::paths::Cordial;
use crate::signature::{Expected, Signature};

const OPTIONS: &[&str] = &["name", "timeout", "on_error", "crate"];

const EXPECTED: Expected = Expected {
    handler: "a listener",
    first: "the context",
    second: "the event",
    one: "one event",
    example: "async fn(ctx: &Context, event: &MessageCreate) -> Result<()>",
};

/// Reads a listener.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Listener, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read([args], OPTIONS, &mut mistakes);
    let name = args.take_text("name", &mut mistakes);
    let timeout = args.take_text("timeout", &mut mistakes);
    let limit = timeout.and_then(|text| duration::read(&text, &mut mistakes));
    let on_error = args.take("on_error").map(|arg| paths(arg, &mut mistakes));
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    let signature = Signature::read(function, &EXPECTED, &mut mistakes);
    mistakes.finish(
        cordial.clone(),
        signature.map(|signature| Listener {
            cordial,
            signature,
            name,
            limit,
            on_error: on_error.unwrap_or_default(),
        }),
    )
}

/// Reads one path, or several in brackets.
fn paths(arg: Arg, mistakes: &mut Mistakes) -> Vec<Path> {
    let Arg { name, value } = arg;
    let values = match value {
        Some(Expr::Array(array)) => array.elems.into_iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    };
    if values.is_empty() {
        mistakes.at(
            &name,
            "`on_error` takes an error handler: `on_error = f` or `on_error = [f, g]`",
        );
    }
    let path = |value| match value {
        Expr::Path(path) => Some(path.path),
        other => {
            let message = "not the name of a function that has `#[error_handler]`";
            mistakes.at(other, message);
            None
        }
    };
    values.into_iter().filter_map(path).collect()
}
