//! From the attribute and the function to a listener.

use proc_macro2::TokenStream;
use syn::ItemFn;

use crate::args::{Args, ERROR_HANDLER};
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
    one: "one event, and after it extractors by value; write another function for another event",
    example: "async fn(ctx: &Context, event: &MessageCreate) -> Result<()>",
};

/// Reads a listener.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Listener, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read([args], OPTIONS, &mut mistakes);
    let name = args.take_text("name", &mut mistakes);
    let timeout = args.take_text("timeout", &mut mistakes);
    let limit = timeout.and_then(|text| duration::read(&text, &mut mistakes));
    let on_error = args.take_paths("on_error", ERROR_HANDLER, &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    let signature = Signature::read(function, &EXPECTED, &mut mistakes);
    mistakes.finish(
        cordial.clone(),
        signature.map(|signature| Listener {
            cordial,
            signature,
            name,
            limit,
            on_error,
        }),
    )
}
