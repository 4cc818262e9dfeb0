//! From the attribute and the function to an error handler.

use proc_macro2::TokenStream;
use syn::{Expr, ItemFn, Type};

use crate::args::Args;
use crate::diagnostics::{Mistakes, Refused};
use crate::duration;
use crate::error_handler::model::ErrorHandler;
use crate::paths::{Cordial, names_trait};
use crate::signature::{Expected, Signature, refuse_silence};

const OPTIONS: &[&str] = &["name", "timeout", "cause", "when", "crate"];

const EXPECTED: Expected = Expected {
    handler: "an error handler",
    first: "the context or event",
    second: "the error",
    one: "one error, and after it extractors by value; write another function for another error",
    example: "async fn(ctx: &ErrorContext, error: &MyError) -> bool",
};

const SAYS_NOTHING: &str = "an error handler must say whether it handled the error: return `bool` \
                            (`true` if it did, `false` to pass the error on to the next error \
                            handler), `Flow`, or a `Result` of either";

/// Reads an error handler.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<ErrorHandler, Refused> {
    let mut mistakes = Mistakes::default();
    let mut args = Args::read([args], OPTIONS, &mut mistakes);
    let name = args.take_text("name", &mut mistakes);
    let timeout = args.take_text("timeout", &mut mistakes);
    let limit = timeout.and_then(|text| duration::read(&text, &mut mistakes));
    let takes_causes = args.take_flag("cause", &mut mistakes);
    let guard = guard(&mut args, &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    let signature = Signature::read(function, &EXPECTED, &mut mistakes);
    refuse_silence(function, SAYS_NOTHING, &mut mistakes);
    if let Some(signature) = &signature {
        refuse_unsendable(&signature.second, &mut mistakes);
    }
    mistakes.finish(
        cordial.clone(),
        signature.map(|signature| ErrorHandler {
            cordial,
            signature,
            name,
            limit,
            takes_causes,
            guard,
        }),
    )
}

fn guard(args: &mut Args, mistakes: &mut Mistakes) -> Option<Expr> {
    let arg = args.take("when")?;
    if arg.value.is_none() {
        mistakes.at(
            &arg.name,
            "`when` takes a condition: `when = |error| error.code() == 50013`",
        );
    }
    arg.value
}

/// Notes `&dyn Error`, whose reference cannot move between threads. The compiler would say so too,
/// of the future and at length.
fn refuse_unsendable(error: &Type, mistakes: &mut Mistakes) {
    let Type::TraitObject(object) = error else {
        return;
    };
    if names_trait(object, "Error") && !names_trait(object, "Sync") {
        mistakes.at(
            error,
            "a `&dyn Error` cannot be held across an `.await`: take `&(dyn Error + Send + Sync)`, \
             or `&Failure`",
        );
    }
}
