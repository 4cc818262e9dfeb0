//! Discord's rules for commands. (Discord: Application Commands.)

use std::collections::HashMap;
use std::fmt;

use twilight_model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};

const NAME: usize = 32;
const DESCRIPTION: usize = 100;
const OPTIONS: usize = 25;
const CHOICES: usize = 25;
const CHOICE: usize = 100;
const LENGTH: u16 = 6_000;
/// The names, descriptions and values of a command together, each in its longest language.
const TOTAL: usize = 8_000;
/// The languages that Discord knows. (Discord: Reference, Locales.)
const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko",
];
/// The largest number that every client can tell from its neighbours.
const NUMBER: f64 = 9_007_199_254_740_991.0;

/// Something about a command that Discord would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The command's name, and the names of the options on the way.
    place: String,
    problem: String,
}

impl Flaw {
    fn new(place: &[&str], problem: impl Into<String>) -> Self {
        Self {
            place: place.join(" "),
            problem: problem.into(),
        }
    }

    /// Returns the place of the flaw: the command's name, and the names of the options on the way.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "command `{}`: {}", self.place, self.problem)
    }
}

/// Returns all flaws of a command, for which Discord would refuse it.
#[must_use]
pub fn flaws(command: &Command) -> Vec<Flaw> {
    let mut rules = Rules {
        place: vec![&command.name],
        flaws: Vec::new(),
    };
    let is_slash = command.kind == CommandType::ChatInput;
    if is_slash {
        rules.name(&command.name, command.name_localizations.as_ref());
        rules.description(
            &command.description,
            command.description_localizations.as_ref(),
        );
    } else {
        rules.title(&command.name, command.name_localizations.as_ref());
        if !command.description.is_empty() || !command.options.is_empty() {
            rules.refuse("a context menu cannot have a description or options");
        }
    }
    rules.offer(command);
    rules.options(&command.options, 0);
    let total = length_of(command);
    if total > TOTAL {
        rules.refuse(format!(
            "its names, descriptions and values have {total} characters in total, but the limit is \
             {TOTAL}"
        ));
    }
    rules.flaws
}

/// Returns all flaws of commands, of each and of all together.
pub(crate) fn flaws_of_all(commands: &[Command]) -> Vec<Flaw> {
    let mut all: Vec<_> = commands.iter().flat_map(flaws).collect();
    for (index, command) in commands.iter().enumerate() {
        let is_same = |other: &Command| (other.kind, &other.name) == (command.kind, &command.name);
        if commands[..index].iter().any(is_same) {
            all.push(Flaw::new(
                &[&command.name],
                "another command has the same name",
            ));
        }
    }
    for (kind, what, most) in [
        (CommandType::ChatInput, "slash commands", 100),
        (CommandType::User, "user context menus", 15),
        (CommandType::Message, "message context menus", 15),
    ] {
        let mut of_kind = commands.iter().filter(|command| command.kind == kind);
        if let Some(first_too_many) = of_kind.nth(most) {
            let problem = format!("there are more than {most} {what}");
            all.push(Flaw::new(&[&first_too_many.name], problem));
        }
    }
    all
}

type Translations = HashMap<String, String>;

/// Collects flaws, with their place.
struct Rules<'a> {
    place: Vec<&'a str>,
    flaws: Vec<Flaw>,
}

impl<'a> Rules<'a> {
    fn refuse(&mut self, problem: impl Into<String>) {
        self.flaws.push(Flaw::new(&self.place, problem));
    }

    /// Checks the name of a slash command or an option.
    fn name(&mut self, name: &str, translations: Option<&Translations>) {
        self.locales(translations);
        let all = translations.into_iter().flat_map(HashMap::values);
        for name in all.map(String::as_str).chain([name]) {
            self.length("name", name, NAME);
            if !name.chars().all(is_of_names) {
                let problem = "has characters other than letters, digits, `-`, `_` and `'`";
                self.refuse(format!("the name `{name}` {problem}"));
            } else if name.to_lowercase() != name {
                self.refuse(format!("the name `{name}` is not in lower case"));
            }
        }
    }

    /// Checks the name of a context menu.
    fn title(&mut self, name: &str, translations: Option<&Translations>) {
        self.locales(translations);
        let all = translations.into_iter().flat_map(HashMap::values);
        for name in all.map(String::as_str).chain([name]) {
            self.length("name", name, NAME);
        }
    }

    /// Checks where and for whom it is offered: empty lists are refused.
    fn offer(&mut self, command: &Command) {
        if command.contexts.as_ref().is_some_and(Vec::is_empty) {
            self.refuse("it is offered nowhere: its contexts are empty");
        }
        if command
            .integration_types
            .as_ref()
            .is_some_and(Vec::is_empty)
        {
            self.refuse("it is offered to nobody: its integration types are empty");
        }
    }

    fn locales(&mut self, translations: Option<&Translations>) {
        let mut unknown: Vec<_> = translations
            .into_iter()
            .flat_map(HashMap::keys)
            .filter(|locale| !LOCALES.contains(&locale.as_str()))
            .collect();
        unknown.sort();
        for locale in unknown {
            self.refuse(format!("Discord does not know the language `{locale}`"));
        }
    }

    fn description(&mut self, description: &str, translations: Option<&Translations>) {
        self.locales(translations);
        let all = translations.into_iter().flat_map(HashMap::values);
        for description in all.map(String::as_str).chain([description]) {
            self.length("description", description, DESCRIPTION);
        }
    }

    fn length(&mut self, what: &str, text: &str, most: usize) {
        let count = text.chars().count();
        if text.trim().is_empty() {
            self.refuse(format!("it has no {what}"));
        } else if count > most {
            self.refuse(format!(
                "its {what} has {count} characters, but the limit is {most}"
            ));
        }
    }

    fn options(&mut self, options: &'a [CommandOption], depth: usize) {
        if options.len() > OPTIONS {
            let count = options.len();
            self.refuse(format!(
                "it has {count} options, but the limit is {OPTIONS}"
            ));
        }
        let nested = options.iter().filter(|option| is_nested(option)).count();
        if nested != 0 && nested != options.len() {
            self.refuse("it has both subcommands and other options");
        }
        let mut has_optional = false;
        for (index, option) in options.iter().enumerate() {
            self.place.push(&option.name);
            if options[..index]
                .iter()
                .any(|other| other.name == option.name)
            {
                self.refuse("another option has the same name");
            }
            let is_required = option.required == Some(true);
            if is_required && has_optional {
                self.refuse("it is required, but comes after an optional option");
            }
            has_optional |= !is_required && !is_nested(option);
            self.option(option, depth);
            self.place.pop();
        }
    }

    fn option(&mut self, option: &'a CommandOption, depth: usize) {
        self.name(&option.name, option.name_localizations.as_ref());
        self.description(
            &option.description,
            option.description_localizations.as_ref(),
        );
        let inner = option.options.as_deref().unwrap_or_default();
        match (option.kind, depth) {
            (CommandOptionType::SubCommandGroup, 0) => {
                let is_command =
                    |inner: &CommandOption| inner.kind == CommandOptionType::SubCommand;
                if inner.is_empty() || !inner.iter().all(is_command) {
                    self.refuse("a group must contain subcommands and nothing else");
                }
                self.options(inner, 1);
            }
            (CommandOptionType::SubCommandGroup, _) => self.refuse("groups cannot be nested"),
            (CommandOptionType::SubCommand, 0 | 1) => {
                if inner.iter().any(is_nested) {
                    self.refuse("a subcommand cannot have subcommands of its own");
                }
                self.options(inner, 2);
            }
            (CommandOptionType::SubCommand, _) => {}
            _ => self.value(option),
        }
    }

    /// Checks the values that an option may have.
    fn value(&mut self, option: &CommandOption) {
        self.kind(option);
        let choices = option.choices.as_deref().unwrap_or_default();
        if choices.len() > CHOICES {
            let count = choices.len();
            self.refuse(format!(
                "it has {count} choices, but the limit is {CHOICES}"
            ));
        }
        if !choices.is_empty() && option.autocomplete == Some(true) {
            self.refuse("it has choices, so it cannot be autocompleted as well");
        }
        for (index, choice) in choices.iter().enumerate() {
            self.choice(choice);
            if choices[..index]
                .iter()
                .any(|other| other.name == choice.name)
            {
                self.refuse(format!("two choices are named `{}`", choice.name));
            }
        }
        let number = |value: &Option<CommandOptionValue>| match value {
            #[expect(clippy::cast_precision_loss, reason = "it is only compared")]
            Some(CommandOptionValue::Integer(value)) => Some(*value as f64),
            Some(CommandOptionValue::Number(value)) => Some(*value),
            None => None,
        };
        let (least, most) = (number(&option.min_value), number(&option.max_value));
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            self.refuse("its minimum value is larger than its maximum value");
        }
        if [least, most]
            .into_iter()
            .flatten()
            .any(|value| !(-NUMBER..=NUMBER).contains(&value))
        {
            self.refuse("its minimum or maximum value is beyond 2^53");
        }
        let (shortest, longest) = (option.min_length, option.max_length);
        if shortest
            .zip(longest)
            .is_some_and(|(shortest, longest)| shortest > longest)
        {
            self.refuse("its minimum length is larger than its maximum length");
        }
        if shortest.max(longest).is_some_and(|length| length > LENGTH) || longest == Some(0) {
            self.refuse(format!(
                "its minimum or maximum length is not from 1 to {LENGTH}"
            ));
        }
    }

    /// Checks the settings of other kinds of options.
    fn kind(&mut self, option: &CommandOption) {
        let kind = option.kind;
        let is_text = kind == CommandOptionType::String;
        let is_whole = kind == CommandOptionType::Integer;
        let is_number = is_whole || kind == CommandOptionType::Number;
        let choices = option.choices.iter().flatten();
        let fits = |choice: &CommandOptionChoice| match choice.value {
            CommandOptionChoiceValue::String(_) => is_text,
            CommandOptionChoiceValue::Integer(_) => is_number,
            CommandOptionChoiceValue::Number(_) => is_number && !is_whole,
        };
        if !choices.into_iter().all(fits) {
            self.refuse("its choices are of another type than the option");
        }
        if option.autocomplete == Some(true) && !is_text && !is_number {
            self.refuse("only text and numbers can be autocompleted");
        }
        let has_length = option.min_length.or(option.max_length).is_some();
        if has_length && !is_text {
            self.refuse("only text can have a minimum or maximum length");
        }
        let bounds = [&option.min_value, &option.max_value];
        let is_broken =
            |bound: &&CommandOptionValue| matches!(bound, CommandOptionValue::Number(_));
        let bounds: Vec<_> = bounds.into_iter().flatten().collect();
        if !bounds.is_empty() && !is_number {
            self.refuse("only numbers can have a minimum or maximum value");
        } else if is_whole && bounds.iter().any(is_broken) {
            self.refuse(
                "its minimum and maximum values must be whole numbers, like the option itself",
            );
        }
        let has_types = option
            .channel_types
            .as_ref()
            .is_some_and(|types| !types.is_empty());
        if has_types && kind != CommandOptionType::Channel {
            self.refuse("only channels can have channel types");
        }
    }

    fn choice(&mut self, choice: &CommandOptionChoice) {
        self.locales(choice.name_localizations.as_ref());
        let translations = choice.name_localizations.iter().flat_map(HashMap::values);
        for name in translations.chain([&choice.name]) {
            let count = name.chars().count();
            if !(1..=CHOICE).contains(&count) {
                let problem = format!("has {count} characters, but must have 1 to {CHOICE}");
                self.refuse(format!("the choice `{name}` {problem}"));
            }
        }
        match &choice.value {
            CommandOptionChoiceValue::String(value) if value.chars().count() > CHOICE => {
                let problem = format!("has a value of more than {CHOICE} characters");
                self.refuse(format!("the choice `{}` {problem}", choice.name));
            }
            _ => {}
        }
    }
}

/// Returns whether a name may have a character. All of the Devanagari and Thai scripts may be in it:
/// their vowel signs are no letters by themselves.
fn is_of_names(letter: char) -> bool {
    let has_signs = matches!(letter, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}');
    has_signs || letter.is_alphanumeric() || "-_'".contains(letter)
}

fn is_nested(option: &CommandOption) -> bool {
    matches!(
        option.kind,
        CommandOptionType::SubCommand | CommandOptionType::SubCommandGroup
    )
}

fn length_of(command: &Command) -> usize {
    longest(&command.name, command.name_localizations.as_ref())
        + longest(
            &command.description,
            command.description_localizations.as_ref(),
        )
        + command.options.iter().map(length_of_option).sum::<usize>()
}

fn length_of_option(option: &CommandOption) -> usize {
    let inner = option.options.as_deref().unwrap_or_default();
    let choices = option.choices.as_deref().unwrap_or_default();
    let values = choices.iter().map(|choice| {
        let value = match &choice.value {
            CommandOptionChoiceValue::String(value) => value.chars().count(),
            _ => 0,
        };
        value + longest(&choice.name, choice.name_localizations.as_ref())
    });
    longest(&option.name, option.name_localizations.as_ref())
        + longest(
            &option.description,
            option.description_localizations.as_ref(),
        )
        + values.sum::<usize>()
        + inner.iter().map(length_of_option).sum::<usize>()
}

/// Returns the length of a text in its longest language.
fn longest(text: &str, translations: Option<&Translations>) -> usize {
    let translations = translations.into_iter().flat_map(HashMap::values);
    let lengths = translations.map(|text| text.chars().count());
    lengths.fold(text.chars().count(), usize::max)
}
