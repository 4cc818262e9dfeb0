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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{has, mistakes};

    #[test]
    fn the_function_is_kept_without_what_is_said_of_its_parameters() {
        let written = expand(
            quote!(),
            &quote! {
                /// Roll a die.
                #[inline]
                pub(crate) async fn roll(
                    ctx: &CommandContext,
                    /// How many sides?
                    #[option(min = 2)]
                    sides: i64,
                    #[allow(unused)] author: Author,
                ) -> Result<()> {
                    body()
                }
            },
        );

        let kept = quote! {
            /// Roll a die.
            #[inline]
            pub(crate) async fn roll(
                ctx: &CommandContext,
                sides: i64,
                #[allow(unused)] author: Author,
            ) -> Result<()> {
                body()
            }
        };
        assert_eq!(mistakes(&written), Vec::<String>::new());
        assert!(has(&written, &kept), "{written}");
        assert!(
            has(
                &written,
                &quote!(
                    pub(crate) struct roll {}
                )
            ),
            "{written}"
        );
    }

    #[test]
    fn documented_parameters_are_options_and_the_others_extractors() {
        let written = expand(
            quote!(),
            &quote! {
                /// Roll a die.
                async fn roll(
                    ctx: &CommandContext,
                    author: Author,
                    /// How many sides?
                    #[option(min = 2, max = 100)]
                    sides: i64,
                ) {}
            },
        );

        for part in [
            quote!("roll", "Roll a die."),
            quote!(
                SlashOption::new::<i64>("sides", "How many sides?")
                    .min(2)
                    .max(100)
            ),
            quote!(.requires::<Author>()),
            quote!(&["sides"]),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
        assert!(!has(&written, &quote!(.requires::<i64>())), "{written}");
    }

    #[test]
    fn an_option_with_a_default_need_not_be_given() {
        let written = expand(
            quote!(),
            &quote! {
                /// Roll a die.
                async fn roll(
                    ctx: &CommandContext,
                    /// How many sides?
                    #[option(default = 6)]
                    sides: i64,
                ) {}
            },
        );

        for part in [
            quote!(SlashOption::new::<i64>("sides", "How many sides?").optional()),
            quote!(::core::option::Option<i64>),
            quote!(.unwrap_or_else(|| 6)),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn raw_and_unused_names_are_called_what_they_are_without_the_sign() {
        let written = expand(
            quote!(),
            &quote! {
                /// Match something.
                async fn r#match(
                    ctx: &CommandContext,
                    /** Of what sort? */ r#type: String,
                    /** How many? */ _count: i64,
                ) {}
            },
        );

        for part in [
            quote!("match", "Match something."),
            quote!(new::<String>("type", "Of what sort?")),
            quote!(new::<i64>("count", "How many?")),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn what_is_in_a_menu_is_called_as_the_menu_says() {
        let written = expand(
            quote!(menu = "Say hello", guild_only),
            &quote!(
                async fn hello(ctx: &UserMenuContext) {}
            ),
        );

        for part in [
            quote!(::cordial::private::menu::<UserMenuContext>),
            quote!("hello"),
            quote!("Say hello"),
            quote!(.guild_only()),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn rules_are_added_as_they_are_written() {
        let written = expand(
            quote!(
                owner_only,
                user_permissions = BAN_MEMBERS | KICK_MEMBERS,
                check = [is_lucky, checks::is_happy],
                on_error = oops,
                defer = "ephemeral",
                timeout = "none",
                nsfw
            ),
            &quote! {
                /// Ban somebody.
                async fn ban(ctx: &CommandContext) {}
            },
        );

        for part in [
            quote!(.owner_only()),
            quote!(.user_permissions(
                ::cordial::private::Permissions::BAN_MEMBERS
                    | ::cordial::private::Permissions::KICK_MEMBERS
            )),
            quote!(.check(is_lucky {}).check(checks::is_happy {})),
            quote!(.on_error(oops {})),
            quote!(.defer(::cordial::private::Defer::Ephemeral)),
            quote!(.no_timeout()),
            quote!(.nsfw()),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn cordial_is_where_the_author_says_in_a_stub_too() {
        let function = quote! {
            /// Roll a die.
            async fn roll(ctx: &CommandContext) {}
        };
        for options in [
            quote!(crate = my::cordial),
            quote!(crate = my::cordial, cooldwon = ""),
        ] {
            let written = expand(options, &function);

            assert!(has(
                &written,
                &quote!(impl my::cordial::private::IntoHandlers for roll)
            ));
            assert!(!has(&written, &quote!(impl ::cordial)));
        }
    }
}
