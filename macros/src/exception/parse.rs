//! From a type and its attributes to an exception.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Fields, LitStr, Meta, Token, Type};

use crate::args::Args;
use crate::diagnostics::Mistakes;
use crate::exception::model::{Direction, Edge, Exception, Shape, Variant};
use crate::paths::Cordial;

/// Reads an exception.
pub(crate) fn parse(input: &DeriveInput) -> syn::Result<Exception> {
    let mut mistakes = Mistakes::default();
    refuse_generics(input, &mut mistakes);
    let mut edges = Vec::new();
    let shape = match &input.data {
        Data::Struct(data) => {
            let is_opaque = opaque(&input.attrs);
            read_fields(&data.fields, None, is_opaque, &mut edges, &mut mistakes);
            Some(Shape::Struct)
        }
        Data::Enum(data) => {
            let variants = data.variants.iter().enumerate();
            let read = |(index, variant): (usize, &syn::Variant)| {
                let is_opaque = opaque(&variant.attrs);
                read_fields(
                    &variant.fields,
                    Some(index),
                    is_opaque,
                    &mut edges,
                    &mut mistakes,
                );
                let (code, _) = options(&variant.attrs, &["code"], &mut mistakes);
                Variant {
                    name: variant.ident.clone(),
                    code,
                }
            };
            Some(Shape::Enum(variants.map(read).collect()))
        }
        Data::Union(data) => {
            mistakes.at(
                data.union_token,
                "a union cannot be an error, so it is no exception",
            );
            None
        }
    };
    let (code, cordial) = options(&input.attrs, &["code", "crate"], &mut mistakes);
    let facets = facets(&input.attrs, &mut mistakes);
    mistakes.finish(shape.map(|shape| Exception {
        cordial,
        name: input.ident.clone(),
        shape,
        edges,
        facets,
        code,
    }))
}

fn refuse_generics(input: &DeriveInput, mistakes: &mut Mistakes) {
    if !input.generics.params.is_empty() {
        mistakes.at(
            &input.generics,
            "an exception is one type, and a generic error is many: leave the derive out, and \
             declare what each of them is-a with `Bot::builder().is_a(..)`",
        );
    }
}

/// Reads the edges that fields declare.
fn read_fields(
    fields: &Fields,
    variant: Option<usize>,
    opaque: Option<&Attribute>,
    edges: &mut Vec<Edge>,
    mistakes: &mut Mistakes,
) {
    let mut hidden = 0;
    for (member, field) in fields.members().zip(fields) {
        let field_opaque = self::opaque(&field.attrs);
        let direction = direction(field, mistakes);
        let is_hidden = opaque.or(field_opaque).is_some();
        if let (Some(attribute), None | Some(Direction::Base)) = (field_opaque, direction) {
            mistakes.at(attribute, NOTHING_TO_HIDE);
        }
        match direction {
            Some(Direction::Narrow) if is_hidden => hidden += 1,
            Some(direction) => edges.push(Edge {
                direction,
                variant,
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

const NOTHING_TO_HIDE: &str = "there is nothing to hide here: `#[opaque]` goes with a `#[from]`, \
                               whose error it keeps from being found";

/// Reads what a field declares.
fn direction(field: &Field, mistakes: &mut Mistakes) -> Option<Direction> {
    let find = |name| {
        field
            .attrs
            .iter()
            .find(|attribute| attribute.path().is_ident(name))
    };
    match (find("base"), find("from")) {
        (Some(base), Some(_)) => {
            mistakes.at(
                base,
                "either the error is-a what the field holds (`#[base]`), or the other way round \
                 (`#[from]`): remove one",
            );
            None
        }
        (Some(_), None) => Some(Direction::Base),
        (None, Some(_)) => Some(Direction::Narrow),
        (None, None) => None,
    }
}

fn opaque(attributes: &[Attribute]) -> Option<&Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("opaque"))
}

/// Reads `#[exception(..)]`.
fn options(
    attributes: &[Attribute],
    known: &[&str],
    mistakes: &mut Mistakes,
) -> (Option<LitStr>, Cordial) {
    let mut all = proc_macro2::TokenStream::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("exception"))
    {
        match &attribute.meta {
            Meta::List(list) => {
                let tokens = &list.tokens;
                all.extend(quote::quote!(#tokens,));
            }
            other => mistakes.at(
                other,
                "`#[exception(..)]` takes options: `#[exception(code = \"..\")]`",
            ),
        }
    }
    let mut args = Args::read(all, known, mistakes);
    let code = args.take_text("code", mistakes);
    if let Some(code) = code.as_ref().filter(|code| code.value().trim().is_empty()) {
        mistakes.at(
            code,
            "a code has some text: it is what people are told, and what is searched for",
        );
    }
    (code, Cordial::new(args.take_crate(mistakes)))
}

/// Reads `#[facet(..)]`.
fn facets(attributes: &[Attribute], mistakes: &mut Mistakes) -> Vec<Type> {
    let mut facets = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("facet"))
    {
        match attribute.parse_args_with(Punctuated::<Type, Token![,]>::parse_terminated) {
            Ok(types) if types.is_empty() => {
                mistakes.at_span(
                    attribute.span(),
                    "`#[facet(..)]` takes a trait: `#[facet(dyn Trait)]`",
                );
            }
            Ok(types) => facets.extend(types),
            Err(error) => mistakes.add(error),
        }
    }
    for facet in &facets {
        if !matches!(facet, Type::TraitObject(_)) {
            mistakes.at(
                facet,
                "a facet is a trait object: write `dyn` before the trait; for a type that the error \
                 holds, mark the field with `#[base]`",
            );
        }
    }
    facets
}
