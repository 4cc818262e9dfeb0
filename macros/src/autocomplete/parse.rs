//! From the attribute and the function to a function that completes an option.

use proc_macro2::TokenStream;
use syn::ItemFn;

use crate::args::Args;
use crate::autocomplete::model::Autocomplete;
use crate::diagnostics::{Mistakes, Refused};
use crate::interaction::{Allowed, Parameters};
use crate::paths::Cordial;
use crate::signature::{Expected, refuse_silence};

const EXPECTED: Expected = Expected {
    handler: "an autocomplete function",
    first: "the context",
    second: "an extractor",
    one: "extractors by value",
    example: "async fn(ctx: &AutocompleteContext) -> Vec<String>",
};

const SAYS_NOTHING: &str = "an autocomplete function must return what people can choose: a list \
                            such as `Vec<String>`, or a `Result` of it";

/// Reads a function that completes an option.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Autocomplete, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read([args], &["crate"], &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    refuse_silence(function, SAYS_NOTHING, &mut mistakes);
    let parameters = Parameters::read(function, &EXPECTED, &Allowed::EXTRACTORS, &mut mistakes);
    let read = parameters.map(|parameters| Autocomplete {
        cordial: cordial.clone(),
        parameters,
    });
    mistakes.finish(cordial, read)
}
