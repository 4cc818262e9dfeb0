//! Checks of your own.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::context::Context;
use crate::exception::CheckFailed;
use crate::extract::{FromContext, Requirements};
use crate::failure::{Failure, IntoFailure};
use crate::handler::{BoxFuture, Call, Generated, InteractionFn, forgotten};
use crate::interaction::InteractionContext;
use crate::meta::{HandlerKind, Meta, Place};

/// A function that decides whether a handler of an interaction may run.
///
/// `#[check]` makes one; so does [`Check::new`] from any function with the right signature. If the function
/// returns `false`, the handler fails with a [`CheckFailed`] with the check's name; if it returns an error,
/// with that error.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[check]
/// async fn is_lucky(ctx: &InteractionContext) -> bool {
///     ctx.user().id.get() % 7 == 0
/// }
///
/// /// Open the box.
/// #[command(check = is_lucky)]
/// async fn open(ctx: &CommandContext) -> Result<()> {
///     ctx.reply("It is full of gold.").await?;
///     Ok(())
/// }
/// ```
#[must_use = "a check does nothing until it is added to a handler, a plugin or a bot"]
pub struct Check {
    pub(crate) meta: Meta,
    pub(crate) requirements: Requirements,
    call: Box<dyn Call<bool>>,
}

impl Check {
    /// Creates a check from a function, and names it after the function.
    #[track_caller]
    pub fn new<F, Args>(function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, InteractionContext, bool, Args>,
        Args: 'static,
    {
        Self::of(Meta::of_function::<F>(HandlerKind::Check), function)
    }

    fn of<F, Args>(meta: Meta, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, InteractionContext, bool, Args>,
        Args: 'static,
    {
        let (call, requirements) = forgotten(function);
        Self {
            meta,
            requirements,
            call,
        }
    }

    /// Sets the name, instead of the function's.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.meta = self.meta.renamed(name);
        self
    }

    /// Adds the requirements of an extractor, for generated code.
    #[doc(hidden)]
    pub fn requires<X: FromContext>(mut self) -> Self {
        X::require(&mut self.requirements);
        self
    }

    pub(crate) async fn pass(&self, ctx: &Context) -> Result<(), Failure> {
        match self.call.call(ctx).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(CheckFailed::new(self.meta.name().to_owned()).into_failure()),
            Err(failure) => Err(failure),
        }
        .map_err(|failure| failure.in_handler(&self.meta))
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.meta).finish()
    }
}

/// Something that you can add as a check: a function, or a [`Check`].
///
/// The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "this value cannot be a check",
    label = "not a check",
    note = "a check is `async fn(ctx: &InteractionContext) -> bool`, or returns a `Result<bool>`",
    note = "after the context it may take extractors by value, such as `State<T>` or `Author`"
)]
pub trait IntoCheck<M> {
    /// Converts it into a check.
    #[track_caller]
    fn into_check(self) -> Check;
}

/// Marks existing checks.
#[derive(Debug)]
pub struct ViaBuiltCheck;

/// Marks functions, by their signature.
#[derive(Debug)]
pub struct ViaCheckFn<Args>(PhantomData<Args>);

impl IntoCheck<ViaBuiltCheck> for Check {
    fn into_check(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F, Args> IntoCheck<ViaCheckFn<Args>> for F
where
    F: for<'a> InteractionFn<'a, InteractionContext, bool, Args>,
    Args: 'static,
{
    #[track_caller]
    fn into_check(self) -> Check {
        Check::new(self)
    }
}

/// Creates a check, for generated code.
pub fn generated(
    name: &'static str,
    place: Place,
    run: impl for<'a> Fn(&'a InteractionContext) -> BoxFuture<'a, Result<bool, Failure>>
    + Send
    + Sync
    + 'static,
) -> Check {
    Check::of(Meta::new(HandlerKind::Check, name, place), Generated(run))
}
