//! From a type and its attributes to an exception.

use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DeriveInput, Field, Fields, Ident, LitStr, Meta, Token, Type, TypeTraitObject,
};

use crate::args::Args;
use crate::diagnostics::{Mistakes, Refused};
use crate::exception::model::{Direction, Edge, Exception, Shape, Variant};
use crate::paths::Cordial;

/// Reads an exception.
pub(crate) fn parse(input: &DeriveInput) -> Result<Exception, Refused> {
    let mut mistakes = Mistakes::default();
    refuse_generics(input, &mut mistakes);
    let mut edges = Vec::new();
    let shape = shape(input, &mut edges, &mut mistakes);
    let (code, cordial) = options(&input.attrs, &["code", "crate"], &mut mistakes);
    let facets = facets(&input.attrs, &mut mistakes);
    mistakes.finish(
        cordial.clone(),
        shape.map(|shape| Exception {
            cordial,
            name: input.ident.clone(),
            shape,
            edges,
            facets,
            code,
        }),
    )
}

fn refuse_generics(input: &DeriveInput, mistakes: &mut Mistakes) {
    if !input.generics.params.is_empty() {
        mistakes.at(
            &input.generics,
            "an exception cannot be generic: remove the derive, and declare what each concrete \
             type is-a with `Bot::builder().is_a(..)`",
        );
    }
}

/// Reads the variants, and the edges that fields declare.
fn shape(input: &DeriveInput, edges: &mut Vec<Edge>, mistakes: &mut Mistakes) -> Option<Shape> {
    refuse(&input.attrs, "base", ON_A_FIELD, mistakes);
    match &input.data {
        Data::Struct(data) => {
            let opaque = marker(&input.attrs, "opaque", mistakes);
            read_fields(&data.fields, None, opaque, edges, mistakes);
            Some(Shape::Struct)
        }
        Data::Enum(data) => {
            refuse(&input.attrs, "opaque", ON_A_VARIANT, mistakes);
            let read = |variant| read_variant(variant, edges, mistakes);
            Some(Shape::Enum(data.variants.iter().map(read).collect()))
        }
        Data::Union(data) => {
            let message = "a union cannot be an error, so it cannot be an exception";
            mistakes.at(data.union_token, message);
            None
        }
    }
}

const ON_A_FIELD: &str = "`#[base]` goes on the field that holds the broader error";
const ON_A_VARIANT: &str = "`#[opaque]` goes on a variant, or on its field with `#[from]`";
const ON_THE_TYPE: &str = "`#[facet(..)]` goes on the type: every value of the type is-a \
                           `dyn Trait`";
const NOT_ON_A_FIELD: &str = "`#[exception(..)]` goes on the type or on a variant";
const NOTHING_TO_HIDE: &str = "there is nothing to hide here: `#[opaque]` goes with `#[from]`, and \
                               hides the error in that field";

fn read_variant(variant: &syn::Variant, edges: &mut Vec<Edge>, mistakes: &mut Mistakes) -> Variant {
    refuse(&variant.attrs, "base", ON_A_FIELD, mistakes);
    refuse(&variant.attrs, "facet", ON_THE_TYPE, mistakes);
    let opaque = marker(&variant.attrs, "opaque", mistakes);
    let name = &variant.ident;
    read_fields(&variant.fields, Some(name), opaque, edges, mistakes);
    let (code, _) = options(&variant.attrs, &["code"], mistakes);
    Variant {
        name: name.clone(),
        code,
    }
}

/// Reads the edges that fields declare.
fn read_fields(
    fields: &Fields,
    variant: Option<&Ident>,
    opaque: Option<&Attribute>,
    edges: &mut Vec<Edge>,
    mistakes: &mut Mistakes,
) {
    let mut hidden = 0;
    for (member, field) in fields.members().zip(fields) {
        refuse(&field.attrs, "facet", ON_THE_TYPE, mistakes);
        refuse(&field.attrs, "exception", NOT_ON_A_FIELD, mistakes);
        let own_opaque = marker(&field.attrs, "opaque", mistakes);
        let direction = direction(field, mistakes);
        if let (Some(attribute), None | Some(Direction::Base)) = (own_opaque, direction) {
            mistakes.at(attribute, NOTHING_TO_HIDE);
        }
        let is_opaque = opaque.or(own_opaque).is_some();
        match direction {
            Some(Direction::Narrow) if is_opaque => hidden += 1,
            Some(direction) => edges.push(Edge {
                direction,
                variant: variant.cloned(),
                field: member,
                ty: field.ty.clone(),
            }),
            None => {}
        }
    }
    if let (Some(attribute), 0) = (opaque, hidden) {
        mistakes.at(attribute, NOTHING_TO_HIDE);
    }
}

/// Reads what a field declares.
fn direction(field: &Field, mistakes: &mut Mistakes) -> Option<Direction> {
    let base = marker(&field.attrs, "base", mistakes);
    let is_from = named(&field.attrs, "from").next().is_some();
    match (base, is_from) {
        (Some(base), true) => {
            mistakes.at(
                base,
                "a field cannot have both: with `#[base]` the exception is-a what the field holds, \
                 with `#[from]` the other way round; remove one",
            );
            None
        }
        (Some(_), false) => Some(Direction::Base),
        (None, true) => Some(Direction::Narrow),
        (None, false) => None,
    }
}

/// Reads `#[exception(..)]`.
fn options(
    attributes: &[Attribute],
    known: &[&str],
    mistakes: &mut Mistakes,
) -> (Option<LitStr>, Cordial) {
    let mut lists = Vec::new();
    for attribute in named(attributes, "exception") {
        match &attribute.meta {
            Meta::List(list) => lists.push(list.tokens.clone()),
            other => mistakes.at(
                other,
                "`#[exception(..)]` takes options: `#[exception(code = \"..\")]`",
            ),
        }
    }
    let mut args = Args::read(lists, known, mistakes);
    let code = args.take_text("code", mistakes);
    if let Some(code) = code.as_ref().filter(|code| code.value().trim().is_empty()) {
        mistakes.at(
            code,
            "a code cannot be empty: people see it and search for it",
        );
    }
    (code, Cordial::new(args.take_crate(mistakes)))
}

/// Reads `#[facet(..)]`.
fn facets(attributes: &[Attribute], mistakes: &mut Mistakes) -> Vec<TypeTraitObject> {
    let mut facets = Vec::new();
    for attribute in named(attributes, "facet") {
        match attribute.parse_args_with(Punctuated::<Type, Token![,]>::parse_terminated) {
            Ok(types) if types.is_empty() => mistakes.at(
                attribute,
                "`#[facet(..)]` takes a trait: `#[facet(dyn Trait)]`",
            ),
            Ok(types) => facets.extend(types.into_iter().filter_map(|ty| facet(ty, mistakes))),
            Err(error) => mistakes.add(error),
        }
    }
    facets
}

fn facet(ty: Type, mistakes: &mut Mistakes) -> Option<TypeTraitObject> {
    if let Type::TraitObject(object) = ty {
        return Some(object);
    }
    mistakes.at(
        ty,
        "a facet must be a trait object: write `dyn` before the trait; to declare an error that a \
         field holds, mark the field with `#[base]`",
    );
    None
}

/// Finds an attribute that says all by being there, and notes it if it says more.
fn marker<'a>(
    attributes: &'a [Attribute],
    name: &'a str,
    mistakes: &mut Mistakes,
) -> Option<&'a Attribute> {
    let mut found = named(attributes, name);
    let first = found.next()?;
    for again in found {
        mistakes.at(again, format_args!("`#[{name}]` is given twice"));
    }
    if !matches!(first.meta, Meta::Path(_)) {
        let message = format_args!("`#[{name}]` takes no arguments");
        mistakes.at(first, message);
    }
    Some(first)
}

/// Notes attributes that stand where they mean nothing.
fn refuse(attributes: &[Attribute], name: &str, message: &str, mistakes: &mut Mistakes) {
    for attribute in named(attributes, name) {
        mistakes.at(attribute, message);
    }
}

fn named<'a>(attributes: &'a [Attribute], name: &'a str) -> impl Iterator<Item = &'a Attribute> {
    attributes
        .iter()
        .filter(move |attribute| attribute.path().is_ident(name))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::exception::expand;
    use crate::testing::{assert_mistake, assert_mistakes, has};

    #[test]
    fn a_generic_type_is_no_exception() {
        let written = expand(quote! {
            struct Wrong<T>(T);
        });

        assert_mistake(&written, "an exception cannot be generic");
    }

    #[test]
    fn a_union_is_no_exception_and_gets_no_stub() {
        let written = expand(quote! {
            union Wrong { a: u8 }
        });

        assert_mistake(&written, "a union cannot be an error");
        assert!(!has(&written, &quote!(impl)));
    }

    #[test]
    fn a_field_is_broader_or_narrower_and_not_both() {
        let written = expand(quote! {
            struct Wrong(#[base] #[from] Broader);
        });

        assert_mistake(&written, "remove one");
    }

    #[test]
    fn opaque_hides_a_from_and_nothing_else() {
        for wrong in [
            quote!(
                #[opaque]
                struct Wrong;
            ),
            quote!(
                struct Wrong(#[opaque] u8);
            ),
            quote!(
                struct Wrong(
                    #[base]
                    #[opaque]
                    Broader,
                );
            ),
            quote!(
                enum Wrong {
                    #[opaque]
                    A(#[source] Cause),
                }
            ),
        ] {
            assert_mistake(&expand(wrong), "there is nothing to hide here");
        }
    }

    #[test]
    fn an_attribute_in_the_wrong_place_is_told_where_it_goes() {
        for (wrong, words) in [
            (
                quote!(
                    #[base]
                    struct Wrong;
                ),
                "`#[base]` goes on the field",
            ),
            (
                quote!(
                    enum Wrong {
                        #[base]
                        A,
                    }
                ),
                "`#[base]` goes on the field",
            ),
            (
                quote!(
                    #[opaque]
                    enum Wrong {}
                ),
                "`#[opaque]` goes on a variant",
            ),
            (
                quote!(
                    enum Wrong {
                        #[facet(dyn A)]
                        A,
                    }
                ),
                "`#[facet(..)]` goes on the type",
            ),
            (
                quote!(
                    struct Wrong(#[facet(dyn A)] u8);
                ),
                "`#[facet(..)]` goes on the type",
            ),
            (
                quote!(
                    struct Wrong(#[exception(code = "a")] u8);
                ),
                "goes on the type or on a variant",
            ),
        ] {
            assert_mistake(&expand(wrong), words);
        }
    }

    #[test]
    fn a_marker_stands_once_and_alone() {
        let written = expand(quote! {
            struct Wrong(#[base(of = Broader)] #[base] Broader);
        });

        assert_mistakes(
            &written,
            &["`#[base]` is given twice", "`#[base]` takes no arguments"],
        );
    }

    #[test]
    fn a_facet_is_a_trait_object() {
        for (wrong, words) in [
            (
                quote!(
                    #[facet(UserFacing)]
                    struct Wrong;
                ),
                "write `dyn` before the trait",
            ),
            (
                quote!(
                    #[facet()]
                    struct Wrong;
                ),
                "`#[facet(..)]` takes a trait",
            ),
            (
                quote!(
                    #[facet]
                    struct Wrong;
                ),
                "expected attribute arguments",
            ),
        ] {
            assert_mistake(&expand(wrong), words);
        }
    }

    #[test]
    fn an_option_is_a_known_one_set_once_to_some_text() {
        for (options, words) in [
            (
                quote!(cod = "a"),
                "did you mean `code`? (the options are `code` and `crate`)",
            ),
            (quote!(code = "a", code = "b"), "`code` is set twice"),
            (quote!(code = 5), "`code` takes a string"),
            (quote!(code), "`code` takes a string"),
            (quote!(code = " "), "a code cannot be empty"),
            (quote!(crate = "path"), "`crate` takes a path"),
        ] {
            let written = expand(quote!(
                #[exception(#options)]
                struct Wrong;
            ));

            assert_mistake(&written, words);
        }
    }

    #[test]
    fn an_option_is_set_once_in_all_attributes_together() {
        let written = expand(quote! {
            #[exception(code = "a",)]
            #[exception(code = "b",)]
            struct Wrong;
        });

        assert_mistake(&written, "`code` is set twice");
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let written = expand(quote! {
            #[exception(cod = "a")]
            #[facet(UserFacing)]
            enum Wrong<T> {
                #[exception(crate = x)]
                A(#[base] #[from] T),
                #[opaque]
                B,
            }
        });

        assert_mistakes(
            &written,
            &[
                "generic",
                "remove one",
                "the only option is `code`",
                "there is nothing to hide here",
                "did you mean `code`?",
                "write `dyn` before the trait",
            ],
        );
    }
}
