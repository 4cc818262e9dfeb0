//! The companion of a handler: a struct of the same name, which `handlers![..]` collects.
//!
//! A function lives among the values and a braced struct among the types, so both can have one name
//! and the author's function stays what it was.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, FnArg, Ident, Item, ItemFn, Type};

use crate::diagnostics::Refused;
use crate::duration::Limit;
use crate::paths::{Cordial, span_of};

/// Writes what stands in the place of a function with an attribute: the function as it is, and its
/// companion, or a stub of it beside what is wrong.
pub(crate) fn attribute<H>(
    item: &TokenStream,
    handler: &str,
    parse: impl FnOnce(&ItemFn) -> Result<H, Refused>,
    companion: impl FnOnce(&H, &ItemFn) -> TokenStream,
    stub: impl FnOnce(&ItemFn, &Cordial) -> Vec<TokenStream>,
) -> TokenStream {
    let function = match function(item, handler) {
        Ok(function) => function,
        Err(mistake) => {
            let mistake = mistake.to_compile_error();
            return quote!(#item #mistake);
        }
    };
    let companion = match parse(&function) {
        Ok(handler) => companion(&handler, &function),
        Err(refused) => {
            let mistakes = refused.mistakes.to_compile_error();
            // A method has no companion: an `impl` has no room for it.
            let is_method = function.sig.receiver().is_some();
            let stub = (!is_method).then(|| declare(&function, stub(&function, &refused.cordial)));
            quote!(#stub #mistakes)
        }
    };
    let kept = kept(&function);
    quote!(#kept #companion)
}

/// Reads the function that an attribute stands on.
fn function(item: &TokenStream, handler: &str) -> syn::Result<ItemFn> {
    match syn::parse2(item.clone())? {
        Item::Fn(function) => Ok(function),
        other => {
            let message = format_args!("{handler} must be an `async fn`");
            Err(syn::Error::new_spanned(other, message))
        }
    }
}

/// Writes the author's function as it is. That it must be `async` is cordial's wish, so no lint asks
/// the author why.
///
/// What is said of its parameters is read by the attribute, and allowed nowhere else.
fn kept(function: &ItemFn) -> TokenStream {
    let mut function = function.clone();
    for argument in &mut function.sig.inputs {
        if let FnArg::Typed(argument) = argument {
            argument.attrs.retain(|attribute| !is_said(attribute));
        }
    }
    quote! {
        #[allow(clippy::unused_async, reason = "a handler is async, whether it waits or not")]
        #function
    }
}

/// Returns whether an attribute of a parameter says something to cordial.
pub(crate) fn is_said(attribute: &Attribute) -> bool {
    let said = ["doc", "option", "state", "field"];
    said.iter().any(|said| attribute.path().is_ident(said))
}

/// Writes the companion's struct, and after it what is implemented for it; each under the same
/// conditions as the function.
pub(crate) fn declare(
    function: &ItemFn,
    implementations: impl IntoIterator<Item = TokenStream>,
) -> TokenStream {
    let (visibility, name) = (&function.vis, &function.sig.ident);
    let doc = format!("Companion of [`{name}()`]: what `handlers!` collects.");
    let is_gate = |attribute: &&Attribute| attribute.path().is_ident("cfg");
    let gates: Vec<_> = function.attrs.iter().filter(is_gate).collect();
    let implementations = implementations.into_iter();
    let implementations = implementations.map(|written| quote!(#(#gates)* #written));
    quote! {
        #(#gates)*
        #[doc = #doc]
        #[allow(non_camel_case_types, reason = "it is called as its function is")]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #name {}
        #(#implementations)*
    }
}

/// Writes the place of a handler.
pub(crate) fn place(cordial: &Cordial) -> TokenStream {
    let place = cordial.private("Place");
    quote!(#place::new(::core::file!(), ::core::line!(), ::core::column!()))
}

/// Writes a future that makes a handler's arguments, calls it with them, and turns what it returns
/// into what the bot takes. The call is written by `call`, which is told the arguments' names.
///
/// The arguments are made in a generic function. In an `async` block of the author's crate the
/// compiler would forget that a `'static` in their types is one, and refuse them.
pub(crate) fn invocation(
    cordial: &Cordial,
    name: &Ident,
    extractors: &[Type],
    call: impl FnOnce(&[Ident]) -> TokenStream,
) -> TokenStream {
    let argument = |index| Ident::new(&format!("__cordial_argument_{index}"), Span::call_site());
    let arguments: Vec<_> = (0..extractors.len()).map(argument).collect();
    let call = call(&arguments);
    let Some(first) = extractors.first() else {
        return quote_spanned!(span_of(name)=> ::std::boxed::Box::pin(async move { #call }));
    };
    let with = cordial.private_at(span_of(first), "with");
    let with = quote_spanned!(span_of(first)=> #with::<(#(#extractors,)*), _, _, _>);
    quote_spanned! {span_of(name)=>
        #with(__cordial_ctx, move |(#(#arguments,)*)| async move { #call })
    }
}

/// Writes the calls that set a handler's name, time and needs.
pub(crate) fn options(
    cordial_name: Option<&syn::LitStr>,
    limit: Option<Limit>,
    extractors: &[Type],
) -> TokenStream {
    let name = cordial_name.map(|name| quote!(.name(#name)));
    let limit = limit.map(|limit| match limit {
        Limit::Millis(millis) => quote!(.timeout(::core::time::Duration::from_millis(#millis))),
        Limit::None => quote!(.no_timeout()),
    });
    quote!(#name #limit #(.requires::<#extractors>())*)
}
