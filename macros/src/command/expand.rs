//! From a command to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, ExprLit, Ident, ItemFn, Lit, Type};

use crate::command::model::{Command, Kind, SlashOption};
use crate::command::parse::parse;
use crate::companion::{attribute, declare, place};
use crate::fallback;
use crate::interaction::{Parameter, Sort, called, requirements, run};
use crate::paths::{Cordial, span_of};

const SLASH: Sort = Sort::handler("CommandContext");
const MENU: Sort = Sort {
    context: None,
    returned: None,
};

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function);
    attribute(item, "a command", parse, companion, fallback::handler)
}

fn companion(command: &Command, function: &ItemFn) -> TokenStream {
    let cordial = &command.cordial;
    let name = &command.parameters.name;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    let made = made(command);
    let into_handlers = quote! {
        impl #into_handlers for #name {
            fn register(self, __cordial_handlers: &mut #handlers) {
                #into_handlers::register(#made, __cordial_handlers)
            }
        }
    };
    declare(function, [into_handlers])
}

fn made(command: &Command) -> TokenStream {
    let Command {
        cordial,
        parameters,
        kind,
        translations,
        is_nsfw,
        contexts,
        integration_types,
        handling,
    } = command;
    let place = place(cordial);
    let function = parameters.name.to_string();
    let context = span_of(&parameters.context);
    let constructed = match kind {
        Kind::Slash {
            name,
            description,
            options,
        } => {
            let slash = cordial.private("slash");
            let run = run_slash(command, options);
            let both = parameters.others.iter().zip(options);
            let options =
                both.filter_map(|(other, said)| Some(option(cordial, other, said.as_ref()?)));
            quote!(#slash(#function, #place, #name, #description, #run) #(.option(#options))*)
        }
        Kind::Menu { name } => {
            let (menu, ty) = (cordial.private_at(context, "menu"), &parameters.context);
            let menu = quote_spanned!(context=> #menu::<#ty>);
            let run = run(cordial, parameters, &MENU);
            quote!(#menu(#function, #place, #name, #run))
        }
    };
    let requirements = requirements(parameters);
    let (translations, handling) = (translations.calls(), handling.calls(cordial));
    let nsfw = is_nsfw.then(|| quote!(.nsfw()));
    let contexts = listed(cordial, "contexts", "InteractionContextType", contexts);
    let types = "ApplicationIntegrationType";
    let installed = listed(cordial, "integration_types", types, integration_types);
    quote!(#constructed #requirements #translations #nsfw #contexts #installed #handling)
}

/// Writes what Discord is told of an option.
fn option(cordial: &Cordial, parameter: &Parameter, said: &SlashOption) -> TokenStream {
    let ty = &parameter.ty;
    let slash_option = cordial.private_at(span_of(ty), "SlashOption");
    let (name, description) = (&said.name, &said.description.text);
    let new = quote_spanned!(span_of(ty)=> #slash_option::new::<#ty>);
    let optional = said.default.as_ref().map(|_| quote!(.optional()));
    let (min, max) = (said.min.iter(), said.max.iter());
    let (shortest, longest) = (said.min_length.iter(), said.max_length.iter());
    let channel_types = listed(cordial, "channel_types", "ChannelType", &said.channel_types);
    let choices = choices(cordial, said);
    let autocomplete = said
        .autocomplete
        .iter()
        .map(|function| quote_spanned!(span_of(function)=> .autocomplete(#function {})));
    let translations = said.translations.calls();
    quote! {
        #new(#name, #description) #optional
            #(.min(#min))* #(.max(#max))* #(.min_length(#shortest))* #(.max_length(#longest))*
            #channel_types #choices #(#autocomplete)* #translations
    }
}

/// Writes the call of a method that takes variants of an enum, if there are any.
fn listed(cordial: &Cordial, method: &str, all: &str, names: &[Ident]) -> Option<TokenStream> {
    let method = Ident::new(method, span_of(names.first()?));
    let variants = names.iter().map(|name| {
        let all = cordial.private_at(span_of(name), all);
        quote_spanned!(span_of(name)=> #all::#name)
    });
    Some(quote!(.#method([#(#variants),*])))
}

fn choices(cordial: &Cordial, said: &SlashOption) -> Option<TokenStream> {
    let choices = said.choices.iter().map(|choice| {
        let suggestion = cordial.private_at(span_of(choice), "IntoSuggestion");
        quote_spanned!(span_of(choice)=> #suggestion::into_suggestion(#choice))
    });
    (!said.choices.is_empty()).then(|| quote!(.choices([#(#choices),*])))
}

/// Writes the closure that makes the options and the other arguments, and calls the function.
fn run_slash(command: &Command, options: &[Option<SlashOption>]) -> TokenStream {
    let Command {
        cordial,
        parameters,
        ..
    } = command;
    let name = span_of(&parameters.name);
    let named = called(parameters);
    let both = || parameters.others.iter().zip(options).zip(&named);
    let taken = both().filter_map(|((_, said), name)| said.is_some().then_some(name));
    let extracted = both().filter_map(|((_, said), name)| said.is_none().then_some(name));
    let types = both().filter_map(|((other, said), _)| Some(option_type(other, said.as_ref()?)));
    let extractors = parameters.extractors().map(|extractor| &extractor.ty);
    let entered = options.iter().flatten().map(|said| &said.name);
    let arguments = both().map(|((_, said), name)| {
        let default = said.as_ref().and_then(|said| said.default.as_ref());
        let default = default.map(|default| {
            let value = value_of(default);
            quote!(.unwrap_or_else(|| #value))
        });
        quote!(#name #default)
    });
    let with = cordial.private_at(name, "with_options");
    let call = crate::interaction::call(cordial, parameters, &SLASH, arguments);
    quote_spanned! {name=>
        |__cordial_ctx| #with::<(#(#types,)*), (#(#extractors,)*), _, _, _>(
            __cordial_ctx,
            &[#(#entered),*],
            move |(#(#taken,)*), (#(#extracted,)*)| async move { #call },
        )
    }
}

/// Writes the value that an option has if it is not given: a text in quotes becomes what it is taken
/// as.
fn value_of(default: &Expr) -> TokenStream {
    match default {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => quote!(::core::convert::Into::into(#text)),
        other => quote!(#other),
    }
}

/// Writes the type that an option is made as: one with a default need not be given.
fn option_type(parameter: &Parameter, said: &SlashOption) -> TokenStream {
    let ty: &Type = &parameter.ty;
    if said.default.is_some() {
        return quote_spanned!(span_of(ty)=> ::core::option::Option<#ty>);
    }
    quote!(#ty)
}
