//! From the attribute and the function to a command.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::{Expr, Ident, ItemFn, LitStr, Type};

use crate::args::Args;
use crate::command::model::{Command, Kind, SlashOption};
use crate::diagnostics::{Mistakes, Refused};
use crate::interaction::{
    Allowed, DESCRIPTION, Documentation, HANDLER_OPTIONS, Handling, Parameter, Parameters, Role,
    Translations, check_name, check_text,
};
use crate::paths::Cordial;
use crate::signature::Expected;

const OPTIONS: &[&str] = &[
    "name",
    "menu",
    "names",
    "descriptions",
    "nsfw",
    "contexts",
    "integration_types",
];

/// What lists of names may hold, for messages.
const CHANNEL_TYPES: (&str, &str) = ("a channel type", "[GuildText, GuildVoice]");
const CONTEXTS: (&str, &str) = ("an interaction context", "[Guild, BotDm, PrivateChannel]");
const INTEGRATION_TYPES: (&str, &str) = ("an installation type", "[GuildInstall, UserInstall]");

const OPTION_OPTIONS: &[&str] = &[
    "name",
    "names",
    "descriptions",
    "min",
    "max",
    "min_length",
    "max_length",
    "channel_types",
    "choices",
    "autocomplete",
    "default",
];

/// How many options a command may have.
const MOST: usize = 25;

const EXPECTED: Expected = Expected {
    handler: "a command",
    first: "the context",
    second: "an option",
    one: "its options and extractors by value",
    example: "async fn(ctx: &CommandContext, /** How many? */ count: i64) -> Result<()>",
};

const ALLOWED: Allowed = Allowed {
    documented: Some("option"),
    state: false,
    plain: Some(
        "an option needs a description, which people see: write a doc comment above it, such as \
         `/// How many?`",
    ),
};

const ALLOWED_IN_MENU: Allowed = Allowed {
    plain: None,
    ..ALLOWED
};

/// Reads a command.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Command, Refused> {
    let mut mistakes = Mistakes::default();
    let known = [OPTIONS, HANDLER_OPTIONS].concat();
    let mut args = Args::read([args], &known, &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    let name = args.take_text("name", &mut mistakes);
    let menu = args.take_text("menu", &mut mistakes);
    let translations = Translations::take(&mut args, menu.is_some(), &mut mistakes);
    let is_nsfw = args.take_flag("nsfw", &mut mistakes);
    let contexts = names("contexts", CONTEXTS, &mut args, &mut mistakes);
    let integration_types = names(
        "integration_types",
        INTEGRATION_TYPES,
        &mut args,
        &mut mistakes,
    );
    let handling = Handling::take(&mut args, &cordial, &mut mistakes);
    let allowed = menu.as_ref().map_or(&ALLOWED, |_| &ALLOWED_IN_MENU);
    let parameters = Parameters::read(function, &EXPECTED, allowed, &mut mistakes);
    let kind = parameters.as_ref().map(|parameters| match menu {
        Some(title) => menu_of(title, name.as_ref(), parameters, &mut mistakes),
        None => slash(function, name.as_ref(), parameters, &mut mistakes),
    });
    let command = parameters.zip(kind).map(|(parameters, kind)| Command {
        cordial: cordial.clone(),
        parameters,
        kind,
        translations,
        is_nsfw,
        contexts,
        integration_types,
        handling,
    });
    mistakes.finish(cordial, command)
}

fn menu_of(
    title: LitStr,
    name: Option<&LitStr>,
    parameters: &Parameters,
    mistakes: &mut Mistakes,
) -> Kind {
    check_text(&title, "the name of a context menu command", 32, mistakes);
    if let Some(name) = name {
        let message = "a context menu command has its name from `menu`: remove `name`";
        mistakes.at(name, message);
    }
    for other in &parameters.others {
        if let Role::Documented(text) = &other.role {
            let message = "a context menu command has no options: remove the doc comment, and get \
                           the target from the context with `ctx.target()`";
            mistakes.at_span(text.span, message);
        }
    }
    Kind::Menu { name: title }
}

fn slash(
    function: &ItemFn,
    name: Option<&LitStr>,
    parameters: &Parameters,
    mistakes: &mut Mistakes,
) -> Kind {
    refuse_context_of_menu(&parameters.context, mistakes);
    let (name, span) = named(name, &function.sig.ident);
    check_name(&name, span, mistakes);
    let description = Documentation::read(&function.attrs, mistakes);
    if let Some(text) = &description {
        text.check("a description", DESCRIPTION, mistakes);
    } else {
        let message = "a command needs a description, which people see: write a doc comment above \
                       the function, such as `/// Roll a die.`; or put the command in a context \
                       menu with `menu = \"..\"`";
        mistakes.at(&function.sig.ident, message);
    }
    let options = parameters.others.iter();
    let options: Vec<_> = options.map(|other| option(other, mistakes)).collect();
    refuse_duplicates(parameters, &options, mistakes);
    Kind::Slash {
        name,
        description: description.map_or(String::new(), |text| text.text),
        options,
    }
}

/// Notes the context of a menu, by its name, in what is not said to be in one.
fn refuse_context_of_menu(context: &Type, mistakes: &mut Mistakes) {
    const OF_MENUS: &[&str] = &["MenuContext", "UserMenuContext", "MessageMenuContext"];
    let Type::Path(path) = context else {
        return;
    };
    let last = path.path.segments.last();
    if last.is_some_and(|last| OF_MENUS.iter().any(|name| last.ident == name)) {
        let message = "this is the context of a context menu command: write \
                       `#[command(menu = \"..\")]` to name it, or take `&CommandContext` for a \
                       slash command";
        mistakes.at(context, message);
    }
}

/// Returns what something is called: what the author says, or what it is called in the source.
fn named(name: Option<&LitStr>, ident: &Ident) -> (String, Span) {
    if let Some(name) = name {
        return (name.value(), name.span());
    }
    let name = ident.unraw().to_string();
    (name.trim_start_matches('_').to_owned(), ident.span())
}

/// Reads an option, if the parameter is one.
fn option(parameter: &Parameter, mistakes: &mut Mistakes) -> Option<SlashOption> {
    let Role::Documented(description) = &parameter.role else {
        return None;
    };
    description.check("a description", DESCRIPTION, mistakes);
    let args = parameter.args.iter().cloned();
    let mut args = Args::read(args, OPTION_OPTIONS, mistakes);
    let name = args.take_text("name", mistakes);
    let (name, span) = named(name.as_ref(), &parameter.name);
    check_name(&name, span, mistakes);
    let complete = args.take_path("autocomplete", "autocomplete", mistakes);
    Some(SlashOption {
        name,
        description: description.clone(),
        translations: Translations::take(&mut args, false, mistakes),
        min: args.take_value("min", "1", mistakes),
        max: args.take_value("max", "100", mistakes),
        min_length: args.take_number("min_length", mistakes),
        max_length: args.take_number("max_length", mistakes),
        channel_types: names("channel_types", CHANNEL_TYPES, &mut args, mistakes),
        choices: listed("choices", "[\"red\", \"green\"]", &mut args, mistakes),
        autocomplete: complete,
        default: args.take_value("default", "6", mistakes),
    })
}

fn listed(name: &str, example: &str, args: &mut Args, mistakes: &mut Mistakes) -> Vec<Expr> {
    match args.take_value(name, example, mistakes) {
        None => Vec::new(),
        Some(Expr::Array(array)) => array.elems.into_iter().collect(),
        Some(other) => {
            mistakes.at(
                other,
                format_args!("`{name}` takes a list: `{name} = {example}`"),
            );
            Vec::new()
        }
    }
}

/// Reads a list of names, such as `[GuildText]`.
fn names(
    name: &str,
    (what, example): (&str, &str),
    args: &mut Args,
    mistakes: &mut Mistakes,
) -> Vec<Ident> {
    let values = listed(name, example, args, mistakes);
    let named = |value| match value {
        Expr::Path(path) if path.path.get_ident().is_some() => path.path.get_ident().cloned(),
        other => {
            let message = format!("not {what}: write names, such as `{example}`");
            mistakes.at(other, message);
            None
        }
    };
    values.into_iter().filter_map(named).collect()
}

/// Notes options of one name, and those that are too many.
fn refuse_duplicates(
    parameters: &Parameters,
    options: &[Option<SlashOption>],
    mistakes: &mut Mistakes,
) {
    let both = parameters.others.iter().zip(options);
    let both: Vec<_> = both
        .filter_map(|(parameter, option)| Some((parameter, option.as_ref()?)))
        .collect();
    for (index, (parameter, option)) in both.iter().enumerate() {
        let mut earlier = both[..index].iter();
        if earlier.any(|(_, earlier)| earlier.name == option.name) {
            let message = format!("another option is called `{}`", option.name);
            mistakes.at(&parameter.name, message);
        }
        if index == MOST {
            let message = format!("too many options: a command has at most {MOST}");
            mistakes.at(&parameter.name, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::command::expand;
    use crate::testing::{assert_mistake, assert_mistakes, has};

    #[test]
    fn all_mistakes_are_told_at_once() {
        let written = expand(
            quote!(
                name = "Roll",
                cooldown = "often",
                defer = "secret",
                chek = f
            ),
            &quote! {
                fn roll(
                    ctx: &CommandContext,
                    /// How many?
                    #[option(minimum = 1)]
                    sides: i64,
                    count: i64,
                    #[state] page: u32,
                ) {}
            },
        );

        assert_mistakes(
            &written,
            &[
                "did you mean `check`?",
                "not a cooldown",
                "not a way to defer",
                "write `async fn roll`",
                "write a doc comment above it",
                "remove `#[state]`",
                "write `roll`",
                "a command needs a description",
                "unknown option `minimum`",
            ],
        );
    }

    #[test]
    fn a_refused_command_is_kept_beside_a_stub() {
        let written = expand(
            quote!(),
            &quote! {
                async fn roll(ctx: &CommandContext, #[option(min = 2)] sides: i64) {}
            },
        );

        assert!(has(
            &written,
            &quote!(
                async fn roll(ctx: &CommandContext, sides: i64) {}
            )
        ));
        assert!(has(
            &written,
            &quote!(
                struct roll {}
            )
        ));
        assert!(has(
            &written,
            &quote!(
                fn register(self, _: &mut ::cordial::private::Handlers) {}
            )
        ));
    }

    #[test]
    fn a_method_is_no_command_and_gets_no_companion() {
        let written = expand(
            quote!(),
            &quote! {
                /// Roll a die.
                async fn roll(&self, ctx: &CommandContext) {}
            },
        );

        assert_mistake(&written, "a command cannot be a method");
        assert!(!has(&written, &quote!(struct)), "{written}");
    }

    #[test]
    fn another_item_is_no_command() {
        let written = expand(
            quote!(),
            &quote!(
                struct Roll;
            ),
        );

        assert_mistake(&written, "a command must be an `async fn`");
    }

    #[test]
    fn there_are_25_options_at_most_and_each_has_its_name() {
        let many = (0..26).map(|index| quote::format_ident!("n{index}"));
        let too_many = expand(
            quote!(),
            &quote! {
                /// Ask.
                async fn ask(ctx: &CommandContext, #(/** How many? */ #many: i64),*) {}
            },
        );
        let equal = expand(
            quote!(),
            &quote! {
                /// Ask.
                async fn ask(
                    ctx: &CommandContext,
                    /** How many? */ count: i64,
                    /** How many? */ #[option(name = "count")] other: i64,
                ) {}
            },
        );

        assert_mistake(&too_many, "a command has at most 25");
        assert_mistake(&equal, "another option is called `count`");
    }

    #[test]
    fn one_function_completes_an_option() {
        for (complete, words) in [
            (quote!(autocomplete), "takes a function: `autocomplete = f`"),
            (
                quote!(autocomplete = [f, g]),
                "expected the name of a function",
            ),
            (
                quote!(autocomplete = "f"),
                "expected the name of a function",
            ),
        ] {
            let written = expand(
                quote!(),
                &quote! {
                    /// Eat.
                    async fn eat(ctx: &CommandContext, /** What? */ #[option(#complete)] what: String) {}
                },
            );

            assert_mistake(&written, words);
        }
    }

    #[test]
    fn what_is_in_a_menu_has_nothing_to_enter_and_one_name() {
        let written = expand(
            quote!(menu = "Greet", name = "greet"),
            &quote!(
                async fn greet(
                    ctx: &UserMenuContext,
                    /** How? */
                    how: String,
                ) {
                }
            ),
        );
        let forgotten = expand(
            quote!(),
            &quote! {
                /// Greet somebody.
                async fn greet(ctx: &UserMenuContext) {}
            },
        );

        assert_mistakes(&written, &["remove `name`", "remove the doc comment"]);
        assert_mistake(&forgotten, "write `#[command(menu = \"..\")]`");
    }
}
