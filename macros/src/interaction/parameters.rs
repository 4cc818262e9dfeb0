//! The parameters of a handler of interactions: the context, and what each of the others is.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, ItemFn, Meta, Pat, PatType, ReturnType, Type};

use crate::args::Args;
use crate::companion::is_said;
use crate::diagnostics::Mistakes;
use crate::interaction::Documentation;
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
}

impl Allowed {
    pub(crate) const EXTRACTORS: Self = Self {
        documented: None,
        state: false,
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

    /// Lists the extractors.
    pub(crate) fn extractors(&self) -> impl Iterator<Item = &Parameter> {
        let is_extractor = |other: &&Parameter| matches!(other.role, Role::Extractor);
        self.others.iter().filter(is_extractor)
    }

    fn refuse_too_many(&self, mistakes: &mut Mistakes) {
        for extractor in self.extractors().skip(MAX_EXTRACTORS) {
            let message = "too many: a handler takes 8 extractors at most; put some of what you \
                           share in one `State`";
            mistakes.at(&extractor.ty, message);
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
    let has = |name: &str| argument.attrs.iter().any(|said| said.path().is_ident(name));
    let role = match (documentation, &allowed.documented) {
        (Some(text), Some(_)) if !has("state") => Role::Documented(text),
        (Some(text), _) => {
            let message = "people fill nothing in here: remove the doc comment";
            mistakes.at_span(text.span, message);
            Role::Extractor
        }
        (None, _) if has("state") => {
            let args = args_of(argument);
            let mut args = Args::read(args, &["owner"], mistakes);
            let is_owner = args.take_flag("owner", mistakes);
            Role::State { is_owner }
        }
        (None, _) => Role::Extractor,
    };
    refuse_attributes(argument, &role, allowed, mistakes);
    Some(Parameter {
        name: name_of(argument),
        ty: ty?,
        role,
        args: args_of(argument),
    })
}

/// Returns what stands in the parentheses of a parameter's attributes.
fn args_of(argument: &PatType) -> Vec<TokenStream> {
    let lists = argument.attrs.iter().filter_map(|said| match &said.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.collect()
}

/// Notes attributes that say nothing where they stand.
fn refuse_attributes(argument: &PatType, role: &Role, allowed: &Allowed, mistakes: &mut Mistakes) {
    let said = argument.attrs.iter().filter(|said| is_said(said));
    for attribute in said.filter(|said| !said.path().is_ident("doc")) {
        if attribute.path().is_ident("state") {
            if !allowed.state {
                let message = "only components and modals carry state: remove `#[state]`";
                mistakes.at(attribute, message);
            }
            continue;
        }
        match &allowed.documented {
            Some(name) if attribute.path().is_ident(name) => {
                if !matches!(role, Role::Documented(_)) {
                    refuse_undocumented(attribute, name, mistakes);
                }
            }
            _ => {
                let message = "this attribute means nothing here: remove it";
                mistakes.at(attribute, message);
            }
        }
    }
}

fn refuse_undocumented(attribute: &Attribute, name: &str, mistakes: &mut Mistakes) {
    let message = format!(
        "what people fill in has a description, which they see: write a doc comment over \
         `#[{name}(..)]`, as `/// How many?`"
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
