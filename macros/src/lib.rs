//! The attribute and derive macros of cordial, documented where cordial re-exports them.
//!
//! Each macro is a folder of three files: `parse` reads what the author wrote, keeps its spans and collects
//! every mistake; `model` is the result; `expand` writes the code.

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

/// Turns an `async fn(ctx: &Context, event: &SomeEvent, extractors ..)` into a listener.
///
/// The function itself is unchanged. The macro adds a companion of the same name, which `handlers![..]`
/// collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the name in reports and logs, instead of the function's name |
/// | `timeout = "30s"` | how long a run may take, in `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this listener alone |
/// | `crate = path` | the path to cordial, if not `::cordial` |
#[proc_macro_attribute]
pub fn listener(args: TokenStream, item: TokenStream) -> TokenStream {
    listener::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &ErrorContext, error: &SomeError, extractors ..) -> bool` into an error handler.
///
/// If the first argument is an event instead of the `ErrorContext`, the error handler is asked only about
/// failures of handlers of that event. The function itself is unchanged. The macro adds a companion of the
/// same name, which `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the name in reports and logs, instead of the function's name |
/// | `timeout = "10s"` | how long a run may take, in `ms`, `s`, `m` or `h`, or `"none"` |
/// | `cause` | asks it about errors caused by a `SomeError`, too |
/// | `when = \|error\| ..` | asks it only if this returns `true`, and before error handlers without `when` |
/// | `crate = path` | the path to cordial, if not `::cordial` |
#[proc_macro_attribute]
pub fn error_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    error_handler::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &CommandContext, options and extractors ..) -> Result<()>` into a slash command,
/// or one that takes a `&UserMenuContext` or a `&MessageMenuContext` into a context menu command.
///
/// A parameter with a doc comment is an option of the command: the first paragraph is its description, the
/// parameter's type determines what people can enter, and `Option` makes it optional. A parameter without a
/// doc comment is an extractor. The first paragraph of the function's own doc comment is the command's
/// description.
///
/// The function itself is unchanged, and you can still call it. The macro adds a companion of the same name,
/// which `handlers![..]` collects.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the command's name, instead of the function's name |
/// | `menu = ".."` | the name in the context menu, which only a context menu command takes |
/// | `names("de" = "..")`, `descriptions("de" = "..")` | name and description in other languages |
/// | `nsfw` | offers it in age-restricted channels only |
/// | `contexts = [Guild, BotDm]` | where it is offered, also `PrivateChannel`; `guild_only`, `direct_only` and `user_permissions` override this |
/// | `integration_types = [UserInstall]` | for which installations it is offered, also `GuildInstall` |
/// | `guild_only`, `direct_only`, `owner_only` | where, and by whom, it can be used |
/// | `user_permissions = A \| B` | the permissions that people need to use it |
/// | `bot_permissions = A \| B` | the permissions that the bot needs |
/// | `check = f`, `check = [f, g]` | functions that decide who may use it |
/// | `cooldown = "3 per 10s per user"` | how often it can be used; also `guild`, `channel` and `everybody` |
/// | `max_concurrency = "1 per guild"` | how many runs there can be at once |
/// | `defer = "ephemeral"` | how a slow answer is deferred: `"public"`, `"ephemeral"` or `"never"` |
/// | `timeout = "30s"` | how long a run may take, in `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this command alone |
/// | `crate = path` | the path to cordial, if not `::cordial` |
///
/// A parameter that is an option takes these, in `#[option(..)]`:
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the option's name, instead of the parameter's name |
/// | `names("de" = "..")`, `descriptions("de" = "..")` | name and description in other languages |
/// | `min = 1`, `max = 100` | the smallest and the largest number |
/// | `min_length = 1`, `max_length = 100` | the shortest and the longest text |
/// | `channel_types = [GuildText]` | which channels are offered |
/// | `choices = ["red", "green"]` | the only values that can be chosen; see also `#[derive(Choice)]` |
/// | `autocomplete = f` | a function that completes it |
/// | `default = 6` | its value if nothing is entered |
#[proc_macro_attribute]
pub fn command(args: TokenStream, item: TokenStream) -> TokenStream {
    command::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &AutocompleteContext, extractors ..) -> Vec<String>` into the completion of an
/// option, which names it in `#[option(autocomplete = ..)]`.
///
/// The function returns a list of texts or numbers, or of pairs of the text that people see and the value it
/// stands for, or a `Result` of such a list. `crate = path` is the path to cordial, if not `::cordial`.
#[proc_macro_attribute]
pub fn autocomplete(args: TokenStream, item: TokenStream) -> TokenStream {
    autocomplete::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &InteractionContext, extractors ..) -> bool` into a check, which a handler names
/// in `check = ..` and a plugin adds with `.check(..)`.
///
/// The function may also return a `Result<bool>`, and fail with an error of its own.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the name in reports and logs, instead of the function's name |
/// | `crate = path` | the path to cordial, if not `::cordial` |
#[proc_macro_attribute]
pub fn check(args: TokenStream, item: TokenStream) -> TokenStream {
    check::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &ComponentContext, state and extractors ..) -> Result<()>` into a handler of
/// buttons and select menus.
///
/// The custom id carries the parameters with `#[state]`. The macro adds a companion with the function's name,
/// which `handlers![..]` collects. The companion's `id(..)` takes the state and returns the custom id, whose
/// methods `.button(..)`, `.choices::<T>()` and the like make components. The custom id names the function, so
/// a press after a restart still reaches it. Two components of one message cannot have the same custom id, so
/// those of one handler must differ in their state.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the name in custom ids and reports, instead of the function's name |
/// | `version = 2` | the version of new custom ids, 1 unless set; components of other versions fail with `OutdatedComponent` |
/// | `expires = "1h"` | how long it can be used after its message was sent or last edited |
///
/// It also takes the options of [`command`](macro@command) from `guild_only` on. With `#[state(owner)]` on a
/// parameter, only the user with that id can use the component.
#[proc_macro_attribute]
pub fn component(args: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &ModalContext, state, fields and extractors ..) -> Result<()>` into a modal and
/// its handler.
///
/// A parameter with a doc comment is a field: the first paragraph is its label, of at most 45 characters. The
/// custom id carries the parameters with `#[state]`, and a parameter with neither is an extractor. The first
/// paragraph of the function's own doc comment is the modal's title, of at most 45 characters.
///
/// The macro adds a companion with the function's name, which `handlers![..]` collects. The companion's
/// `modal(..)` takes the state and returns the modal, which you show with `ctx.show(..)`.
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the name in custom ids and reports, instead of the function's name |
/// | `version = 2` | the version of new custom ids, 1 unless set; modals of other versions fail with `OutdatedComponent` |
///
/// It also takes the options of [`command`](macro@command) from `guild_only` on. A parameter that is a field
/// takes these, in `#[field(..)]`:
///
/// | option | meaning |
/// |---|---|
/// | `name = ".."` | the field's custom id, instead of the parameter's name |
/// | `description = ".."` | a text under its label |
/// | `placeholder = ".."` | a text shown while the field is empty |
/// | `value = ".."` | the value that it is filled in with beforehand |
/// | `paragraph` | several lines of text |
/// | `min_length = 1`, `max_length = 100` | the shortest and the longest text |
/// | `most = 3` | how many can be chosen or uploaded, for a `Vec` |
#[proc_macro_attribute]
pub fn modal(args: TokenStream, item: TokenStream) -> TokenStream {
    modal::expand(args.into(), &item.into()).into()
}

/// Turns an `async fn(ctx: &Context, extractors ..) -> Result<()>` into a task, which runs on a schedule, or
/// when the bot starts or stops.
///
/// The function itself is unchanged. The macro adds a companion of the same name, which `handlers![..]`
/// collects. Exactly one of these options says when the task runs; `Task` has the details:
/// |---|---|
/// | `every = "5m"` | as soon as the bot starts, and then once every period: `ms`, `s`, `m` or `h` |
/// | `cron = "0 9 * * 1-5"` | at these times: minute, hour, day of the month, month, day of the week; needs the feature `cron` |
/// | `on = "start"` | once, before the bot connects its shards |
/// | `on = "stop"` | once, while the bot stops, after all other handlers have ended |
///
/// These are optional:
///
/// | option | meaning |
/// |---|---|
/// | `delay = "5m"` | with `every`: how long after the start the first run begins |
/// | `jitter = "30s"` | delays each run by a random time of up to this |
/// | `timezone = "Europe/Berlin"` | with `cron`: the time zone, instead of UTC |
/// | `name = ".."` | the name in reports and logs, instead of the function's name |
/// | `timeout = "30s"` | how long a run may take, in `ms`, `s`, `m` or `h`, or `"none"` |
/// | `on_error = f`, `on_error = [f, g]` | error handlers for this task alone |
/// | `crate = path` | the path to cordial, if not `::cordial` |
#[proc_macro_attribute]
pub fn task(args: TokenStream, item: TokenStream) -> TokenStream {
    task::expand(args.into(), &item.into()).into()
}

/// Derives `Choice`, which lets people choose one of an enum's variants: as an option of a command, in a
/// select menu or in a field of a modal. Such an enum can also be the state of a component.
///
/// | option of a variant | meaning |
/// |---|---|
/// | `#[choice(name = "..")]` | the text that people see, instead of the variant's name in words |
/// | `#[choice(names("de" = ".."))]` | that text in other languages |
/// | `#[choice(value = "..")]`, `#[choice(value = 3)]` | the value that Discord is sent, instead of the variant's name; numbers for all variants, or for none |
///
/// `#[choice(crate = path)]` on the enum is the path to cordial, if not `::cordial`.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(item: TokenStream) -> TokenStream {
    choice::expand(item.into()).into()
}

/// Derives `EventView` for a struct: the part of an event that a listener takes instead of the whole.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `#[view(MessageCreate)]` | the struct | the event that it is a view of |
/// | `#[view(part)]` | the struct | makes it a part of another view |
/// | `#[view(crate = path)]` | the struct | the path to cordial, if not `::cordial` |
/// | `#[view(name = "..")]` | a field | Discord's name for the field, instead of its own name |
/// | `#[view(part)]` | a field | the field's type is another struct that derives `EventView` |
/// | `#[view(default)]` | a field | the field may be absent, and then has its type's default |
#[proc_macro_derive(EventView, attributes(view))]
pub fn event_view(item: TokenStream) -> TokenStream {
    view::expand(item.into()).into()
}

/// Derives `Exception`, which declares what an error type is-a.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `#[base]` | a field | the error is-a what the field holds |
/// | `#[from]` | a field (thiserror's own) | what the field holds is-an error of this type |
/// | `#[opaque]` | a variant or field with `#[from]` | what the field holds is no error of this type, despite `#[from]` |
/// | `#[facet(dyn Trait)]` | the type | the error is-a `dyn Trait` |
/// | `#[exception(code = "..")]` | the type or a variant | the stable code, instead of the name in snake case |
/// | `#[exception(crate = path)]` | the type | the path to cordial, if not `::cordial` |
///
/// A `#[source]` that is not `#[from]` is only a cause: the error is not a kind of it.
#[proc_macro_derive(
    Exception,
    attributes(base, from, opaque, facet, exception, source, backtrace, error)
)]
pub fn exception(item: TokenStream) -> TokenStream {
    exception::expand(item.into()).into()
}
