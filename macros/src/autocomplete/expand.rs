//! From a function that completes an option to code.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::autocomplete::model::Autocomplete;
use crate::autocomplete::parse::parse;
use crate::companion::{attribute, declare, place};
use crate::fallback;
use crate::interaction::{Sort, requirements, run};

const SORT: Sort = Sort {
    context: Some("AutocompleteContext"),
    returned: Some("Suggestions"),
};

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(
        item,
        "a function that completes an option",
        parse,
        companion,
        fallback::autocomplete,
    )
}

fn companion(autocomplete: &Autocomplete, function: &ItemFn) -> TokenStream {
    let Autocomplete {
        cordial,
        parameters,
    } = autocomplete;
    let name = &parameters.name;
    let into_autocomplete = cordial.private("IntoAutocomplete");
    let via_companion = cordial.private("ViaCompanion");
    let autocomplete = cordial.private("Autocomplete");
    let constructor = cordial.private("autocomplete");
    let (called, place) = (name.to_string(), place(cordial));
    let (run, requirements) = (run(cordial, parameters, &SORT), requirements(parameters));
    let implementation = quote! {
        impl #into_autocomplete<#via_companion> for #name {
            fn into_autocomplete(self) -> #autocomplete {
                #constructor(#called, #place, #run) #requirements
            }
        }
    };
    declare(function, [implementation])
}
