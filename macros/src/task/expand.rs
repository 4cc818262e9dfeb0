//! From a task to code.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{ItemFn, Type};

use crate::companion::{attribute, declare, invocation, options, place};
use crate::fallback;
use crate::paths::{Cordial, span_of};
use crate::signature::span_of_output;
use crate::task::model::{Task, When};
use crate::task::parse::{HAS_CRON, parse};

/// Writes the function as it is, and its companion.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    expand_with(args, item, HAS_CRON)
}

fn expand_with(args: TokenStream, item: &TokenStream, has_cron: bool) -> TokenStream {
    let parse = |function: &ItemFn| parse(args, function, has_cron);
    attribute(item, "a task", parse, companion, fallback::handler)
}

fn companion(task: &Task, function: &ItemFn) -> TokenStream {
    let cordial = &task.cordial;
    let name = &task.parameters.name;
    let into_handlers = cordial.private("IntoHandlers");
    let handlers = cordial.private("Handlers");
    let made = made(task);
    let into_handlers = quote! {
        impl #into_handlers for #name {
            fn register(self, __cordial_handlers: &mut #handlers) {
                __cordial_handlers.task(#made);
            }
        }
    };
    declare(function, [into_handlers])
}

fn made(task: &Task) -> TokenStream {
    let Task {
        cordial,
        parameters,
        when,
        jitter,
        name,
        limit,
        on_error,
    } = task;
    let constructor = cordial.private("task");
    let function = parameters.name.to_string();
    let (place, (when, more)) = (place(cordial), times(cordial, when));
    let extractors: Vec<Type> = extractors(task);
    let run = run(cordial, task, &extractors);
    let options = options(name.as_ref(), *limit, &extractors);
    let jitter = jitter.map(|jitter| quote!(.jitter(::core::time::Duration::from_millis(#jitter))));
    let on_error = on_error
        .iter()
        .map(|handler| quote_spanned!(span_of(handler)=> .on_error(#handler {})));
    quote!(#constructor(#function, #place, #when, #run)#options #more #jitter #(#on_error)*)
}

/// Writes when it runs, and the calls that say more of that.
fn times(cordial: &Cordial, when: &When) -> (TokenStream, Option<TokenStream>) {
    let made = cordial.private("When");
    match when {
        When::Every { period, delay } => {
            let delay =
                delay.map(|delay| quote!(.delay(::core::time::Duration::from_millis(#delay))));
            let period = quote!(::core::time::Duration::from_millis(#period));
            (quote!(#made::every(#period)), delay)
        }
        When::Cron {
            expression,
            timezone,
        } => {
            let timezone = timezone
                .as_ref()
                .map(|timezone| quote!(.timezone(#timezone)));
            (quote!(#made::cron(#expression)), timezone)
        }
        When::Start => (quote!(#made::on_start()), None),
        When::Stop => (quote!(#made::on_stop()), None),
    }
}

fn extractors(task: &Task) -> Vec<Type> {
    let extractors = task.parameters.extractors();
    extractors.map(|extractor| extractor.ty.clone()).collect()
}

/// Writes the closure that makes the arguments and calls the function.
fn run(cordial: &Cordial, task: &Task, extractors: &[Type]) -> TokenStream {
    let parameters = &task.parameters;
    let (name, context) = (&parameters.name, &parameters.context);
    let first = cordial.private_at(span_of(context), "first_of_task");
    let ctx = quote_spanned!(span_of(context)=> #first::<#context>(__cordial_ctx));
    let output = span_of_output(parameters.output.as_ref(), name);
    let outcome = cordial.private_at(output, "outcome");
    let returned = quote_spanned!(output=> #outcome(__cordial_returned));
    let run = invocation(cordial, name, extractors, |arguments| {
        quote_spanned! {span_of(name)=>
            let __cordial_returned = #name(#ctx, #(#arguments),*).await;
            #returned
        }
    });
    quote_spanned!(span_of(name)=> |__cordial_ctx| #run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistake, assert_mistakes, has, mistakes};

    fn written(args: TokenStream) -> TokenStream {
        let function = quote!(
            async fn sweep(ctx: &Context, db: State<Db>) -> Result<()> {}
        );
        expand_with(args, &function, true)
    }

    #[test]
    fn a_task_says_when_it_runs() {
        for (args, when) in [
            (
                quote!(every = "5m"),
                quote!(When::every(::core::time::Duration::from_millis(300000u64))),
            ),
            (
                quote!(cron = "0 9 * * 1-5"),
                quote!(When::cron("0 9 * * 1-5")),
            ),
            (quote!(on = "start"), quote!(When::on_start())),
            (quote!(on = "stop"), quote!(When::on_stop())),
        ] {
            let written = written(args);

            assert_eq!(mistakes(&written), Vec::<String>::new());
            assert!(has(&written, &when), "{when} in {written}");
        }
    }

    #[test]
    fn its_options_are_those_of_a_task() {
        let written = written(quote!(
            every = "1h",
            delay = "1m",
            jitter = "5m",
            name = "broom",
            timeout = "30s",
            on_error = [f, g]
        ));

        assert_eq!(mistakes(&written), Vec::<String>::new());
        let options = quote! {
            .name("broom")
            .timeout(::core::time::Duration::from_millis(30000u64))
            .requires::<State<Db>>()
            .delay(::core::time::Duration::from_millis(60000u64))
            .jitter(::core::time::Duration::from_millis(300000u64))
            .on_error(f {})
            .on_error(g {})
        };
        assert!(has(&written, &options), "{written}");
    }

    #[test]
    fn one_that_does_not_say_when_is_refused() {
        assert_mistake(&written(quote!()), "a task must say when it runs");
        assert_mistake(
            &written(quote!(jitter = "5m")),
            "a task must say when it runs",
        );
        assert_mistake(&written(quote!(every = 5)), "`every` takes a string");
    }

    #[test]
    fn one_that_says_it_twice_is_refused() {
        assert_mistakes(
            &written(quote!(every = "5m", cron = "0 9 * * 1-5", on = "start")),
            &["`every` and `cron`", "`every` and `on`"],
        );
    }

    #[test]
    fn times_that_are_none_are_refused() {
        for args in [
            quote!(every = "0s"),
            quote!(every = "none"),
            quote!(every = "5 minutes"),
            quote!(every = "5m", jitter = "0s"),
            quote!(every = "5m", delay = "later"),
        ] {
            assert_mistake(&written(args), "not a duration");
        }
        assert_mistake(&written(quote!(every = "5m", jitter = "5m")), "shorter");
        assert_mistake(
            &written(quote!(on = "ready")),
            "on \"start\" or on \"stop\"",
        );
        assert_mistake(&written(quote!(cron = "9 * *")), "not a cron expression");
    }

    #[test]
    fn options_are_refused_where_they_say_nothing() {
        assert_mistake(
            &written(quote!(on = "start", jitter = "5m")),
            "this task runs once",
        );
        assert_mistake(
            &written(quote!(cron = "@daily", delay = "5m")),
            "`delay` works only with `every`",
        );
        assert_mistake(
            &written(quote!(every = "5m", timezone = "UTC")),
            "`timezone` works only with `cron`",
        );
    }

    #[test]
    fn cron_without_its_feature_says_so() {
        let written = expand_with(
            quote!(cron = "0 9 * * 1-5"),
            &quote!(
                async fn f(ctx: &Context) {}
            ),
            false,
        );

        assert_mistake(&written, "features = [\"cron\"]");
    }

    #[test]
    fn an_event_is_refused() {
        let written = expand_with(
            quote!(every = "5m"),
            &quote!(
                fn f(ctx: &Context, message: &MessageCreate) {}
            ),
            true,
        );

        assert_mistakes(
            &written,
            &[
                "a task must be `async`",
                "to handle `&MessageCreate`, write a `#[listener]`",
            ],
        );
    }
}
