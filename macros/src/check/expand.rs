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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistake, assert_mistakes, has, mistakes};

    #[test]
    fn a_check_is_one_by_its_name() {
        let written = expand(
            quote!(name = "luck"),
            &quote!(
                async fn is_lucky(ctx: &InteractionContext, dice: State<Dice>) -> bool {
                    true
                }
            ),
        );

        assert_eq!(mistakes(&written), Vec::<String>::new());
        for part in [
            quote!(for is_lucky),
            quote!("is_lucky"),
            quote!(.name("luck").requires::<State<Dice>>()),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn a_check_that_says_nothing_is_refused() {
        for returned in [quote!(), quote!(-> ())] {
            let written = expand(
                quote!(),
                &quote!(async fn f(ctx: &InteractionContext) #returned {}),
            );

            assert_mistake(&written, "a check must say whether it passes");
        }
    }

    #[test]
    fn a_refused_check_still_is_one() {
        let written = expand(
            quote!(nmae = "luck"),
            &quote!(
                fn f(ctx: &InteractionContext) -> bool {}
            ),
        );

        assert_mistakes(
            &written,
            &["did you mean `name`?", "a check must be `async`"],
        );
        assert!(has(
            &written,
            &quote!(fn into_check(self) -> ::cordial::private::Check)
        ));
    }
}
