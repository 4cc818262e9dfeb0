//! Keeping what Discord's answers hold out of every text: it may be what people wrote, or a token.

use std::error::Error;

use twilight_http::error::ErrorType;
use twilight_http::response::DeserializeBodyError;

use crate::exception::Value;
use crate::exception::http::Original;
use crate::exception::http::refine::refine;

/// What is shown instead of a text that quotes an answer.
const WITHHELD: &str = "the answer does not have the expected form";

/// Returns the texts of an error of twilight's that quote an answer, each with what is shown
/// instead.
pub(crate) fn withheld(error: Value<'_>) -> Vec<(String, String)> {
    if let Some(error) = error.downcast_ref::<twilight_http::Error>() {
        let quotes = matches!(
            error.kind(),
            ErrorType::Response { .. } | ErrorType::Parsing { .. }
        );
        if !quotes {
            return Vec::new();
        }
        let shown = refine(error, &Original::default()).to_string();
        let mut texts = vec![(error.to_string(), shown)];
        texts.extend(causes(error));
        return texts;
    }
    let error = error.downcast_ref::<DeserializeBodyError>();
    error.map_or_else(Vec::new, |error| causes(error).collect())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = (String, String)> + 'a {
    let chain = std::iter::successors(error.source(), |cause: &&'a (dyn Error + 'static)| {
        (**cause).source()
    });
    chain.map(|cause| (cause.to_string(), WITHHELD.to_owned()))
}
