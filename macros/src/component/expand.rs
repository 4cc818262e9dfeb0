//! From a handler of components to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;

use crate::companion::{attribute, declare, place};
use crate::component::model::Component;
use crate::component::parse::parse;
use crate::duration::Limit;
use crate::fallback;
use crate::interaction::{Sort, State, requirements};
use crate::paths::span_of;

const SORT: Sort = Sort::handler("ComponentContext");

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(
        item,
        "a component handler",
        parse,
        companion,
        fallback::component,
    )
}

fn companion(component: &Component, function: &ItemFn) -> TokenStream {
    let cordial = &component.cordial;
    let name = &component.parameters.name;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    let made = made(component);
    let into_handlers = quote! {
        impl #into_handlers for #name {
            fn register(self, __cordial_handlers: &mut #handlers) {
                #into_handlers::register(#made, __cordial_handlers)
            }
        }
    };
    let state = State::of(&component.parameters);
    let asserted = state.asserted(cordial);
    let id = id(component, function);
    declare(
        function,
        [Some(id), asserted, Some(into_handlers)]
            .into_iter()
            .flatten(),
    )
}

/// Writes the companion's function that makes a custom id.
fn id(component: &Component, function: &ItemFn) -> TokenStream {
    let Component {
        cordial,
        parameters,
        routing,
        ..
    } = component;
    let (name, visibility) = (&parameters.name, &function.vis);
    let route = routing.route(cordial, "component");
    let state = State::of(parameters);
    let (names, signature) = (&state.names, state.signature(cordial, ("id", "CustomId")));
    let doc = format!("Makes a custom id, whose components run [`{name}()`].");
    quote! {
        impl #name {
            #[doc = #doc]
            #[allow(dead_code, reason = "its components may be shown by another program")]
            #visibility #signature {
                #route.id(&(#(#names,)*))
            }
        }
    }
}

fn made(component: &Component) -> TokenStream {
    let Component {
        cordial,
        parameters,
        routing,
        expires,
        handling,
    } = component;
    let constructor = cordial.private("component");
    let (called, place) = (routing.name.clone(), place(cordial));
    let route = routing.route(cordial, "component");
    let run = run(component);
    let (requirements, handling) = (requirements(parameters), handling.calls(cordial));
    let expires = expires.and_then(|limit| match limit {
        Limit::Millis(millis) => {
            Some(quote!(.expires(::core::time::Duration::from_millis(#millis))))
        }
        Limit::None => None,
    });
    let admission = State::of(parameters).admission(cordial, &route);
    quote!(#constructor(#called, #place, #route, #run) #requirements #admission #expires #handling)
}

/// Writes the closure that makes the state and the other arguments, and calls the function.
fn run(component: &Component) -> TokenStream {
    let Component {
        cordial,
        parameters,
        routing,
        ..
    } = component;
    let name = span_of(&parameters.name);
    let route = routing.route(cordial, "component");
    let state = State::of(parameters);
    let (carried, tuple) = (state.carried(), state.tuple());
    let extracted = state.extracted();
    let extractors = parameters.extractors().map(|extractor| &extractor.ty);
    let call = state.call(cordial, parameters, &SORT);
    let with = cordial.private_at(name, "with_state");
    quote_spanned! {name=>
        |__cordial_ctx| #with::<#tuple, (#(#extractors,)*), _, _, _>(
            __cordial_ctx,
            #route,
            move |(#(#carried,)*), (#(#extracted,)*)| async move { #call },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistake, assert_mistakes, has, mistakes};

    #[test]
    fn the_state_is_taken_by_the_custom_id_and_kept_from_the_function() {
        let written = expand(
            quote!(version = 2, expires = "1h"),
            &quote! {
                pub async fn turn(
                    ctx: &ComponentContext,
                    author: Author,
                    #[state] page: u32,
                    #[state(owner)] _owner: Id<UserMarker>,
                ) -> Result<()> {}
            },
        );

        assert_eq!(mistakes(&written), Vec::<String>::new());
        for part in [
            quote!(
                pub async fn turn(
                    ctx: &ComponentContext,
                    author: Author,
                    page: u32,
                    _owner: Id<UserMarker>,
                ) -> Result<()> {
                }
            ),
            quote!(pub fn id(page: u32, owner: Id<UserMarker>)),
            quote!(::cordial::private::CustomIdRoute::component("turn", 2)),
            quote!(::cordial::private::owned::<Id<UserMarker>>),
            quote!(::cordial::private::assert_fits::<(u32, Id<UserMarker>,)>),
            quote!(.requires::<Author>()),
            quote!(.expires(::core::time::Duration::from_millis(3600000u64))),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn a_raw_name_is_written_without_its_sign() {
        let written = expand(
            quote!(),
            &quote!(
                async fn r#move(ctx: &ComponentContext) {}
            ),
        );

        let route = quote!(::cordial::private::CustomIdRoute::component("move", 1));
        assert!(has(&written, &route), "{written}");
    }

    #[test]
    fn a_stub_takes_the_state_that_is_marked_or_was_forgotten() {
        let written = expand(
            quote!(),
            &quote!(
                async fn turn(ctx: &ComponentContext, #[state] of: &Book, page: u32) {}
            ),
        );

        assert_mistakes(
            &written,
            &[
                "state and extractors by value",
                "write `#[state]` before it",
            ],
        );
        assert!(
            has(&written, &quote!(fn id(of: Book, page: u32))),
            "{written}"
        );
    }

    #[test]
    fn there_are_eight_values_of_state_at_most() {
        let many = (0..9).map(|index| quote::format_ident!("n{index}"));
        let written = expand(
            quote!(),
            &quote!(async fn sum(ctx: &ComponentContext, #(#[state] #many: u8),*) {}),
        );

        assert_mistake(&written, "at most 8 values");
    }
}
