//! The attributes and the derive of cordial, documented where cordial re-exports them.
//!
//! Each macro is a folder of three files: `parse` reads what the author wrote, with spans, and
//! notes every mistake; `model` is what it means; `expand` writes the code.

mod args;
mod autocomplete;
mod check;
mod choice;
mod command;
mod companion;
mod component;
mod diagnostics;
mod duration;
mod error_handler;
mod exception;
mod fallback;
mod interaction;
mod listener;
mod modal;
mod paths;
mod signature;
mod task;
#[cfg(test)]
mod testing;
mod view;

use proc_macro::TokenStream;

/// Makes a listener of an `async fn(ctx: &Context, event: &SomeEvent, extractors ..)`.
///
/// The function stays as it is. Beside it stands a companion of the same name, which
/// `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what reports and logs call it, instead of the function's name |
/// | `timeout = "30s"` | how long a run may take: `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this listener alone |
/// | `crate = path` | where cordial is, if not at `::cordial` |
#[proc_macro_attribute]
pub fn listener(args: TokenStream, item: TokenStream) -> TokenStream {
    listener::expand(args.into(), &item.into()).into()
}

/// Makes an error handler of an `async fn(ctx: &ErrorContext, error: &SomeError, extractors ..) ->
/// bool`.
///
/// The first argument may be an event instead: then it is asked only about failures of handlers of
/// that event. The function stays as it is. Beside it stands a companion of the same name, which
/// `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what reports and logs call it, instead of the function's name |
/// | `timeout = "10s"` | how long a run may take: `ms`, `s`, `m` or `h`, or `"none"` |
/// | `cause` | it is asked about errors that were caused by a `SomeError`, too |
/// | `when = \|error\| ..` | it is asked only if this says `true`, and before those without |
/// | `crate = path` | where cordial is, if not at `::cordial` |
#[proc_macro_attribute]
pub fn error_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    error_handler::expand(args.into(), &item.into()).into()
}

/// Makes a slash command of an `async fn(ctx: &CommandContext, options and extractors ..) ->
/// Result<()>`, or what is in a menu of an `async fn(ctx: &UserMenuContext, ..)` or `async fn(ctx:
/// &MessageMenuContext, ..)`.
///
/// A parameter with a doc comment is an option: the first paragraph is its description, its type says
/// what people can enter, and `Option` that they need not. One without is an extractor. The first
/// paragraph of the function's own doc comment is the command's description.
///
/// The function stays callable as it is. Beside it stands a companion of the same name, which
/// `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what people call it, instead of the function's name |
/// | `menu = ".."` | it is in a menu under this name, and no slash command |
/// | `names("de" = "..")`, `descriptions("de" = "..")` | the same in other languages |
/// | `nsfw` | it is offered in age-restricted channels only |
/// | `contexts = [Guild, BotDm]` | where it is offered, also `PrivateChannel`; a check says so, too |
/// | `integration_types = [UserInstall]` | for which installations, also `GuildInstall` |
/// | `guild_only`, `direct_only`, `owner_only` | where, and by whom, it can be used |
/// | `user_permissions = A \| B` | what people may have to be allowed to do to use it |
/// | `bot_permissions = A \| B` | what the bot has to be allowed to do |
/// | `check = f`, `check = [f, g]` | functions that say who may use it |
/// | `cooldown = "3 per 10s per user"` | how often; also `guild`, `channel` and `everybody` |
/// | `max_concurrency = "1 per guild"` | how often at once |
/// | `defer = "ephemeral"` | how an answer is put off that takes long: `"public"`, `"ephemeral"` or `"never"` |
/// | `timeout = "30s"` | how long a run may take: `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this command alone |
/// | `crate = path` | where cordial is, if not at `::cordial` |
///
/// What is said of an option, as `#[option(..)]`:
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what people call it, instead of the parameter's name |
/// | `names("de" = "..")`, `descriptions("de" = "..")` | the same in other languages |
/// | `min = 1`, `max = 100` | the smallest and the largest number |
/// | `min_length = 1`, `max_length = 100` | the shortest and the longest text |
/// | `channel_types = [GuildText]` | which channels are offered |
/// | `choices = ["red", "green"]` | what can be entered; see `#[derive(Choice)]`, too |
/// | `autocomplete = f` | a function that completes it |
/// | `default = 6` | what it is if nothing is entered |
#[proc_macro_attribute]
pub fn command(args: TokenStream, item: TokenStream) -> TokenStream {
    command::expand(args.into(), &item.into()).into()
}

/// Makes a function complete an option: an `async fn(ctx: &AutocompleteContext, extractors ..) ->
/// Vec<String>`, named by `#[option(autocomplete = ..)]`.
///
/// It returns a list of texts or numbers, or of pairs of what people see and what it stands for; or a
/// `Result` of that. `crate = path` says where cordial is, if not at `::cordial`.
#[proc_macro_attribute]
pub fn autocomplete(args: TokenStream, item: TokenStream) -> TokenStream {
    autocomplete::expand(args.into(), &item.into()).into()
}

/// Makes a check of an `async fn(ctx: &InteractionContext, extractors ..) -> bool`, named by
/// `check = ..` of what it is for, or added to a plugin by `.check(..)`.
///
/// It may return a `Result<bool>`, too, and fail with an error of its own.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what reports and logs call it, instead of the function's name |
/// | `crate = path` | where cordial is, if not at `::cordial` |
#[proc_macro_attribute]
pub fn check(args: TokenStream, item: TokenStream) -> TokenStream {
    check::expand(args.into(), &item.into()).into()
}

/// Makes a handler of buttons and select menus of an `async fn(ctx: &ComponentContext, state and
/// extractors ..) -> Result<()>`.
///
/// A parameter with `#[state]` travels in the custom id. Beside the function stands a companion of the
/// same name: `handlers![..]` collects it, and its `id(..)` takes the state and makes the custom id, of
/// which `.button(..)`, `.choices::<T>()` and the like make components. The custom id names the
/// function, so a press after a restart still finds it. No two components of one message may have one
/// custom id, so those of one handler differ in their state.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what its custom ids and reports call it, instead of the function's name |
/// | `version = 2` | what is made now; older ones fail with `OutdatedComponent`. 1, unless set |
/// | `expires = "1h"` | how long after its message was sent, or last edited, it can be used |
///
/// and those of [`command`](macro@command) from `guild_only` on. For the state, `#[state(owner)]` says
/// that only the user of this id can use it.
#[proc_macro_attribute]
pub fn component(args: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(args.into(), &item.into()).into()
}

/// Makes a modal, and its handler, of an `async fn(ctx: &ModalContext, state, fields and extractors
/// ..) -> Result<()>`.
///
/// A parameter with a doc comment is a field: the first paragraph is its label, of at most 45
/// characters. One with `#[state]` travels in the custom id, and one with neither is an extractor. The
/// first paragraph of the function's own doc comment is the title, of at most 45 characters.
///
/// Beside the function stands a companion of the same name: `handlers![..]` collects it, and its
/// `modal(..)` takes the state and makes the modal, to be shown by `ctx.show(..)`.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | what its custom ids and reports call it, instead of the function's name |
/// | `version = 2` | what is made now; older ones fail with `OutdatedComponent`. 1, unless set |
///
/// and those of [`command`](macro@command) from `guild_only` on. What is said of a field, as
/// `#[field(..)]`:
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | its custom id, instead of the parameter's name |
/// | `description = ".."` | what is shown under its label |
/// | `placeholder = ".."` | what is shown while nothing is filled in |
/// | `value = ".."` | what is filled in beforehand |
/// | `paragraph` | several lines of text |
/// | `min_length = 1`, `max_length = 100` | the shortest and the longest text |
/// | `most = 3` | how many can be chosen or uploaded, for a `Vec` |
#[proc_macro_attribute]
pub fn modal(args: TokenStream, item: TokenStream) -> TokenStream {
    modal::expand(args.into(), &item.into()).into()
}

/// Makes a task of an `async fn(ctx: &Context, extractors ..) -> Result<()>`: it runs by the clock, or as
/// the bot starts or stops.
///
/// The function stays as it is. Beside it stands a companion of the same name, which
/// `handlers![..]` collects. `Task` says in full when it runs, and one of these does:
///
/// | option | meaning |
/// |---|---|
/// | `every = "5m"` | at once as the bot starts, and whenever this is over: `ms`, `s`, `m` or `h` |
/// | `cron = "0 9 * * 1-5"` | whenever clocks show this: minute, hour, day of the month, month, day of the week; with the feature `cron` |
/// | `on = "start"` | once, before the bot connects its shards |
/// | `on = "stop"` | once, while the bot stops, when all other handlers have ended |
///
/// and these say more of it:
///
/// | option | meaning |
/// |---|---|
/// | `delay = "5m"` | with `every`: how long after the start it runs for the first time |
/// | `jitter = "30s"` | up to how much later each run begins, at random |
/// | `timezone = "Europe/Berlin"` | with `cron`: whose clocks, instead of those of UTC |
/// | `name = ".."` | what reports and logs call it, instead of the function's name |
/// | `timeout = "30s"` | how long a run may take: `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this task alone |
/// | `crate = path` | where cordial is, if not at `::cordial` |
#[proc_macro_attribute]
pub fn task(args: TokenStream, item: TokenStream) -> TokenStream {
    task::expand(args.into(), &item.into()).into()
}

/// Makes an enum one of a few things that somebody can choose: an option of a command, what is in a
/// select menu, a field of a modal, and state of a component.
///
/// | option of a variant | meaning |
/// |---|---|
/// | `#[choice(name = "..")]` | what people see, instead of the variant's name in words |
/// | `#[choice(names("de" = ".."))]` | the same in other languages |
/// | `#[choice(value = "..")]`, `#[choice(value = 3)]` | what Discord is sent for it, instead of the variant's name; numbers for all, or for none |
///
/// `#[choice(crate = path)]` on the enum says where cordial is, if not at `::cordial`.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(item: TokenStream) -> TokenStream {
    choice::expand(item.into()).into()
}

/// Makes a struct a view of an event: a part of it, which a listener takes instead of the whole.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `#[view(MessageCreate)]` | the struct | the event that it is a view of |
/// | `#[view(part)]` | the struct | it is a part of another view |
/// | `#[view(crate = path)]` | the struct | where cordial is, if not at `::cordial` |
/// | `#[view(name = "..")]` | a field | what Discord calls it, instead of its own name |
/// | `#[view(part)]` | a field | it is another struct that derives `EventView` |
/// | `#[view(default)]` | a field | it may be absent, and then has its type's default |
#[proc_macro_derive(EventView, attributes(view))]
pub fn event_view(item: TokenStream) -> TokenStream {
    view::expand(item.into()).into()
}

/// Declares what an error type is-a.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `#[base]` | a field | the error is-a what the field holds |
/// | `#[from]` | a field (thiserror's own) | what the field holds is-an error of this type |
/// | `#[opaque]` | a variant or field with `#[from]` | it is not, after all |
/// | `#[facet(dyn Trait)]` | the type | the error is-a `dyn Trait` |
/// | `#[exception(code = "..")]` | the type or a variant | the stable code, instead of the name in snake case |
/// | `#[exception(crate = path)]` | the type | where cordial is, if not at `::cordial` |
///
/// A `#[source]` that is not `#[from]` is a cause, and not what the error is.
#[proc_macro_derive(
    Exception,
    attributes(base, from, opaque, facet, exception, source, backtrace, error)
)]
pub fn exception(item: TokenStream) -> TokenStream {
    exception::expand(item.into()).into()
}
