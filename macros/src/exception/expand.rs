//! From an exception to code.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, Ident, LitStr, Type, TypeParamBound};

use crate::exception::model::{Direction, Edge, Exception, Shape, Variant};
use crate::exception::parse::parse;
use crate::paths::{Cordial, span_of};

/// Writes the implementation of `Exception`, and hands it in to the program's lattice.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    match parse(&input) {
        Ok(exception) => implementation(&exception),
        Err(mistakes) => {
            let mistakes = mistakes.to_compile_error();
            let stub = stub(&input);
            quote!(#mistakes #stub)
        }
    }
}

/// Writes an implementation that declares nothing, beside the mistakes in the attributes.
fn stub(input: &DeriveInput) -> TokenStream {
    let cordial = Cordial::new(None);
    let (exception, lattice) = (cordial.private("Exception"), cordial.private("Lattice"));
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        impl #generics #exception for #name #arguments #bounds {
            fn declare(_: &mut #lattice) {}
        }
    }
}

fn implementation(exception: &Exception) -> TokenStream {
    let Exception {
        cordial,
        name,
        shape,
        edges,
        facets,
        code,
    } = exception;
    let trait_ = cordial.private("Exception");
    let lattice = cordial.private("Lattice");
    let edge_ext = cordial.private("EdgeExt");
    let declaration = cordial.private("Declaration");
    let inventory = cordial.private("inventory");
    let edges = edges
        .iter()
        .map(|edge| write_edge(cordial, name, shape, edge));
    let facets = facets.iter().map(|facet| write_facet(name, facet));
    let code = write_code(name, shape, code.as_ref());
    quote! {
        impl #trait_ for #name {
            fn declare(__cordial_lattice: &mut #lattice) {
                #[allow(unused_imports, reason = "some fields need it")]
                use #edge_ext as _;
                #(#edges)*
                #(#facets)*
                #code
            }
        }
        #inventory::submit! {
            #declaration(|__cordial_lattice| __cordial_lattice.declare::<#name>())
        }
    }
}

/// Writes the edge of one field, as if it stood at the field's type.
fn write_edge(cordial: &Cordial, name: &Ident, shape: &Shape, edge: &Edge) -> TokenStream {
    let Edge {
        direction,
        variant,
        field,
        ty,
    } = edge;
    let declare = match direction {
        Direction::Base => format_ident!("base"),
        Direction::Narrow => format_ident!("narrow"),
    };
    let span = span_of(ty);
    let edge = cordial.private_at(span, "Edge");
    let find = match (shape, variant) {
        (Shape::Enum(variants), Some(index)) => {
            let arms = variants
                .iter()
                .enumerate()
                .map(|(other, Variant { name: variant, .. })| {
                    if other == *index {
                        quote!(#name::#variant { #field: __cordial_field, .. } =>
                        ::core::option::Option::Some(__cordial_field))
                    } else {
                        quote!(#name::#variant { .. } => ::core::option::Option::None)
                    }
                });
            quote!(match __cordial_error { #(#arms),* })
        }
        _ => quote!(::core::option::Option::Some(&__cordial_error.#field)),
    };
    quote_spanned! {span=>
        #edge::<#ty>::#declare::<#name>(__cordial_lattice, |__cordial_error| #find);
    }
}

/// Writes a facet, in the spelling with `Send + Sync` too.
fn write_facet(name: &Ident, facet: &Type) -> TokenStream {
    let span = span_of(facet);
    let declared = quote_spanned! {span=>
        __cordial_lattice.facet::<#name, #facet>(|__cordial_error| __cordial_error);
    };
    let Type::TraitObject(object) = facet else {
        return declared;
    };
    let has = |name: &str| object.bounds.iter().any(|bound| is_auto_trait(bound, name));
    if has("Send") && has("Sync") {
        return declared;
    }
    let mut spelled = object.clone();
    for (auto_trait, is_there) in [("Send", has("Send")), ("Sync", has("Sync"))] {
        if !is_there {
            let auto_trait = Ident::new(auto_trait, span);
            let bound: TypeParamBound =
                syn::parse_quote_spanned!(span=> ::core::marker::#auto_trait);
            spelled.bounds.push(bound);
        }
    }
    quote_spanned! {span=>
        #declared
        __cordial_lattice.facet_alias::<#name, #facet, #spelled>(|__cordial_error| __cordial_error);
    }
}

fn is_auto_trait(bound: &TypeParamBound, name: &str) -> bool {
    matches!(bound, TypeParamBound::Trait(bound)
        if bound.path.segments.last().is_some_and(|segment| segment.ident == name))
}

/// Writes the stable code: what the author chose, or the names in snake case.
fn write_code(name: &Ident, shape: &Shape, code: Option<&LitStr>) -> TokenStream {
    let own = code.map_or_else(|| snake_case(&name.to_string()), LitStr::value);
    let found = match shape {
        Shape::Enum(variants) if variants.is_empty() => quote!(match *__cordial_error {}),
        Shape::Enum(variants) => {
            let arms = variants.iter().map(|variant| {
                let chosen = variant.code.as_ref().map(LitStr::value);
                let named = || format!("{own}.{}", snake_case(&variant.name.to_string()));
                let (variant, code) = (&variant.name, chosen.unwrap_or_else(named));
                quote!(#name::#variant { .. } => #code)
            });
            quote!(match __cordial_error { #(#arms),* })
        }
        Shape::Struct => quote!({ let _ = __cordial_error; #own }),
    };
    quote! {
        __cordial_lattice.code::<#name>(|__cordial_error| ::core::option::Option::Some(#found));
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut follows_lower = false;
    for character in name.trim_start_matches("r#").chars() {
        if character.is_uppercase() && follows_lower {
            snake.push('_');
        }
        follows_lower = character.is_lowercase() || character.is_ascii_digit();
        snake.extend(character.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_snake_case() {
        let names = [
            ("AppError", "app_error"),
            ("Db", "db"),
            ("HTTPError", "httperror"),
            ("Http2Error", "http2_error"),
        ];

        for (name, snake) in names {
            assert_eq!(snake_case(name), snake);
        }
    }
}
