//! From a struct to a view.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Data, DeriveInput, Fields, GenericArgument, GenericParam, Ident, Lifetime, LitStr,
    Meta, Path, PathArguments, Token, Type,
};

use crate::args::Args;
use crate::diagnostics::{Mistakes, Refused};
use crate::paths::{Cordial, span_of};
use crate::view::model::{Absence, Field, Form, View};

const FIELD_OPTIONS: &[&str] = &["name", "part", "default"];

/// What a view is of, for messages.
const OF: &str = "a view needs its event: write `#[view(MessageCreate)]`, or `#[view(part)]` for a \
                  part of another view";

/// Reads a struct.
pub(crate) fn parse(item: &DeriveInput) -> Result<View, Refused> {
    let mut mistakes = Mistakes::default();
    let said = said(item, &mut mistakes);
    let cordial = Cordial::new(said.cordial);
    let lifetime = lifetime(item, &mut mistakes);
    let fields = fields(item, &mut mistakes);
    let view = fields.zip(said.of).map(|(fields, of)| View {
        cordial: cordial.clone(),
        name: item.ident.clone(),
        lifetime,
        of: match of {
            Of::Event(event) => Some(*event),
            Of::View => None,
        },
        fields,
    });
    mistakes.finish(cordial, view)
}

/// What `#[view(..)]` says of the struct.
#[derive(Default)]
struct Said {
    of: Option<Of>,
    cordial: Option<Path>,
}

/// What it is a part of.
enum Of {
    Event(Box<Type>),
    /// Another view.
    View,
}

fn said(item: &DeriveInput, mistakes: &mut Mistakes) -> Said {
    let mut said = Said::default();
    for list in lists(&item.attrs) {
        if let Err(error) = (|input: ParseStream<'_>| said.read(input)).parse2(list) {
            mistakes.add(error);
            return said;
        }
    }
    if said.of.is_none() {
        mistakes.at(&item.ident, OF);
    }
    said
}

impl Said {
    fn read(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(Token![crate]) && input.peek2(Token![=]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                self.cordial = Some(input.call(Path::parse_mod_style)?);
            } else {
                let of: Type = input.parse()?;
                if self.of.is_some() {
                    return Err(syn::Error::new_spanned(
                        of,
                        "a view has one event: remove this one",
                    ));
                }
                self.of = Some(if is_called(&of, "part") {
                    Of::View
                } else {
                    Of::Event(Box::new(of))
                });
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }
}

/// Returns what stands in the parentheses of `#[view(..)]`.
fn lists(attributes: &[Attribute]) -> Vec<TokenStream> {
    let said = attributes
        .iter()
        .filter(|said| said.path().is_ident("view"));
    let lists = said.filter_map(|said| match &said.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.collect()
}

fn lifetime(item: &DeriveInput, mistakes: &mut Mistakes) -> Option<Lifetime> {
    let mut lifetime = None;
    for parameter in &item.generics.params {
        match parameter {
            GenericParam::Lifetime(parameter) if lifetime.is_none() => {
                lifetime = Some(parameter.lifetime.clone());
            }
            GenericParam::Lifetime(second) => {
                mistakes.at(
                    second,
                    "a view borrows from one event, so it has at most one lifetime",
                );
            }
            other => mistakes.at(other, "a view cannot be generic, except over one lifetime"),
        }
    }
    lifetime
}

fn fields(item: &DeriveInput, mistakes: &mut Mistakes) -> Option<Vec<Field>> {
    let Data::Struct(data) = &item.data else {
        mistakes.at(
            &item.ident,
            "a view must be a struct: each field is a field of the event",
        );
        return None;
    };
    let Fields::Named(named) = &data.fields else {
        mistakes.at(
            &item.ident,
            "a view must have named fields: name them as Discord does",
        );
        return None;
    };
    if named.named.is_empty() {
        mistakes.at(&item.ident, "there is nothing to read: add a field");
    }
    let fields = named.named.iter();
    let fields: Vec<_> = fields.map(|found| field(found, mistakes)).collect();
    fields.into_iter().collect()
}

fn field(field: &syn::Field, mistakes: &mut Mistakes) -> Option<Field> {
    let mut args = Args::read(lists(&field.attrs), FIELD_OPTIONS, mistakes);
    let name = args.take_text("name", mistakes);
    let is_part = args.take_flag("part", mistakes);
    let is_default = args.take_flag("default", mistakes);
    let ident = field.ident.clone()?;
    let inner = inside_option(&field.ty);
    if inner.is_some() && is_default {
        mistakes.at(
            &field.ty,
            "an `Option` can be absent anyway: remove `default`",
        );
    }
    let form = form(inner.unwrap_or(&field.ty), is_part, mistakes)?;
    Some(Field {
        name: name.unwrap_or_else(|| LitStr::new(&ident.unraw().to_string(), span_of(&ident))),
        ident,
        ty: field.ty.clone(),
        form,
        absence: match inner {
            Some(_) => Absence::None,
            None if is_default => Absence::Default,
            None => Absence::Refused,
        },
    })
}

fn form(ty: &Type, is_part: bool, mistakes: &mut Mistakes) -> Option<Form> {
    let Type::Reference(reference) = ty else {
        return Some(if is_part { Form::Part } else { Form::Value });
    };
    if is_called(&reference.elem, "str") && !is_part && reference.mutability.is_none() {
        return Some(Form::Text);
    }
    mistakes.at(
        ty,
        "a view can borrow only text, as `&str`: take this field by value",
    );
    None
}

/// Returns what may be absent, if that is what a type says.
fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == "Option" => Some(inner),
        _ => None,
    }
}

fn is_called(ty: &Type, name: &str) -> bool {
    let is_name = |ident: &Ident| ident == name;
    matches!(ty, Type::Path(path) if path.path.get_ident().is_some_and(is_name))
}
