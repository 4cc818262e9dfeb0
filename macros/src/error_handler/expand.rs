//! From an error handler to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;

use crate::companion::{attribute, declare, invocation, options, place};
use crate::error_handler::model::ErrorHandler;
use crate::error_handler::parse::parse;
use crate::fallback;
use crate::paths::span_of;
use crate::signature::output_span;

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(
        item,
        "an error handler",
        parse,
        companion,
        fallback::error_handler,
    )
}

fn companion(handler: &ErrorHandler, function: &ItemFn) -> TokenStream {
    let cordial = &handler.cordial;
    let name = &handler.signature.name;
    let error = &handler.signature.second;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    let into_error_handler = cordial.private("IntoErrorHandler");
    let via_companion = cordial.private("ViaCompanion");
    let error_handler = cordial.private("ErrorHandler");
    let made = made(handler);
    let as_error_handler = quote! {
        impl #into_error_handler<#via_companion> for #name {
            type Error = #error;

            fn into_error_handler(self) -> #error_handler<#error> {
                #made
            }
        }
    };
    let into_handlers = quote! {
        impl #into_handlers for #name {
            fn register(self, __cordial_handlers: &mut #handlers) {
                __cordial_handlers.error_handler(#into_error_handler::into_error_handler(self));
            }
        }
    };
    declare(function, [as_error_handler, into_handlers])
}

fn made(handler: &ErrorHandler) -> TokenStream {
    let ErrorHandler {
        cordial,
        signature,
        name,
        limit,
        ..
    } = handler;
    let (subject, error) = (&signature.first, &signature.second);
    let constructor = if handler.is_for_facet() {
        "facet_handler"
    } else {
        "error_handler"
    };
    let constructor = cordial.private_at(span_of(error), constructor);
    let function = signature.name.to_string();
    let place = place(cordial);
    let run = run(handler);
    let options = options(name.as_ref(), *limit, &signature.extractors);
    let cause = handler.takes_causes.then(|| quote!(.cause()));
    let guard = handler.guard.as_ref().map(|guard| quote!(.when(#guard)));
    let constructed = quote_spanned!(span_of(error)=> #constructor::<#subject, #error>);
    quote!(#constructed(#function, #place, #run)#options #cause #guard)
}

/// Writes the closure that makes the arguments and calls the function.
fn run(handler: &ErrorHandler) -> TokenStream {
    let ErrorHandler {
        cordial, signature, ..
    } = handler;
    let name = &signature.name;
    let output = output_span(signature);
    let verdict = cordial.private_at(output, "verdict");
    let returned = quote_spanned!(output=> #verdict(__cordial_returned));
    let run = invocation(cordial, name, &signature.extractors, |arguments| {
        quote_spanned! {span_of(name)=>
            let __cordial_returned =
                #name(__cordial_subject, __cordial_error, #(#arguments),*).await;
            #returned
        }
    });
    quote_spanned! {span_of(name)=>
        |__cordial_subject, __cordial_error, __cordial_ctx| {
            let _ = __cordial_ctx;
            #run
        }
    }
}
