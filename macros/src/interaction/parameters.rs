//! The parameters of a handler of interactions: the context, and what each of the others is.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericArgument, Ident, ItemFn, Meta, Pat, PatType, PathArguments,
    ReturnType, Type,
};

use crate::args::Args;
use crate::companion::is_said;
use crate::diagnostics::Mistakes;
use crate::interaction::{Documentation, MAX_STATE};
use crate::signature::{
    Expected, MAX_EXTRACTORS, arguments, behind_reference, by_value, refuse_generics,
    refuse_modifiers,
};

/// The signature of a handler of interactions.
pub(crate) struct Parameters {
    pub(crate) name: Ident,
    /// The type behind the reference.
    pub(crate) context: Type,
    pub(crate) others: Vec<Parameter>,
    /// Nothing if nothing is written.
    pub(crate) output: Option<Type>,
}

/// A parameter after the context.
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
    /// What stands in the parentheses of its attribute: `#[option(..)]`.
    pub(crate) args: Vec<TokenStream>,
}

/// What a parameter is.
pub(crate) enum Role {
    /// It is made by `FromContext`.
    Extractor,
    /// People fill it in: it has a doc comment.
    Documented(Documentation),
    /// It travels in the custom id: it has `#[state]`, or `#[state(owner)]`.
    State { is_owner: bool },
}

/// What parameters a sort of handler may have, beside extractors.
pub(crate) struct Allowed {
    /// The attribute of what people fill in.
    pub(crate) documented: Option<&'static str>,
    pub(crate) state: bool,
    /// What is said of one that is text or a number, and that nothing is said of.
    pub(crate) plain: Option<&'static str>,
}

impl Allowed {
    pub(crate) const EXTRACTORS: Self = Self {
        documented: None,
        state: false,
        plain: None,
    };
}

impl Parameters {
    /// Reads a signature, and notes every way in which it is not that of a handler.
    pub(crate) fn read(
        function: &ItemFn,
        expected: &Expected,
        allowed: &Allowed,
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        refuse_modifiers(function, expected, mistakes);
        refuse_generics(function, expected, mistakes);
        let mut arguments = arguments(function, expected, mistakes)?;
        let Some(context) = arguments.next() else {
            let Expected {
                handler, example, ..
            } = expected;
            let message = format!("{handler} takes its context first: `{example}`");
            mistakes.at(&function.sig.ident, message);
            return None;
        };
        let context = behind_reference(context, expected.first, mistakes);
        let others = arguments.map(|other| parameter(other, expected, allowed, mistakes));
        let others: Vec<_> = others.collect();
        let others = others.into_iter().collect::<Option<Vec<_>>>();
        let read = Self {
            name: function.sig.ident.clone(),
            context: context?,
            others: others?,
            output: match &function.sig.output {
                ReturnType::Default => None,
                ReturnType::Type(_, output) => Some((**output).clone()),
            },
        };
        read.refuse_too_many(mistakes);
        Some(read)
    }

    /// Reads the state off a signature in which there are mistakes, for a stub: what is marked, and
    /// what its author may have forgotten to mark.
    pub(crate) fn guessed(function: &ItemFn, is_forgotten: impl Fn(&Type) -> bool) -> Self {
        let typed = function
            .sig
            .inputs
            .iter()
            .filter_map(|argument| match argument {
                FnArg::Typed(argument) => Some(argument),
                FnArg::Receiver(_) => None,
            });
        let carried = typed.filter(|argument| has(argument, "state") || is_forgotten(&argument.ty));
        let others = carried.filter_map(|argument| {
            Some(Parameter {
                name: name_of(argument),
                ty: match &*argument.ty {
                    Type::Reference(reference) => (*reference.elem).clone(),
                    Type::ImplTrait(_) => return None,
                    ty => ty.clone(),
                },
                role: Role::State { is_owner: false },
                args: Vec::new(),
            })
        });
        Self {
            name: function.sig.ident.clone(),
            context: syn::parse_quote!(()),
            others: others.collect(),
            output: None,
        }
    }

    /// Lists the extractors.
    pub(crate) fn extractors(&self) -> impl Iterator<Item = &Parameter> {
        let is_extractor = |other: &&Parameter| matches!(other.role, Role::Extractor);
        self.others.iter().filter(is_extractor)
    }

    fn refuse_too_many(&self, mistakes: &mut Mistakes) {
        for extractor in self.extractors().skip(MAX_EXTRACTORS) {
            let message = "too many extractors: a handler takes at most 8; put several shared \
                           values into one `State`";
            mistakes.at(&extractor.ty, message);
        }
        let carried = self.others.iter();
        let carried = carried.filter(|other| matches!(other.role, Role::State { .. }));
        for state in carried.skip(MAX_STATE) {
            let message = format!(
                "too much state: a custom id carries at most {MAX_STATE} values; store related \
                 values elsewhere, and carry their key"
            );
            mistakes.at(&state.ty, message);
        }
    }
}

fn parameter(
    argument: &PatType,
    expected: &Expected,
    allowed: &Allowed,
    mistakes: &mut Mistakes,
) -> Option<Parameter> {
    let ty = by_value(argument, expected, mistakes);
    let documentation = Documentation::read(&argument.attrs, mistakes);
    refuse_attributes(argument, documentation.is_some(), allowed, mistakes);
    Some(Parameter {
        name: name_of(argument),
        role: role(argument, documentation, allowed, mistakes),
        ty: ty?,
        args: args_of(argument, allowed.documented.unwrap_or_default()),
    })
}

fn role(
    argument: &PatType,
    documentation: Option<Documentation>,
    allowed: &Allowed,
    mistakes: &mut Mistakes,
) -> Role {
    if has(argument, "state") {
        if let Some(text) = documentation {
            mistakes.at_span(
                text.span,
                "people do not fill in state: remove the doc comment",
            );
        }
        let mut args = Args::read(args_of(argument, "state"), &["owner"], mistakes);
        let is_owner = args.take_flag("owner", mistakes);
        return Role::State { is_owner };
    }
    match (documentation, allowed.documented) {
        (Some(text), Some(_)) => return Role::Documented(text),
        (Some(text), None) => {
            let message = if allowed.state {
                "people fill in nothing here: remove the doc comment, and mark a value that \
                 travels in the custom id with `#[state]`"
            } else {
                "people fill in nothing here: remove the doc comment"
            };
            mistakes.at_span(text.span, message);
        }
        (None, _) => {
            let is_said = argument.attrs.iter().any(is_said);
            let message = allowed.plain.filter(|_| !is_said && is_plain(&argument.ty));
            if let Some(message) = message {
                mistakes.at(argument, message);
            }
        }
    }
    Role::Extractor
}

fn has(argument: &PatType, name: &str) -> bool {
    let mut said = argument.attrs.iter();
    said.any(|said| said.path().is_ident(name))
}

/// Returns whether a type is text, a number or `bool`, or an `Option` of it, by its name: those are
/// made by no extractor, whatever else an author calls so.
pub(crate) fn is_plain(ty: &Type) -> bool {
    const PLAIN: &[&str] = &[
        "String", "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8",
        "u16", "u32", "u64", "u128", "usize",
    ];
    let Type::Path(path) = ty else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == "Option" => {
            let mut arguments = arguments.args.iter();
            arguments.any(|argument| matches!(argument, GenericArgument::Type(ty) if is_plain(ty)))
        }
        _ => PLAIN.iter().any(|plain| last.ident == plain),
    }
}

/// Returns what stands in the parentheses of an attribute of a parameter.
fn args_of(argument: &PatType, name: &str) -> Vec<TokenStream> {
    let said = argument.attrs.iter();
    let said = said.filter(|said| said.path().is_ident(name));
    let lists = said.filter_map(|said| match &said.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.collect()
}

/// Notes attributes that say nothing where they stand, or not in this form.
fn refuse_attributes(
    argument: &PatType,
    is_documented: bool,
    allowed: &Allowed,
    mistakes: &mut Mistakes,
) {
    let said = argument.attrs.iter().filter(|said| is_said(said));
    for attribute in said.filter(|said| !said.path().is_ident("doc")) {
        let is = |name: &str| attribute.path().is_ident(name);
        let is_fillable = is_documented && !has(argument, "state");
        match allowed.documented {
            _ if is("state") && allowed.state => {}
            _ if is("state") => {
                let message = "only components and modals carry state: remove `#[state]`";
                mistakes.at(attribute, message);
            }
            Some(name) if is(name) && is_fillable => {}
            Some(name) if is(name) => refuse_undocumented(attribute, name, mistakes),
            Some(name) => {
                let message = format!("wrong attribute: write `#[{name}(..)]` here");
                mistakes.at(attribute, message);
            }
            None => mistakes.at(attribute, "this attribute has no effect here: remove it"),
        }
        if let (Meta::NameValue(_), Some(name)) = (&attribute.meta, attribute.path().get_ident()) {
            let message = format!("arguments go in parentheses: `#[{name}(..)]`");
            mistakes.at(attribute, message);
        }
    }
}

fn refuse_undocumented(attribute: &Attribute, name: &str, mistakes: &mut Mistakes) {
    let message = format!(
        "a parameter that people fill in needs a doc comment, which they see: write one above \
         `#[{name}(..)]`, such as `/// How many?`"
    );
    mistakes.at(attribute, message);
}

/// Returns the name of a parameter; one that is taken apart has none of its own.
fn name_of(argument: &PatType) -> Ident {
    match &*argument.pat {
        Pat::Ident(name) => name.ident.clone(),
        other => Ident::new("_", other.span()),
    }
}
