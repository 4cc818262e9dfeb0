//! From choices to code.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Lit};

use crate::args::Translation;
use crate::choice::model::{Choice, Variant};
use crate::choice::parse::parse;
use crate::fallback;

/// Writes the implementation of `Choice`, or what is wrong.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    match parse(&item) {
        Ok(choice) => implementation(&choice),
        Err(refused) => {
            let mistakes = refused.mistakes.to_compile_error();
            let stub = fallback::choice(&item, &refused.cordial);
            quote!(#mistakes #stub)
        }
    }
}

fn implementation(choice: &Choice) -> TokenStream {
    let Choice {
        cordial,
        name,
        variants,
    } = choice;
    let (trait_, schema) = (
        cordial.private("Choice"),
        cordial.private("CommandOptionChoice"),
    );
    let is_text = variants
        .iter()
        .all(|variant| matches!(variant.value, Lit::Str(_)));
    let value = if is_text {
        quote!(::std::string::String)
    } else {
        quote!(i64)
    };
    let described = variants.iter().map(|variant| described(choice, variant));
    let named = variants.iter().map(|variant| {
        let (ident, name) = (&variant.ident, &variant.name);
        quote!(Self::#ident => #name)
    });
    quote! {
        #[automatically_derived]
        impl #trait_ for #name {
            type Value = #value;

            fn all() -> ::std::vec::Vec<(Self, #schema)> {
                ::std::vec![#(#described),*]
            }

            fn name(self) -> ::std::string::String {
                ::std::string::String::from(match self { #(#named),* })
            }
        }
    }
}

fn described(choice: &Choice, variant: &Variant) -> TokenStream {
    let cordial = &choice.cordial;
    let schema = cordial.private("CommandOptionChoice");
    let stands_for = cordial.private("CommandOptionChoiceValue");
    let Variant {
        ident,
        name,
        translations,
        value,
    } = variant;
    let value = match value {
        Lit::Str(text) => quote!(#stands_for::String(::std::string::String::from(#text))),
        number => quote!(#stands_for::Integer(#number)),
    };
    let names = translations.names.iter();
    let names = names.map(|Translation { locale, text }| {
        quote!((::std::string::String::from(#locale), ::std::string::String::from(#text)))
    });
    let names = if translations.names.is_empty() {
        quote!(::core::option::Option::None)
    } else {
        quote!(::core::option::Option::Some(::core::iter::Iterator::collect(
            ::core::iter::IntoIterator::into_iter([#(#names),*])
        )))
    };
    quote! {
        (Self::#ident, #schema {
            name: ::std::string::String::from(#name),
            name_localizations: #names,
            value: #value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistake, assert_mistakes, has, mistakes};

    #[test]
    fn variants_are_called_in_words_and_stand_for_their_names() {
        let written = expand(quote! {
            enum Size { Small, VeryLarge, #[choice(name = "XXL", value = "xxl")] Huge }
        });

        assert_eq!(mistakes(&written), Vec::<String>::new());
        for part in [
            quote!(
                type Value = ::std::string::String;
            ),
            quote!(Self::Small => "Small"),
            quote!(Self::VeryLarge => "Very large"),
            quote!(String(::std::string::String::from("VeryLarge"))),
            quote!(Self::Huge => "XXL"),
            quote!(String(::std::string::String::from("xxl"))),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn numbers_make_all_of_them_numbers() {
        let written = expand(quote! {
            enum Level { #[choice(value = 1)] Low, #[choice(value = 20)] High }
        });

        for part in [
            quote!(
                type Value = i64;
            ),
            quote!(Integer(1)),
            quote!(Integer(20)),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[track_caller]
    fn assert_refused(enumeration: TokenStream, words: &str) {
        let written = expand(enumeration);

        assert_mistake(&written, words);
        let stub = quote!(impl ::cordial::private::Choice for Size);
        assert!(has(&written, &stub), "{written}");
    }

    #[test]
    fn what_is_no_choice_is_told_and_gets_a_stub() {
        assert_refused(
            quote!(
                struct Size;
            ),
            "only an enum can derive `Choice`",
        );
        assert_refused(
            quote!(
                enum Size {
                    A(u8),
                }
            ),
            "remove the fields",
        );
        assert_refused(
            quote!(
                enum Size {}
            ),
            "there is nothing to choose",
        );
    }

    #[test]
    fn choices_can_be_told_apart() {
        for (variants, words) in [
            (
                quote!(
                    #[choice(value = 1)]
                    A,
                    B
                ),
                "give all of them a number",
            ),
            (
                quote!(
                    #[choice(name = "B")]
                    A,
                    B
                ),
                "another choice is called `B`",
            ),
            (
                quote!(
                    #[choice(value = "B")]
                    A,
                    B
                ),
                "another choice has the value `B`",
            ),
            (
                quote!(
                    #[choice(value = 0.5)]
                    A
                ),
                "text or a whole number",
            ),
        ] {
            assert_refused(quote!(enum Size { #variants }), words);
        }
    }

    #[test]
    fn there_are_25_choices_at_most() {
        let many = (0..26).map(|index| quote::format_ident!("N{index}"));

        assert_mistake(
            &expand(quote!(enum Many { #(#many),* })),
            "an option has at most 25",
        );
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let written = expand(quote! {
            #[choice(name = "Size")]
            enum Size<T> {
                A(T),
                #[choice(names("xx" = "B"), value = true)]
                B,
            }
        });

        assert_mistakes(
            &written,
            &[
                "the only option is `crate`",
                "choices cannot be generic",
                "remove the fields",
                "text or a whole number",
                "Discord does not know the language `xx`",
            ],
        );
    }
}
