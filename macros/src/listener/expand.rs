//! From a listener to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{GenericArgument, ItemFn, PathArguments, Type};

use crate::companion::{attribute, declare, invocation, options, place};
use crate::fallback;
use crate::listener::model::Listener;
use crate::listener::parse::parse;
use crate::paths::{Cordial, span_of};
use crate::signature::output_span;

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(item, "a listener", parse, companion, fallback::handler)
}

fn companion(listener: &Listener, function: &ItemFn) -> TokenStream {
    let cordial = &listener.cordial;
    let name = &listener.signature.name;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    let made = made(listener);
    let into_handlers = quote! {
        impl #into_handlers for #name {
            fn register(self, __cordial_handlers: &mut #handlers) {
                __cordial_handlers.listener(#made);
            }
        }
    };
    declare(function, [into_handlers])
}

fn made(listener: &Listener) -> TokenStream {
    let Listener {
        cordial,
        signature,
        name,
        limit,
        on_error,
    } = listener;
    let event = &signature.second;
    let made_by = if borrows(event) {
        "view_listener"
    } else {
        "listener"
    };
    let constructor = cordial.private_at(span_of(event), made_by);
    let function = signature.name.to_string();
    let place = place(cordial);
    let run = run(cordial, listener);
    let options = options(name.as_ref(), *limit, &signature.extractors);
    let constructed = quote_spanned!(span_of(event)=> #constructor::<#event>);
    let on_error = on_error
        .iter()
        .map(|handler| quote_spanned!(span_of(handler)=> .on_error(#handler {})));
    quote!(#constructed(#function, #place, #run)#options #(#on_error)*)
}

/// Writes the closure that makes the arguments and calls the function.
fn run(cordial: &Cordial, listener: &Listener) -> TokenStream {
    let signature = &listener.signature;
    let (name, context) = (&signature.name, &signature.first);
    let first = cordial.private_at(span_of(context), "first");
    let ctx = quote_spanned!(span_of(context)=> #first::<#context>(__cordial_ctx));
    let output = output_span(signature);
    let outcome = cordial.private_at(output, "outcome");
    let returned = quote_spanned!(output=> #outcome(__cordial_returned));
    // A view is made for the listener, and is its own.
    let reference = borrows(&signature.second).then(|| quote_spanned!(span_of(name)=> &));
    let run = invocation(cordial, name, &signature.extractors, |arguments| {
        quote_spanned! {span_of(name)=>
            let __cordial_returned =
                #name(#ctx, #reference __cordial_event, #(#arguments),*).await;
            #returned
        }
    });
    quote_spanned!(span_of(name)=> |__cordial_ctx, __cordial_event| #run)
}

/// Returns whether an event is one that borrows, which only a view does.
fn borrows(event: &Type) -> bool {
    let Type::Path(path) = event else {
        return false;
    };
    let last = path.path.segments.last();
    let Some(PathArguments::AngleBracketed(arguments)) = last.map(|last| &last.arguments) else {
        return false;
    };
    let is_lifetime = |argument| matches!(argument, &GenericArgument::Lifetime(_));
    arguments.args.iter().any(is_lifetime)
}
