//! From a modal to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;

use crate::companion::{attribute, declare, place};
use crate::fallback;
use crate::interaction::{Parameter, Role, Sort, State, requirements};
use crate::modal::model::{Field, Modal};
use crate::modal::parse::parse;
use crate::paths::{Cordial, span_of};

const SORT: Sort = Sort::handler("ModalContext");

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(item, "a modal handler", parse, companion, fallback::modal)
}

fn companion(modal: &Modal, function: &ItemFn) -> TokenStream {
    let cordial = &modal.cordial;
    let name = &modal.parameters.name;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    let made = made(modal);
    let into_handlers = quote! {
        impl #into_handlers for #name {
            fn register(self, __cordial_handlers: &mut #handlers) {
                #into_handlers::register(#made, __cordial_handlers)
            }
        }
    };
    let asserted = State::of(&modal.parameters).asserted(cordial);
    let form = form(modal, function);
    declare(
        function,
        [Some(form), asserted, Some(into_handlers)]
            .into_iter()
            .flatten(),
    )
}

/// Writes the companion's function that makes the modal.
fn form(modal: &Modal, function: &ItemFn) -> TokenStream {
    let Modal {
        cordial,
        parameters,
        routing,
        title,
        fields,
        ..
    } = modal;
    let (name, visibility) = (&parameters.name, &function.vis);
    let route = routing.route(cordial, "modal");
    let state = State::of(parameters);
    let (names, signature) = (&state.names, state.signature(cordial, ("modal", "Modal")));
    let both = parameters.others.iter().zip(fields);
    let fields = both.filter_map(|(other, said)| Some(field(cordial, other, said.as_ref()?)));
    let doc = format!("Makes the modal, which runs [`{name}()`] when it is sent.");
    quote! {
        impl #name {
            #[doc = #doc]
            #[allow(dead_code, reason = "it may be shown by another program")]
            #visibility #signature {
                #route.modal_with(&(#(#names,)*), #title, ::std::vec![#(#fields),*])
            }
        }
    }
}

/// Writes what Discord is told of a field.
fn field(cordial: &Cordial, parameter: &Parameter, said: &Field) -> TokenStream {
    let ty = &parameter.ty;
    let modal_field = cordial.private_at(span_of(ty), "ModalField");
    let Field {
        name,
        label,
        description,
        placeholder,
        value,
        is_paragraph,
        min_length,
        max_length,
        most,
    } = said;
    let new = quote_spanned!(span_of(ty)=> #modal_field::new::<#ty>);
    let (description, placeholder) = (description.iter(), placeholder.iter());
    let (value, most) = (value.iter(), most.iter());
    let (shortest, longest) = (min_length.iter(), max_length.iter());
    let paragraph = is_paragraph.then(|| quote!(.paragraph()));
    quote! {
        ::core::convert::From::from(
            #new(#name, #label) #(.description(#description))* #(.placeholder(#placeholder))*
                #(.value(#value))* #paragraph #(.min_length(#shortest))* #(.max_length(#longest))*
                #(.most(#most))*
        )
    }
}

fn made(modal: &Modal) -> TokenStream {
    let Modal {
        cordial,
        parameters,
        routing,
        handling,
        ..
    } = modal;
    let constructor = cordial.private("modal");
    let (called, place) = (routing.name.clone(), place(cordial));
    let route = routing.route(cordial, "modal");
    let run = run(modal);
    let (requirements, handling) = (requirements(parameters), handling.calls(cordial));
    let admission = State::of(parameters).admission(cordial, &route);
    quote!(#constructor(#called, #place, #route, #run) #requirements #admission #handling)
}

/// Writes the closure that makes the state, the fields and the other arguments, and calls the
/// function.
fn run(modal: &Modal) -> TokenStream {
    let Modal {
        cordial,
        parameters,
        routing,
        fields,
        ..
    } = modal;
    let name = span_of(&parameters.name);
    let route = routing.route(cordial, "modal");
    let state = State::of(parameters);
    let (carried, tuple) = (state.carried(), state.tuple());
    let (filled, extracted) = (state.filled(), state.extracted());
    let types = parameters.others.iter();
    let types = types.filter(|other| matches!(other.role, Role::Documented(_)));
    let types = types.map(|other| &other.ty);
    let extractors = parameters.extractors().map(|extractor| &extractor.ty);
    let entered = fields.iter().flatten().map(|field| &field.name);
    let call = state.call(cordial, parameters, &SORT);
    let with = cordial.private_at(name, "with_fields");
    quote_spanned! {name=>
        |__cordial_ctx| #with::<#tuple, (#(#types,)*), (#(#extractors,)*), _, _, _>(
            __cordial_ctx,
            #route,
            &[#(#entered),*],
            move |(#(#carried,)*), (#(#filled,)*), (#(#extracted,)*)| async move { #call },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistakes, has, mistakes};

    #[test]
    fn documented_parameters_are_fields_beside_state_and_extractors() {
        let written = expand(
            quote!(),
            &quote! {
                /// Report a message
                async fn report(
                    ctx: &ModalContext,
                    author: Author,
                    #[state] message: Id<MessageMarker>,
                    /// Why?
                    #[field(paragraph, max_length = 500)]
                    r#why: String,
                ) {}
            },
        );

        assert_eq!(mistakes(&written), Vec::<String>::new());
        for part in [
            quote!(fn modal(message: Id<MessageMarker>)),
            quote!("Report a message"),
            quote!(
                ModalField::new::<String>("why", "Why?")
                    .paragraph()
                    .max_length(500)
            ),
            quote!(&["why"]),
            quote!(.requires::<Author>()),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let fields = (0..6).map(|index| quote::format_ident!("n{index}"));
        let written = expand(
            quote!(menu = "Ask"),
            &quote! {
                async fn ask(
                    ctx: &ModalContext,
                    #(/** Number */ #fields: i64,)*
                    last: String,
                ) {}
            },
        );

        assert_mistakes(
            &written,
            &[
                "unknown option `menu`",
                "a modal needs a title",
                "a field needs a label",
                "a modal has at most 5",
            ],
        );
    }

    #[test]
    fn a_modal_without_fields_is_told_once() {
        let forgotten = expand(
            quote!(),
            &quote! {
                /// Your name
                async fn ask(ctx: &ModalContext, name: String) {}
            },
        );
        let empty = expand(
            quote!(),
            &quote! {
                /// Your name
                async fn ask(ctx: &ModalContext, author: Author) {}
            },
        );

        assert_mistakes(&forgotten, &["a field needs a label"]);
        assert_mistakes(&empty, &["a modal needs at least one field"]);
    }
}
