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
        "an autocomplete function",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistakes, has, mistakes};

    #[test]
    fn a_function_completes_an_option_by_its_name() {
        let written = expand(
            quote!(),
            &quote!(
                async fn fruit(ctx: &AutocompleteContext, all: State<Fruit>) -> Vec<String> {}
            ),
        );

        assert_eq!(mistakes(&written), Vec::<String>::new());
        for part in [
            quote!(for fruit),
            quote!(.requires::<State<Fruit>>()),
            quote!(returned::<::cordial::private::Suggestions, _, _>),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn a_refused_one_still_completes() {
        let written = expand(
            quote!(name = "fruit"),
            &quote!(
                async fn fruit(
                    ctx: &AutocompleteContext,
                    /** What? */
                    what: String,
                ) {
                }
            ),
        );

        assert_mistakes(
            &written,
            &[
                "the only option is `crate`",
                "must return what people can choose",
                "remove the doc comment",
            ],
        );
        assert!(
            has(&written, &quote!(fn into_autocomplete(self))),
            "{written}"
        );
    }
}
