//! From the attribute and the function to a task.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ItemFn, LitStr, Type};

use crate::args::{Args, ERROR_HANDLER};
use crate::diagnostics::{Mistakes, Refused};
use crate::duration;
use crate::interaction::{Allowed, Parameters};
use crate::paths::Cordial;
use crate::signature::{Expected, arguments, refuse_generics, refuse_modifiers};
use crate::task::model::{Task, When};

const OPTIONS: &[&str] = &[
    "every", "cron", "on", "delay", "jitter", "timezone", "name", "timeout", "on_error", "crate",
];

const EXPECTED: Expected = Expected {
    handler: "a task",
    first: "the context",
    second: "an extractor",
    one: "extractors by value",
    example: "async fn(ctx: &Context) -> Result<()>",
};

const WITHOUT_TIME: &str = "a task must say when it runs: write `#[task(every = \"5m\")]`, \
                            `#[task(cron = \"0 9 * * 1-5\")]`, `#[task(on = \"start\")]` or \
                            `#[task(on = \"stop\")]`";
const WITHOUT_FEATURE: &str = "`cron` needs cordial's feature `cron`: in Cargo.toml, write \
                               `cordial = { version = \"..\", features = [\"cron\"] }`";
const NO_CRON: &str = "not a cron expression: write minute, hour, day of the month, month and day of the \
                       week, such as \"0 9 * * 1-5\"";

/// Whether cordial has what tasks with cron expressions need.
pub(crate) const HAS_CRON: bool = cfg!(feature = "cron");

/// Reads a task.
pub(crate) fn parse(args: TokenStream, function: &ItemFn, has_cron: bool) -> Result<Task, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read([args], OPTIONS, &mut mistakes);
    let times = Times::take(&mut args, &mut mistakes);
    let name = args.take_text("name", &mut mistakes);
    let timeout = args.take_text("timeout", &mut mistakes);
    let limit = timeout.and_then(|text| duration::read(&text, &mut mistakes));
    let on_error = args.take_paths("on_error", ERROR_HANDLER, &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    times.refuse_unfit(&mut mistakes);
    let jitter = times.jitter(&mut mistakes);
    let when = times.when(function, has_cron, &mut mistakes);
    let parameters = parameters(function, &mut mistakes);
    let read = when.zip(parameters).map(|(when, parameters)| Task {
        cordial: cordial.clone(),
        parameters,
        when,
        jitter,
        name,
        limit,
        on_error,
    });
    mistakes.finish(cordial, read)
}

/// What is said of when a task runs.
struct Times {
    every: Option<LitStr>,
    cron: Option<LitStr>,
    on: Option<LitStr>,
    delay: Option<LitStr>,
    jitter: Option<LitStr>,
    timezone: Option<LitStr>,
    /// Something was said that is no text, which the author is told of.
    is_unreadable: bool,
}

impl Times {
    fn take(args: &mut Args, mistakes: &mut Mistakes) -> Self {
        let has_any = ["every", "cron", "on"].iter().any(|name| args.has(name));
        let mut take = |name| args.take_text(name, mistakes);
        let times = Self {
            every: take("every"),
            cron: take("cron"),
            on: take("on"),
            delay: take("delay"),
            jitter: take("jitter"),
            timezone: take("timezone"),
            is_unreadable: false,
        };
        Self {
            is_unreadable: has_any && times.said().is_empty(),
            ..times
        }
    }

    /// Lists what says when it runs.
    fn said(&self) -> Vec<(&'static str, &LitStr)> {
        let all = [
            ("every", &self.every),
            ("cron", &self.cron),
            ("on", &self.on),
        ];
        let said = all.into_iter();
        said.filter_map(|(name, text)| Some((name, text.as_ref()?)))
            .collect()
    }

    /// Notes what says nothing of when it runs.
    fn refuse_unfit(&self, mistakes: &mut Mistakes) {
        if self.said().is_empty() {
            return;
        }
        if let (Some(delay), None) = (&self.delay, &self.every) {
            let message = "`delay` works only with `every`: other tasks have no first period";
            mistakes.at(delay, message);
        }
        if let (Some(jitter), None, None) = (&self.jitter, &self.every, &self.cron) {
            let message = "`jitter` works only with `every` or `cron`: this task runs once";
            mistakes.at(jitter, message);
        }
        if let (Some(timezone), None) = (&self.timezone, &self.cron) {
            let message = "`timezone` works only with `cron`: other tasks do not depend on the \
                           time of day";
            mistakes.at(timezone, message);
        }
    }

    fn jitter(&self, mistakes: &mut Mistakes) -> Option<u64> {
        let text = self.jitter.as_ref()?;
        let jitter = duration::read_time(text, mistakes)?;
        let every = self.every.as_ref().map(LitStr::value);
        let period = every.and_then(|every| duration::parse(&every));
        if let Some(duration::Limit::Millis(period)) = period
            && jitter >= period
        {
            mistakes.at(
                text,
                "the jitter must be shorter than the period, or runs would be skipped",
            );
        }
        Some(jitter)
    }

    fn when(self, function: &ItemFn, has_cron: bool, mistakes: &mut Mistakes) -> Option<When> {
        match self.said().as_slice() {
            [] if self.is_unreadable => return None,
            [] => {
                mistakes.at(&function.sig.ident, WITHOUT_TIME);
                return None;
            }
            [_] => {}
            [(first, _), others @ ..] => {
                for (other, text) in others {
                    let message = format!(
                        "`{first}` and `{other}` both say when the task runs: remove one, or write \
                         two tasks that call the same function"
                    );
                    mistakes.at(text, message);
                }
                return None;
            }
        }
        if let Some(every) = self.every {
            let delay = self.delay;
            return Some(When::Every {
                period: duration::read_time(&every, mistakes)?,
                delay: delay.and_then(|delay| duration::read_time(&delay, mistakes)),
            });
        }
        if let Some(expression) = self.cron {
            refuse_cron(&expression, has_cron, mistakes);
            return Some(When::Cron {
                expression,
                timezone: self.timezone,
            });
        }
        let on = self.on?;
        match on.value().as_str() {
            "start" => Some(When::Start),
            "stop" => Some(When::Stop),
            _ => {
                let message = "a task runs on \"start\" or on \"stop\": to run for an event, write \
                               a `#[listener]`";
                mistakes.at(on, message);
                None
            }
        }
    }
}

/// Notes what can be seen at once to be no cron expression. `build()` reads the rest.
fn refuse_cron(expression: &LitStr, has_cron: bool, mistakes: &mut Mistakes) {
    if !has_cron {
        mistakes.at(expression, WITHOUT_FEATURE);
        return;
    }
    let text = expression.value();
    let fields = text.split_whitespace().count();
    let is_nickname = fields == 1 && text.trim().starts_with('@');
    if !is_nickname && !(5..=6).contains(&fields) {
        mistakes.at(expression, NO_CRON);
    }
}

/// Reads the signature, and notes events in it.
fn parameters(function: &ItemFn, mistakes: &mut Mistakes) -> Option<Parameters> {
    let mut ignored = Mistakes::default();
    let others = arguments(function, &EXPECTED, &mut ignored);
    let others = others.into_iter().flatten().skip(1);
    let references: Vec<_> = others
        .filter_map(|argument| match &*argument.ty {
            Type::Reference(reference) => Some(reference),
            _ => None,
        })
        .collect();
    if references.is_empty() {
        return Parameters::read(function, &EXPECTED, &Allowed::EXTRACTORS, mistakes);
    }
    refuse_modifiers(function, &EXPECTED, mistakes);
    refuse_generics(function, &EXPECTED, mistakes);
    for reference in references {
        let ty = reference.elem.to_token_stream();
        let message = format!(
            "a task does not run for an event: to handle `&{ty}`, write a `#[listener]`; after the \
             context, a task takes extractors by value, such as `State<..>`"
        );
        mistakes.at(reference, message);
    }
    None
}
