//! From an exception to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Ident, LitStr, TypeParamBound, TypeTraitObject};

use crate::exception::model::{Direction, Edge, Exception, Shape, Variant};
use crate::exception::parse::parse;
use crate::fallback;
use crate::paths::{Cordial, bound_names, names_trait, respanned, span_of};

/// Writes the implementation of `Exception`, and hands it in to the program's lattice.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    match parse(&input) {
        Ok(exception) => implementation(&exception),
        Err(refused) => {
            let mistakes = refused.mistakes.to_compile_error();
            let stub = fallback::exception(&input, &refused.cordial);
            quote!(#mistakes #stub)
        }
    }
}

fn implementation(exception: &Exception) -> TokenStream {
    let Exception { cordial, name, .. } = exception;
    let trait_ = cordial.private("Exception");
    let lattice = cordial.private("Lattice");
    let declaration = cordial.private("Declaration");
    let inventory = cordial.private("inventory");
    let edges = write_edges(exception);
    let facets = exception
        .facets
        .iter()
        .map(|facet| write_facet(name, facet));
    let code = write_code(exception);
    quote! {
        #[automatically_derived]
        impl #trait_ for #name {
            fn declare(__cordial_lattice: &mut #lattice) {
                #edges
                #(#facets)*
                #code
            }
        }
        #inventory::submit! {
            #declaration(|__cordial_lattice| __cordial_lattice.declare::<#name>())
        }
    }
}

/// Writes the edges, with the traits in reach that those to plain errors go through. Where no field
/// needs one, the compiler keeps quiet, as it does about what other crates' macros import.
fn write_edges(exception: &Exception) -> TokenStream {
    let Exception {
        cordial,
        name,
        shape,
        edges,
        ..
    } = exception;
    if edges.is_empty() {
        return TokenStream::new();
    }
    let (edge_ext, no_edge) = (cordial.private("EdgeExt"), cordial.private("NoEdge"));
    let edges = edges
        .iter()
        .map(|edge| write_edge(cordial, name, shape, edge));
    quote! {
        use #edge_ext as _;
        use #no_edge as _;
        #(#edges)*
    }
}

/// Writes the edge of one field, as if it stood at the field's type.
fn write_edge(cordial: &Cordial, name: &Ident, shape: &Shape, edge: &Edge) -> TokenStream {
    let ty = &edge.ty;
    let span = span_of(ty);
    let declare = match edge.direction {
        Direction::Base => Ident::new("base", span),
        Direction::Narrow => Ident::new("narrow", span),
    };
    let found = write_found(name, shape, edge);
    let edge = cordial.private_at(span, "Edge");
    quote_spanned! {span=>
        #edge::<#ty>::new().#declare::<#name>(__cordial_lattice, |__cordial_error| #found);
    }
}

/// Writes what an exception has in a field, which a variant may not have.
fn write_found(name: &Ident, shape: &Shape, edge: &Edge) -> TokenStream {
    let Edge {
        variant, field, ty, ..
    } = edge;
    let span = span_of(ty);
    let Some(variant) = variant else {
        return quote_spanned!(span=> ::core::option::Option::Some(&__cordial_error.#field));
    };
    let variant = respanned(variant);
    let has_others = matches!(shape, Shape::Enum(variants) if variants.len() > 1);
    let others = has_others.then(|| quote!(_ => ::core::option::Option::None));
    quote_spanned! {span=>
        match __cordial_error {
            #name::#variant { #field: __cordial_field, .. } =>
                ::core::option::Option::Some(__cordial_field),
            #others
        }
    }
}

/// Writes a facet, in the spelling with `Send + Sync` too.
fn write_facet(name: &Ident, facet: &TypeTraitObject) -> TokenStream {
    let span = span_of(&facet.bounds);
    let declared = quote_spanned! {span=>
        __cordial_lattice.facet::<#name, #facet>(|__cordial_error| __cordial_error);
    };
    let aliases = spellings(facet).map(|spelled| {
        quote_spanned! {span=>
            __cordial_lattice.facet_alias::<#name, #facet, #spelled>(
                |__cordial_error| __cordial_error,
            );
        }
    });
    quote! {
        #declared
        #(#aliases)*
    }
}

/// Spells a facet in the ways that it is not spelled in: with and without `Send` and `Sync`. Whoever
/// asks for it says it one way or another, and every error is both.
fn spellings(facet: &TypeTraitObject) -> impl Iterator<Item = TypeTraitObject> {
    const AUTO: [&str; 2] = ["Send", "Sync"];
    let span = span_of(&facet.bounds);
    let is_auto = |bound: &&TypeParamBound| AUTO.iter().any(|name| bound_names(bound, name));
    let own: Punctuated<_, _> = facet
        .bounds
        .iter()
        .filter(|bound| !is_auto(bound))
        .cloned()
        .collect();
    let original = facet.clone();
    let declared = AUTO.map(|name| names_trait(facet, name));
    let all = [[false, false], [true, false], [false, true], [true, true]];
    let others = all.into_iter().filter(move |spelled| *spelled != declared);
    others.map(move |spelled| {
        let mut bounds = own.clone();
        for (name, _) in AUTO
            .iter()
            .zip(spelled)
            .filter(|(_, is_spelled)| *is_spelled)
        {
            let name = Ident::new(name, span);
            bounds.push(syn::parse_quote_spanned!(span=> ::core::marker::#name));
        }
        TypeTraitObject {
            bounds,
            ..original.clone()
        }
    })
}

/// Writes the stable code: what the author chose, or the names in snake case.
fn write_code(exception: &Exception) -> TokenStream {
    let Exception {
        name, shape, code, ..
    } = exception;
    let own = code
        .as_ref()
        .map_or_else(|| snake_case(name), LitStr::value);
    let found = match shape {
        Shape::Struct => quote!(|_| ::core::option::Option::Some(#own)),
        Shape::Enum(variants) if variants.is_empty() => {
            quote!(|__cordial_error| match *__cordial_error {})
        }
        Shape::Enum(variants) => {
            let arms = variants.iter().map(
                |Variant {
                     name: variant,
                     code,
                 }| {
                    let named = || format!("{own}.{}", snake_case(variant));
                    let code = code.as_ref().map_or_else(named, LitStr::value);
                    let variant = respanned(variant);
                    quote!(#name::#variant { .. } => #code)
                },
            );
            quote! {
                |__cordial_error| ::core::option::Option::Some(match __cordial_error { #(#arms,)* })
            }
        }
    };
    quote!(__cordial_lattice.code::<#name>(#found);)
}

/// Writes a name in snake case; an acronym is one word.
fn snake_case(name: &Ident) -> String {
    let name = name.unraw().to_string();
    let mut snake = String::with_capacity(name.len() + 4);
    let mut before = '_';
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_word = before.is_lowercase() || before.is_numeric();
        let ends_acronym =
            before.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase());
        if character.is_uppercase() && (ends_word || ends_acronym) {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
        before = character;
    }
    snake
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use quote::format_ident;

    use super::*;
    use crate::testing::{has, mistakes};

    #[test]
    fn names_become_snake_case() {
        for (name, snake) in [
            ("AppError", "app_error"),
            ("Db", "db"),
            ("Http2Error", "http2_error"),
            ("HTTPError", "http_error"),
            ("UnknownID", "unknown_id"),
            ("Spelled_So", "spelled_so"),
        ] {
            assert_eq!(snake_case(&format_ident!("{name}")), snake);
        }
        assert_eq!(
            snake_case(&Ident::new_raw("type", Span::call_site())),
            "type"
        );
    }

    #[test]
    fn a_base_is_found_in_its_field() {
        let written = expand(quote! {
            struct NotFound { #[base] http: HttpError }
        });

        let edge = quote! {
            ::cordial::private::Edge::<HttpError>::new().base::<NotFound>(
                __cordial_lattice,
                |__cordial_error| ::core::option::Option::Some(&__cordial_error.http)
            );
        };
        assert!(has(&written, &edge), "{written}");
    }

    #[test]
    fn a_payload_is_found_in_its_variant_alone() {
        let written = expand(quote! {
            enum App { Db(#[from] sqlx::Error), Other }
        });

        let edge = quote! {
            ::cordial::private::Edge::<sqlx::Error>::new().narrow::<App>(
                __cordial_lattice,
                |__cordial_error| match __cordial_error {
                    App::Db { 0: __cordial_field, .. } =>
                        ::core::option::Option::Some(__cordial_field),
                    _ => ::core::option::Option::None
                }
            );
        };
        assert!(has(&written, &edge), "{written}");
    }

    #[test]
    fn opaque_payloads_and_mere_causes_declare_nothing() {
        let written = expand(quote! {
            enum App {
                #[opaque]
                Variant(#[from] io::Error),
                Field(#[from] #[opaque] fmt::Error),
                Cause(#[source] sqlx::Error),
            }
        });

        assert_eq!(mistakes(&written), Vec::<String>::new());
        assert!(!has(&written, &quote!(Edge)), "{written}");
    }

    #[test]
    fn a_facet_is_declared_with_and_without_its_auto_traits() {
        let written = expand(quote! {
            #[facet(dyn UserFacing, dyn Coded + Send + Sync)]
            #[facet(dyn Loud + Send)]
            struct NotFound;
        });

        for declared in [
            quote!(.facet::<NotFound, dyn UserFacing>),
            quote!(.facet_alias::<
                NotFound,
                dyn UserFacing,
                dyn UserFacing + ::core::marker::Send + ::core::marker::Sync
            >),
            quote!(.facet::<NotFound, dyn Coded + Send + Sync>),
            quote!(.facet_alias::<NotFound, dyn Coded + Send + Sync, dyn Coded>),
            quote!(.facet_alias::<
                NotFound,
                dyn Loud + Send,
                dyn Loud + ::core::marker::Send + ::core::marker::Sync
            >),
        ] {
            assert!(has(&written, &declared), "{declared} in {written}");
        }
        let aliases = written.to_string().matches("facet_alias").count();
        assert_eq!(aliases, 3 * 3, "{written}");
    }

    #[test]
    fn a_code_is_chosen_or_made_of_the_names() {
        let written = expand(quote! {
            enum AppError { NotFound, #[exception(code = "disk")] Io(io::Error) }
        });

        for arm in [
            quote!(AppError::NotFound { .. } => "app_error.not_found"),
            quote!(AppError::Io { .. } => "disk"),
        ] {
            assert!(has(&written, &arm), "{arm} in {written}");
        }
    }

    #[test]
    fn the_code_of_an_enum_stands_before_those_of_its_variants() {
        let written = expand(quote! {
            #[exception(code = "app")]
            enum AppError { NotFound }
        });

        assert!(has(
            &written,
            &quote!(AppError::NotFound { .. } => "app.not_found")
        ));
    }

    #[test]
    fn cordial_is_where_the_author_says_in_a_stub_too() {
        let right = quote!(
            #[exception(crate = my::cordial)]
            struct NotFound;
        );
        let wrong = quote!(
            #[exception(crate = my::cordial, cod = "a")]
            struct NotFound;
        );

        for written in [expand(right), expand(wrong)] {
            assert!(has(
                &written,
                &quote!(impl my::cordial::private::Exception for NotFound)
            ));
            assert!(!has(&written, &quote!(impl ::cordial)));
        }
    }
}
