//! The signature of a handler: what all of them must be, and what is in it.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Ident, ItemFn, PatType, ReturnType, Type, TypeReference};

use crate::diagnostics::Mistakes;
use crate::paths::span_of;

/// How many extractors a handler may take.
pub(crate) const MAX_EXTRACTORS: usize = 8;

/// What a sort of handler takes first and second, for messages.
pub(crate) struct Expected {
    /// With its article: "a listener".
    pub(crate) handler: &'static str,
    pub(crate) first: &'static str,
    pub(crate) second: &'static str,
    /// What it takes beside the context, and how: "extractors by value".
    pub(crate) one: &'static str,
    /// A whole signature.
    pub(crate) example: &'static str,
}

/// The signature of a handler.
pub(crate) struct Signature {
    pub(crate) name: Ident,
    /// The type behind the reference.
    pub(crate) first: Type,
    /// The type behind the reference.
    pub(crate) second: Type,
    pub(crate) extractors: Vec<Type>,
    /// Nothing if nothing is written.
    pub(crate) output: Option<Type>,
}

impl Signature {
    /// Reads a signature, and notes every way in which it is not that of a handler.
    pub(crate) fn read(
        function: &ItemFn,
        expected: &Expected,
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        refuse_modifiers(function, expected, mistakes);
        refuse_generics(function, expected, mistakes);
        let Expected {
            handler, example, ..
        } = expected;
        let mut arguments = arguments(function, expected, mistakes)?;
        let (Some(first), Some(second)) = (arguments.next(), arguments.next()) else {
            mistakes.at(
                &function.sig.ident,
                format_args!("{handler} takes at least two arguments: `{example}`"),
            );
            return None;
        };
        let first = behind_reference(first, expected.first, mistakes);
        let second = behind_reference(second, expected.second, mistakes);
        let extractors: Vec<_> = arguments.collect();
        for extractor in extractors.iter().skip(MAX_EXTRACTORS) {
            let message = "too many arguments: after the first two, a handler takes at most 8; put \
                           several shared values into one `State`";
            mistakes.at(&extractor.ty, message);
        }
        let extractors = extractors
            .into_iter()
            .map(|extractor| by_value(extractor, expected, mistakes));
        Some(Self {
            name: function.sig.ident.clone(),
            first: first?,
            second: second?,
            extractors: extractors.collect::<Option<_>>()?,
            output: match &function.sig.output {
                ReturnType::Default => None,
                ReturnType::Type(_, output) => Some((**output).clone()),
            },
        })
    }
}

pub(crate) fn refuse_modifiers(function: &ItemFn, expected: &Expected, mistakes: &mut Mistakes) {
    let handler = expected.handler;
    let signature = &function.sig;
    if signature.asyncness.is_none() {
        let message = format!(
            "{handler} must be `async`: write `async fn {}`",
            signature.ident
        );
        mistakes.at(signature.fn_token, message);
    }
    if let Some(token) = &signature.constness {
        mistakes.at(token, format_args!("{handler} cannot be `const`"));
    }
    if let Some(abi) = &signature.abi {
        mistakes.at(abi, format_args!("{handler} cannot be `extern`"));
    }
    if let Some(variadic) = &signature.variadic {
        mistakes.at(variadic, format_args!("{handler} cannot be variadic"));
    }
    if !matches!(signature.safety, syn::Safety::Default) {
        mistakes.at_span(
            signature.fn_token.span(),
            format_args!("{handler} cannot be `unsafe`"),
        );
    }
}

pub(crate) fn refuse_generics(function: &ItemFn, expected: &Expected, mistakes: &mut Mistakes) {
    let handler = expected.handler;
    for parameter in &function.sig.generics.params {
        let advice = match parameter {
            GenericParam::Lifetime(_) => "leave out the lifetimes of its references",
            GenericParam::Type(_) | GenericParam::Const(_) => {
                "write one for each type, and call a generic function from each"
            }
        };
        mistakes.at(
            parameter,
            format_args!("{handler} cannot be generic: {advice}"),
        );
    }
}

/// Notes a function that returns nothing, and has to say something.
pub(crate) fn refuse_silence(function: &ItemFn, message: &str, mistakes: &mut Mistakes) {
    match &function.sig.output {
        ReturnType::Default => mistakes.at(&function.sig.ident, message),
        ReturnType::Type(_, output) => match &**output {
            Type::Tuple(tuple) if tuple.elems.is_empty() => mistakes.at(tuple, message),
            _ => {}
        },
    }
}

/// Returns the arguments, or notes that there is a `self` among them.
pub(crate) fn arguments<'a>(
    function: &'a ItemFn,
    expected: &Expected,
    mistakes: &mut Mistakes,
) -> Option<impl Iterator<Item = &'a PatType> + use<'a>> {
    if let Some(receiver) = function.sig.receiver() {
        let message = format!(
            "{} cannot be a method: move it out of the `impl`, and take what `self` held as \
             `State<..>`",
            expected.handler,
        );
        mistakes.at(receiver, message);
        return None;
    }
    let typed = |argument: &'a FnArg| match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    };
    Some(function.sig.inputs.iter().filter_map(typed))
}

/// Returns the type behind the reference that an argument must be.
pub(crate) fn behind_reference(
    argument: &PatType,
    what: &str,
    mistakes: &mut Mistakes,
) -> Option<Type> {
    match &*argument.ty {
        Type::Reference(TypeReference {
            mutability: Some(token),
            ..
        }) => {
            mistakes.at(
                token,
                format_args!("{what} is shared: take it by `&`, not `&mut`"),
            );
            None
        }
        Type::Reference(TypeReference { elem, .. }) => Some(unwrapped(elem)),
        Type::ImplTrait(ty) => {
            mistakes.at(
                ty,
                format_args!("{what} must have a concrete type: name it, as in `&SomeType`"),
            );
            None
        }
        ty => {
            mistakes.at(
                ty,
                format_args!("{what} must be taken by reference: `&{}`", text_of(ty)),
            );
            None
        }
    }
}

/// Returns the type of an extractor, which must be taken by value.
pub(crate) fn by_value(
    argument: &PatType,
    expected: &Expected,
    mistakes: &mut Mistakes,
) -> Option<Type> {
    match &*argument.ty {
        Type::Reference(reference) => {
            let ty = text_of(&reference.elem);
            let Expected { handler, one, .. } = expected;
            mistakes.at(
                reference,
                format_args!("`&{ty}` cannot be taken here: {handler} takes {one}"),
            );
            None
        }
        Type::ImplTrait(ty) => {
            mistakes.at(
                ty,
                "an extractor must have a concrete type: name it, as in `State<SomeType>`",
            );
            None
        }
        ty => Some(ty.clone()),
    }
}

/// Takes the parentheses away that `&(dyn A + B)` needs.
fn unwrapped(ty: &Type) -> Type {
    match ty {
        Type::Paren(inner) => unwrapped(&inner.elem),
        Type::Group(inner) => unwrapped(&inner.elem),
        ty => ty.clone(),
    }
}

/// Returns a type as the author might write it.
fn text_of(ty: &Type) -> String {
    let text = quote::quote!(#ty).to_string();
    text.replace(" :: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
}

/// Returns where a missing return type would stand.
pub(crate) fn output_span(signature: &Signature) -> Span {
    span_of_output(signature.output.as_ref(), &signature.name)
}

/// Returns where a return type stands, or would.
pub(crate) fn span_of_output(output: Option<&Type>, name: &Ident) -> Span {
    match output {
        Some(output) => span_of(output),
        None => span_of(name),
    }
}
