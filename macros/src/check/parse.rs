//! From the attribute and the function to a check.

use proc_macro2::TokenStream;
use syn::ItemFn;

use crate::args::Args;
use crate::check::model::Check;
use crate::diagnostics::{Mistakes, Refused};
use crate::interaction::{Allowed, Parameters};
use crate::paths::Cordial;
use crate::signature::{Expected, refuse_silence};

const EXPECTED: Expected = Expected {
    handler: "a check",
    first: "the context",
    second: "an extractor",
    one: "extractors by value",
    example: "async fn(ctx: &InteractionContext) -> bool",
};

const SAYS_NOTHING: &str = "a check must say whether it passes: return `bool` (`true` if it \
                            passes, `false` if the handler must not run), or a `Result<bool>`";

/// Reads a check.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Check, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read([args], &["name", "crate"], &mut mistakes);
    let name = args.take_text("name", &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    refuse_silence(function, SAYS_NOTHING, &mut mistakes);
    let parameters = Parameters::read(function, &EXPECTED, &Allowed::EXTRACTORS, &mut mistakes);
    let read = parameters.map(|parameters| Check {
        cordial: cordial.clone(),
        parameters,
        name,
    });
    mistakes.finish(cordial, read)
}
