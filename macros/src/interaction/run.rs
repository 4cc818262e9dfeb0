//! How the function of a handler of interactions is called.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use crate::interaction::{Parameters, Role};
use crate::paths::{Cordial, span_of};
use crate::signature::span_of_output;

/// What a sort of function is given first, and what it comes to, as cordial calls them.
pub(crate) struct Sort {
    /// Nothing where the function says itself which it is.
    pub(crate) context: Option<&'static str>,
    /// Nothing for a handler, which only ends.
    pub(crate) returned: Option<&'static str>,
}

impl Sort {
    /// A handler with a context of its own.
    pub(crate) const fn handler(context: &'static str) -> Self {
        Self {
            context: Some(context),
            returned: None,
        }
    }
}

/// Names the arguments after the context.
pub(crate) fn called(parameters: &Parameters) -> Vec<Ident> {
    let name = |index| Ident::new(&format!("__cordial_argument_{index}"), Span::call_site());
    (0..parameters.others.len()).map(name).collect()
}

/// Writes the call of the function with its arguments, and what is made of what it returns.
pub(crate) fn call(
    cordial: &Cordial,
    parameters: &Parameters,
    sort: &Sort,
    arguments: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let (name, ty) = (&parameters.name, &parameters.context);
    let context = cordial.private_at(span_of(ty), "context");
    let own = sort.context.map(|own| cordial.private_at(span_of(ty), own));
    let own = own.unwrap_or_else(|| quote_spanned!(span_of(ty)=> _));
    let ctx = quote_spanned!(span_of(ty)=> #context::<#own, #ty>(__cordial_ctx));
    let output = span_of_output(parameters.output.as_ref(), name);
    let returned = match sort.returned {
        None => cordial.private_at(output, "outcome"),
        Some(returned) => {
            let ty = cordial.private_at(output, returned);
            let returned = cordial.private_at(output, "returned");
            quote_spanned!(output=> #returned::<#ty, _, _>)
        }
    };
    let returned = quote_spanned!(output=> #returned(__cordial_returned));
    quote_spanned! {span_of(name)=>
        let __cordial_returned = #name(#ctx, #(#arguments),*).await;
        #returned
    }
}

/// Writes the closure that makes the extractors and calls the function, where there is nothing else.
pub(crate) fn run(cordial: &Cordial, parameters: &Parameters, sort: &Sort) -> TokenStream {
    let name = span_of(&parameters.name);
    let named = called(parameters);
    let extractors = parameters.extractors().map(|extractor| &extractor.ty);
    let call = call(
        cordial,
        parameters,
        sort,
        named.iter().map(|name| quote!(#name)),
    );
    let with = cordial.private_at(name, "with_context");
    quote_spanned! {name=>
        |__cordial_ctx| #with::<_, (#(#extractors,)*), _, _, _>(
            __cordial_ctx,
            move |(#(#named,)*)| async move { #call },
        )
    }
}

/// Writes the calls that say what the extractors need.
pub(crate) fn requirements(parameters: &Parameters) -> TokenStream {
    let extractors = parameters.others.iter();
    let extractors = extractors.filter(|other| matches!(other.role, Role::Extractor));
    let calls = extractors.map(|extractor| {
        let ty = &extractor.ty;
        quote_spanned!(span_of(ty)=> .requires::<#ty>())
    });
    quote!(#(#calls)*)
}
