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
