//! What is written beside mistakes, in place of what they keep from being written.
//!
//! The compiler goes on after the mistakes of a macro. Whoever names what the macro should have
//! written would be told that it is not there, which is nobody's mistake: so something is there.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput};

use crate::paths::Cordial;

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
