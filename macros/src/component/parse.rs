//! From the attribute and the function to a handler of components.

use proc_macro2::TokenStream;
use syn::ItemFn;

use crate::args::Args;
use crate::component::model::Component;
use crate::diagnostics::{Mistakes, Refused};
use crate::duration;
use crate::interaction::{Allowed, HANDLER_OPTIONS, Handling, Parameters, ROUTE_OPTIONS, Routing};
use crate::paths::Cordial;
use crate::signature::Expected;

const EXPECTED: Expected = Expected {
    handler: "a component handler",
    first: "the context",
    second: "its state",
    one: "its state and extractors by value",
    example: "async fn(ctx: &ComponentContext, #[state] page: u32) -> Result<()>",
};

const ALLOWED: Allowed = Allowed {
    documented: None,
    state: true,
    plain: Some("a value that travels in the custom id must be marked: write `#[state]` before it"),
};

/// Reads a handler of components.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Component, Refused> {
    let mut mistakes = Mistakes::default();
    let known = [ROUTE_OPTIONS, &["expires"], HANDLER_OPTIONS].concat();
    let mut args = Args::read([args], &known, &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    let routing = Routing::take(&mut args, &function.sig.ident, &mut mistakes);
    let expires = args.take_text("expires", &mut mistakes);
    let expires = expires.and_then(|text| duration::read(&text, &mut mistakes));
    let handling = Handling::take(&mut args, &cordial, &mut mistakes);
    let parameters = Parameters::read(function, &EXPECTED, &ALLOWED, &mut mistakes);
    let component = parameters.map(|parameters| Component {
        cordial: cordial.clone(),
        parameters,
        routing,
        expires,
        handling,
    });
    mistakes.finish(cordial, component)
}
