//! Functions that suggest values for an option.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::command::Suggestions;
use crate::context::Context;
use crate::extract::{FromContext, Requirements};
use crate::failure::Failure;
use crate::handler::{BoxFuture, Call, Generated, InteractionFn, TimeLimit, forgotten};
use crate::interaction::AutocompleteContext;
use crate::meta::{HandlerKind, Meta, Place};

/// How long Discord waits for suggestions.
const TIME: Duration = Duration::from_secs(3);

/// A function that suggests values for an option while somebody types it.
///
/// Create one with `#[autocomplete]`, or with [`Autocomplete::new`] from any function of the right
/// shape. The first 25 of its suggestions are shown, without those that Discord would refuse. It has 3
/// seconds, because Discord waits no longer.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[autocomplete]
/// async fn fruit(ctx: &AutocompleteContext) -> Vec<&'static str> {
///     let all = ["apple", "banana", "cherry"];
///     all.into_iter().filter(|fruit| fruit.starts_with(ctx.typed())).collect()
/// }
///
/// /// Eat something.
/// #[command]
/// async fn eat(
///     ctx: &CommandContext,
///     /// What?
///     #[option(autocomplete = fruit)]
///     what: String,
/// ) -> Result<()> {
///     ctx.reply(format!("You eat: {what}")).await?;
///     Ok(())
/// }
/// ```
#[must_use = "it does nothing until it is added to an option"]
pub struct Autocomplete {
    pub(crate) meta: Meta,
    pub(crate) time: TimeLimit,
    pub(crate) requirements: Requirements,
    pub(crate) call: Box<dyn Call>,
}

impl Autocomplete {
    /// Creates an autocompletion from a function, under the function's name.
    #[track_caller]
    pub fn new<F, Args>(function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, AutocompleteContext, Suggestions, Args>,
        Args: 'static,
    {
        Self::of(Meta::of_function::<F>(HandlerKind::Autocomplete), function)
    }

    fn of<F, Args>(meta: Meta, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, AutocompleteContext, Suggestions, Args>,
        Args: 'static,
    {
        let (call, requirements) = forgotten(function);
        Self {
            meta,
            time: TimeLimit::Own(TIME),
            requirements,
            call: Box::new(Suggesting(call)),
        }
    }

    /// Adds the requirements of an extractor, for generated code.
    #[doc(hidden)]
    pub fn requires<X: FromContext>(mut self) -> Self {
        X::require(&mut self.requirements);
        self
    }
}

impl fmt::Debug for Autocomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Autocomplete").field(&self.meta).finish()
    }
}

/// Sends what a function suggests.
struct Suggesting(Box<dyn Call<Suggestions>>);

impl Call for Suggesting {
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let Suggestions(suggestions) = self.0.call(ctx).await?;
            match ctx.responder() {
                Some(responder) => responder.suggest(suggestions).await,
                None => Ok(()),
            }
        })
    }
}

/// A function that can complete an option, or an [`Autocomplete`].
///
/// The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "this value cannot be an autocomplete function",
    label = "not an autocomplete function",
    note = "an autocomplete function is `async fn(ctx: &AutocompleteContext) -> Vec<String>`, or returns a `Result` of that",
    note = "after the context it may take extractors by value, such as `State<T>` or `Author`"
)]
pub trait IntoAutocomplete<M> {
    /// Converts it into an [`Autocomplete`].
    #[track_caller]
    fn into_autocomplete(self) -> Autocomplete;
}

/// Marks values that are an [`Autocomplete`] already.
#[derive(Debug)]
pub struct ViaBuiltAutocomplete;

/// Marks functions, by their signature.
#[derive(Debug)]
pub struct ViaAutocompleteFn<Args>(PhantomData<Args>);

impl IntoAutocomplete<ViaBuiltAutocomplete> for Autocomplete {
    fn into_autocomplete(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F, Args> IntoAutocomplete<ViaAutocompleteFn<Args>> for F
where
    F: for<'a> InteractionFn<'a, AutocompleteContext, Suggestions, Args>,
    Args: 'static,
{
    #[track_caller]
    fn into_autocomplete(self) -> Autocomplete {
        Autocomplete::new(self)
    }
}

/// Creates an autocompletion, for generated code.
pub fn generated(
    name: &'static str,
    place: Place,
    run: impl for<'a> Fn(&'a AutocompleteContext) -> BoxFuture<'a, Result<Suggestions, Failure>>
    + Send
    + Sync
    + 'static,
) -> Autocomplete {
    Autocomplete::of(
        Meta::new(HandlerKind::Autocomplete, name, place),
        Generated(run),
    )
}
