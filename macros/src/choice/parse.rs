//! From an enum to choices.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, ExprUnary, Fields, Ident, Lit, LitInt, LitStr,
    Meta, UnOp,
};

use crate::args::Args;
use crate::choice::model::{Choice, Variant};
use crate::diagnostics::{Mistakes, Refused};
use crate::interaction::{Translations, check_text};
use crate::paths::{Cordial, span_of};

const VARIANT_OPTIONS: &[&str] = &["name", "names", "value"];

/// How many choices there may be, and how long the name of one.
const MOST: usize = 25;
const NAME: usize = 100;

/// Reads an enum.
pub(crate) fn parse(item: &DeriveInput) -> Result<Choice, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read(lists(&item.attrs), &["crate"], &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    if !item.generics.params.is_empty() {
        mistakes.at(&item.generics, "choices cannot be generic");
    }
    let variants = variants(item, &mut mistakes);
    if let Some(variants) = &variants {
        check(&item.ident, variants, &mut mistakes);
    }
    let choice = variants.map(|variants| Choice {
        cordial: cordial.clone(),
        name: item.ident.clone(),
        variants,
    });
    mistakes.finish(cordial, choice)
}

fn variants(item: &DeriveInput, mistakes: &mut Mistakes) -> Option<Vec<Variant>> {
    let Data::Enum(data) = &item.data else {
        let message = "only an enum can derive `Choice`: each variant is a choice";
        mistakes.at(&item.ident, message);
        return None;
    };
    let variants = data.variants.iter();
    let variants: Vec<_> = variants.map(|found| variant(found, mistakes)).collect();
    variants.into_iter().collect()
}

/// Returns what stands in the parentheses of `#[choice(..)]`.
fn lists(attributes: &[Attribute]) -> Vec<TokenStream> {
    let said = attributes
        .iter()
        .filter(|said| said.path().is_ident("choice"));
    let lists = said.filter_map(|said| match &said.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.collect()
}

fn variant(variant: &syn::Variant, mistakes: &mut Mistakes) -> Option<Variant> {
    if !matches!(variant.fields, Fields::Unit) {
        let message = "a choice cannot hold data: remove the fields";
        mistakes.at(&variant.fields, message);
        return None;
    }
    let mut args = Args::read(lists(&variant.attrs), VARIANT_OPTIONS, mistakes);
    let name = args.take_text("name", mistakes);
    if let Some(name) = &name {
        check_text(name, "the name of a choice", NAME, mistakes);
    }
    let value = args.take_value("value", "\"..\"", mistakes);
    let value = value.map(|value| literal(&value, mistakes));
    let ident = &variant.ident;
    Some(Variant {
        name: name.map_or_else(|| in_words(ident), |name| name.value()),
        translations: Translations::take_titles(&mut args, NAME, mistakes),
        value: match value {
            Some(value) => value?,
            None => Lit::Str(LitStr::new(&ident.to_string(), span_of(ident))),
        },
        ident: ident.clone(),
    })
}

fn literal(value: &Expr, mistakes: &mut Mistakes) -> Option<Lit> {
    match value {
        Expr::Lit(ExprLit {
            lit: lit @ (Lit::Str(_) | Lit::Int(_)),
            ..
        }) => Some(lit.clone()),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => match &**expr {
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }) => {
                let digits = format!("-{}", number.base10_digits());
                Some(Lit::Int(LitInt::new(&digits, number.span())))
            }
            _ => literal(expr, mistakes),
        },
        other => {
            let message = "the value of a choice is text or a whole number: `value = \"..\"`";
            mistakes.at(other, message);
            None
        }
    }
}

/// Returns what a choice stands for as Discord is sent it.
fn written(value: &Lit) -> String {
    match value {
        Lit::Str(text) => text.value(),
        Lit::Int(number) => number.base10_digits().to_owned(),
        other => other.to_token_stream().to_string(),
    }
}

/// Writes a variant's name as people write: `VeryLarge` is "Very large".
fn in_words(ident: &Ident) -> String {
    let mut words = String::new();
    for letter in ident.to_string().chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// Notes what is wrong with all of them together.
fn check(name: &Ident, variants: &[Variant], mistakes: &mut Mistakes) {
    if variants.is_empty() {
        mistakes.at(name, "there is nothing to choose: add a variant");
    }
    if let Some(first) = variants.get(MOST) {
        let message = format!("too many choices: an option has at most {MOST}");
        mistakes.at(&first.ident, message);
    }
    let is_text = |variant: &Variant| matches!(variant.value, Lit::Str(_));
    let is_of_first = |variant: &&Variant| is_text(variant) != is_text(&variants[0]);
    if let Some(other) = variants.iter().find(is_of_first) {
        let message = "some variants have a number as their value and some a text: give all of \
                       them a number as their `value`, or none";
        mistakes.at(&other.ident, message);
    }
    for (index, second) in variants.iter().enumerate() {
        let mut earlier = variants[..index].iter();
        if earlier.any(|first| first.name == second.name) {
            let message = format!("another choice is called `{}`", second.name);
            mistakes.at(&second.ident, message);
        }
        let mut earlier = variants[..index].iter();
        if earlier.any(|first| written(&first.value) == written(&second.value)) {
            let message = format!("another choice has the value `{}`", written(&second.value));
            mistakes.at(&second.ident, message);
        }
    }
}
