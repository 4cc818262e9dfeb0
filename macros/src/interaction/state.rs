//! What travels in the custom id of a component or a modal, and which handler it finds.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, LitInt, Type};

use crate::args::Args;
use crate::diagnostics::Mistakes;
use crate::interaction::{Parameter, Parameters, Role, Sort, call, called};
use crate::paths::{Cordial, span_of};

/// The options that say how a handler is found, by their names.
pub(crate) const ROUTE_OPTIONS: &[&str] = &["name", "version"];

/// How many values travel together.
pub(crate) const MAX_STATE: usize = 8;

/// How a handler is found by a custom id.
pub(crate) struct Routing {
    pub(crate) name: String,
    version: Option<LitInt>,
}

impl Routing {
    /// Takes the options out.
    pub(crate) fn take(args: &mut Args, function: &Ident, mistakes: &mut Mistakes) -> Self {
        let name = args.take_text("name", mistakes);
        let version = args.take_number("version", mistakes);
        if let Some(version) = &version
            && version.base10_parse::<u8>().is_err()
        {
            mistakes.at(version, "a version must be from 0 to 255");
        }
        Self {
            name: name.map_or_else(|| function.unraw().to_string(), |name| name.value()),
            version,
        }
    }

    /// Writes the route.
    pub(crate) fn route(&self, cordial: &Cordial, kind: &str) -> TokenStream {
        let (route, name) = (cordial.private("CustomIdRoute"), &self.name);
        let kind = Ident::new(kind, proc_macro2::Span::call_site());
        let version = self
            .version
            .as_ref()
            .map_or_else(|| quote!(1), |version| quote!(#version));
        quote!(#route::#kind(#name, #version))
    }
}

/// What travels in a custom id, among the parameters of a handler.
pub(crate) struct State<'a> {
    pub(crate) names: Vec<Ident>,
    pub(crate) types: Vec<&'a Type>,
    /// The arguments, in the order of the parameters.
    arguments: Vec<(Ident, &'a Parameter)>,
}

impl<'a> State<'a> {
    pub(crate) fn of(parameters: &'a Parameters) -> Self {
        let arguments = called(parameters).into_iter().zip(&parameters.others);
        let arguments: Vec<_> = arguments.collect();
        let carried = || arguments.iter().filter(|(_, other)| is_state(other));
        let name = |(index, (_, other)): (usize, &(Ident, &Parameter))| public_name(other, index);
        Self {
            names: carried().enumerate().map(name).collect(),
            types: carried().map(|(_, other)| &other.ty).collect(),
            arguments,
        }
    }

    /// Writes the type of all of it, but for what is too much.
    pub(crate) fn tuple(&self) -> TokenStream {
        let types = self.types.iter().take(MAX_STATE);
        quote!((#(#types,)*))
    }

    /// Writes the signature of the companion's function that makes something with it.
    pub(crate) fn signature(&self, cordial: &Cordial, (name, made): (&str, &str)) -> TokenStream {
        let (carry, fit) = (cordial.private("Carry"), cordial.private("Fit"));
        let (name, made) = (quote::format_ident!("{name}"), cordial.private(made));
        let (names, types, tuple) = (&self.names, &self.types, self.tuple());
        quote!(fn #name(#(#names: #types),*) -> <<#tuple as #carry>::Fit as #fit>::Made<#made>)
    }

    /// Names the arguments that are state.
    pub(crate) fn carried(&self) -> Vec<&Ident> {
        self.arguments_of(is_state)
    }

    /// Names the arguments that are extractors.
    pub(crate) fn extracted(&self) -> Vec<&Ident> {
        self.arguments_of(|other| matches!(other.role, Role::Extractor))
    }

    /// Names the arguments that people fill in.
    pub(crate) fn filled(&self) -> Vec<&Ident> {
        self.arguments_of(|other| matches!(other.role, Role::Documented(_)))
    }

    fn arguments_of(&self, is_meant: impl Fn(&Parameter) -> bool) -> Vec<&Ident> {
        let meant = self.arguments.iter().filter(|(_, other)| is_meant(other));
        meant.map(|(name, _)| name).collect()
    }

    /// Writes what refuses everybody but the owner.
    pub(crate) fn owned(&self, cordial: &Cordial) -> TokenStream {
        let is_owner = |other: &Parameter| matches!(other.role, Role::State { is_owner: true });
        let owners = self.arguments.iter().filter(|(_, other)| is_owner(other));
        let checks = owners.map(|(name, other)| {
            let (ty, span) = (&other.ty, span_of(&other.ty));
            let owned = cordial.private_at(span, "owned");
            quote_spanned!(span=> #owned::<#ty>(__cordial_ctx, #name)?;)
        });
        quote!(#(#checks)*)
    }

    /// Writes the call that refuses, before a use is counted, whom the state does not let in.
    pub(crate) fn admission(&self, cordial: &Cordial, route: &TokenStream) -> TokenStream {
        let (carried, tuple, owned) = (self.carried(), self.tuple(), self.owned(cordial));
        let read = cordial.private("carried");
        quote! {
            .admits(|__cordial_ctx| {
                let (#(#carried,)*) = #read::<#tuple>(__cordial_ctx, #route)?;
                #(let _ = &#carried;)*
                #owned
                ::core::result::Result::Ok(())
            })
        }
    }

    /// Writes the call of the function.
    pub(crate) fn call(
        &self,
        cordial: &Cordial,
        parameters: &Parameters,
        sort: &Sort,
    ) -> TokenStream {
        let arguments = self.arguments.iter().map(|(name, _)| quote!(#name));
        call(cordial, parameters, sort, arguments)
    }

    /// Writes what sees to it that the state fits, when the program is compiled.
    pub(crate) fn asserted(&self, cordial: &Cordial) -> Option<TokenStream> {
        let first = self.types.first()?;
        let assert_fits = cordial.private_at(span_of(first), "assert_fits");
        let tuple = self.tuple();
        Some(quote_spanned!(span_of(first)=> const _: () = #assert_fits::<#tuple>();))
    }
}

/// Returns what the companion calls a part of the state: an underscore says that the handler does not
/// look at it, which is nothing to whoever makes the custom id.
fn public_name(parameter: &Parameter, index: usize) -> Ident {
    let name = parameter.name.to_string();
    match name.trim_start_matches('_') {
        "" => quote::format_ident!("state_{index}"),
        trimmed if trimmed == name => parameter.name.clone(),
        trimmed => {
            let free = syn::parse_str(trimmed);
            let mut free = free.unwrap_or_else(|_| quote::format_ident!("{trimmed}_"));
            free.set_span(span_of(&parameter.name));
            free
        }
    }
}

fn is_state(parameter: &Parameter) -> bool {
    matches!(parameter.role, Role::State { .. })
}
