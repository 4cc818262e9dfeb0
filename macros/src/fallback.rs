//! What is written beside mistakes, in place of what they keep from being written.
//!
//! The compiler goes on after the mistakes of a macro. Whoever names what the macro should have
//! written would be told that it is not there, which is nobody's mistake: so something is there.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, ItemFn};

use crate::interaction::{Parameters, State, is_plain};
use crate::paths::Cordial;

/// Writes that a handler adds nothing where it is collected.
pub(crate) fn handler(function: &ItemFn, cordial: &Cordial) -> Vec<TokenStream> {
    let name = &function.sig.ident;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    vec![quote! {
        impl #into_handlers for #name {
            fn register(self, _: &mut #handlers) {}
        }
    }]
}

/// Writes that an error handler is one, of any failure.
pub(crate) fn error_handler(function: &ItemFn, cordial: &Cordial) -> Vec<TokenStream> {
    let failure = cordial.private("Failure");
    let made = cordial.private("ErrorHandler");
    let mut stub = named(
        function,
        cordial,
        ("IntoErrorHandler", "into_error_handler"),
        &quote!(#made<#failure>),
        &quote!(type Error = #failure;),
    );
    stub.extend(handler(function, cordial));
    stub
}

/// Writes that a check is one.
pub(crate) fn check(function: &ItemFn, cordial: &Cordial) -> Vec<TokenStream> {
    let made = cordial.private("Check");
    let conversion = ("IntoCheck", "into_check");
    named(function, cordial, conversion, &made, &TokenStream::new())
}

/// Writes that a function that completes an option is one.
pub(crate) fn autocomplete(function: &ItemFn, cordial: &Cordial) -> Vec<TokenStream> {
    let made = cordial.private("Autocomplete");
    let conversion = ("IntoAutocomplete", "into_autocomplete");
    named(function, cordial, conversion, &made, &TokenStream::new())
}

/// Writes that what is used by its name can be.
fn named(
    function: &ItemFn,
    cordial: &Cordial,
    (conversion, method): (&str, &str),
    made: &TokenStream,
    types: &TokenStream,
) -> Vec<TokenStream> {
    let name = &function.sig.ident;
    let via_companion = cordial.private("ViaCompanion");
    let (conversion, method) = (
        cordial.private(conversion),
        quote::format_ident!("{method}"),
    );
    vec![quote! {
        impl #conversion<#via_companion> for #name {
            #types

            fn #method(self) -> #made {
                ::core::unreachable!()
            }
        }
    }]
}

/// Writes that a component's handler is one, and takes the state that can be read off it.
pub(crate) fn component(function: &ItemFn, cordial: &Cordial) -> Vec<TokenStream> {
    let parameters = Parameters::guessed(function, is_plain);
    let id = maker(function, cordial, &parameters, ("id", "CustomId"));
    [vec![id], handler(function, cordial)].concat()
}

/// Writes that a modal is one, and takes the state that can be read off it.
pub(crate) fn modal(function: &ItemFn, cordial: &Cordial) -> Vec<TokenStream> {
    let parameters = Parameters::guessed(function, |_| false);
    let modal = maker(function, cordial, &parameters, ("modal", "Modal"));
    [vec![modal], handler(function, cordial)].concat()
}

fn maker(
    function: &ItemFn,
    cordial: &Cordial,
    parameters: &Parameters,
    called: (&str, &str),
) -> TokenStream {
    let (name, visibility) = (&function.sig.ident, &function.vis);
    let signature = State::of(parameters).signature(cordial, called);
    quote! {
        impl #name {
            #[allow(dead_code, unused_variables, reason = "it is a stub")]
            #visibility #signature {
                ::core::unreachable!()
            }
        }
    }
}

/// Writes an implementation of `Choice` with nothing to choose.
///
/// A generic type has none: which of its arguments could be chosen is not known.
pub(crate) fn choice(input: &DeriveInput, cordial: &Cordial) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (choice, schema) = (
        cordial.private("Choice"),
        cordial.private("CommandOptionChoice"),
    );
    let name = &input.ident;
    quote! {
        #[automatically_derived]
        impl #choice for #name {
            type Value = ::std::string::String;

            fn all() -> ::std::vec::Vec<(Self, #schema)> {
                ::std::vec::Vec::new()
            }

            fn name(self) -> ::std::string::String {
                ::std::string::String::new()
            }
        }
    }
}

/// Writes an implementation of `Exception` that declares nothing.
///
/// It asks nothing of the type that the mistakes were not about: a generic type is one only where
/// its arguments let it be, and a union, which is no error, is none.
pub(crate) fn exception(input: &DeriveInput, cordial: &Cordial) -> TokenStream {
    if matches!(input.data, Data::Union(_)) {
        return TokenStream::new();
    }
    let (exception, lattice) = (cordial.private("Exception"), cordial.private("Lattice"));
    let name = &input.ident;
    let (parameters, arguments, _) = input.generics.split_for_impl();
    let mut bounds = input.generics.where_clause.to_token_stream();
    if !input.generics.params.is_empty() {
        let mut generics = input.generics.clone();
        generics.make_where_clause().predicates.push(syn::parse_quote! {
            #name #arguments: ::core::error::Error + ::core::marker::Send + ::core::marker::Sync + 'static
        });
        bounds = generics.where_clause.to_token_stream();
    }
    quote! {
        #[automatically_derived]
        impl #parameters #exception for #name #arguments #bounds {
            fn declare(_: &mut #lattice) {}
        }
    }
}
