//! From a check to code.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::check::model::Check;
use crate::check::parse::parse;
use crate::companion::{attribute, declare, place};
use crate::fallback;
use crate::interaction::{Sort, requirements, run};

const SORT: Sort = Sort {
    context: Some("InteractionContext"),
    returned: Some("Passes"),
};

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(item, "a check", parse, companion, fallback::check)
}

fn companion(check: &Check, function: &ItemFn) -> TokenStream {
    let Check {
        cordial,
        parameters,
        name: other_name,
    } = check;
    let name = &parameters.name;
    let into_check = cordial.private("IntoCheck");
    let via_companion = cordial.private("ViaCompanion");
    let (check, constructor) = (cordial.private("Check"), cordial.private("check"));
    let (called, place) = (name.to_string(), place(cordial));
    let (run, requirements) = (run(cordial, parameters, &SORT), requirements(parameters));
    let renamed = other_name.as_ref().map(|name| quote!(.name(#name)));
    let implementation = quote! {
        impl #into_check<#via_companion> for #name {
            fn into_check(self) -> #check {
                #constructor(#called, #place, #run) #renamed #requirements
            }
        }
    };
    declare(function, [implementation])
}
