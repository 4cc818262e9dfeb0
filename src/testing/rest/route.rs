//! The routes, and the parts of requests that the simulator knows.

use serde_json::Value;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::multipart::File;
use crate::testing::rest::request::Request;

/// An answer, or a refusal.
pub(crate) type Answered = Result<Answer, Answer>;

/// A route.
///
/// Everything that a route does not name is unknown: an answer that ignores a part of the request would
/// be made up.
pub(crate) struct Route {
    method: &'static str,
    /// The path, in which `*` matches one segment.
    path: &'static str,
    /// The known parameters of the query.
    query: &'static [&'static str],
    /// The known fields of the form.
    form: &'static [&'static str],
    /// Whether requests need no bot token.
    is_public: bool,
    answer: fn(&mut State, &Call<'_>) -> Answered,
}

/// A request for a route.
pub(crate) struct Call<'a> {
    /// The segments of the path that match `*`.
    pub(crate) path: Vec<&'a str>,
    /// The form: an object, which is empty for a route without one.
    pub(crate) form: Value,
    pub(crate) files: Vec<File>,
    request: &'a Request,
}

impl Route {
    pub(crate) const fn new(
        method: &'static str,
        path: &'static str,
        answer: fn(&mut State, &Call<'_>) -> Answered,
    ) -> Self {
        Self {
            method,
            path,
            query: &[],
            form: &[],
            is_public: false,
            answer,
        }
    }

    /// Allows requests without the bot's token: the path holds another, or none is needed.
    pub(crate) const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    pub(crate) const fn query(mut self, parameters: &'static [&'static str]) -> Self {
        self.query = parameters;
        self
    }

    pub(crate) const fn form(mut self, fields: &'static [&'static str]) -> Self {
        self.form = fields;
        self
    }

    /// Parses a request, if it is for this route.
    ///
    /// # Errors
    ///
    /// Refuses what is unknown, or not JSON.
    pub(crate) fn call<'a>(&self, request: &'a Request) -> Option<Result<Call<'a>, Answer>> {
        let path = (request.method == self.method).then(|| request.matches(self.path))??;
        Some(self.read(request).map(|(form, files)| Call {
            path,
            form,
            files,
            request,
        }))
    }

    pub(crate) fn answer(&self, state: &mut State, call: &Call<'_>) -> Answered {
        (self.answer)(state, call)
    }

    /// Returns whether a request has the token that it needs.
    pub(crate) fn lets_in(&self, request: &Request, token: &str) -> bool {
        self.is_public || request.has_token(token)
    }

    fn read(&self, request: &Request) -> Result<(Value, Vec<File>), Answer> {
        let unmodelled = |what: &str, name: &str| {
            Answer::unmodelled(&format!("the {what} `{name}` of {}", request.name()))
        };
        let parameters = request.parameters().map(|(name, _)| name);
        let is_unknown = |name: &&str| !self.query.contains(name);
        if let Some(unknown) = { parameters }.find(is_unknown) {
            return Err(unmodelled("parameter", unknown));
        }
        let (form, files) = request.form()?;
        // Null resets fields that the simulator does not have.
        let fields = form.as_object().into_iter().flatten();
        let given = fields.filter(|(_, value)| !value.is_null());
        let is_unknown = |name: &&String| !self.form.contains(&name.as_str());
        if let Some(unknown) = given.map(|(name, _)| name).find(is_unknown) {
            return Err(unmodelled("field", unknown));
        }
        if !files.is_empty() && !self.form.contains(&"attachments") {
            return Err(unmodelled("field", "attachments"));
        }
        Ok((form, files))
    }
}

impl Call<'_> {
    /// Returns a parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.request.parameter(name)
    }

    /// Returns a parameter of the query that is an id or a number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok()
    }

    /// Returns how many entries are requested.
    ///
    /// # Errors
    ///
    /// Refuses zero, or more than the maximum.
    pub(crate) fn limit(&self, usual: usize, most: usize) -> Result<usize, Answer> {
        let Some(limit) = self.parameter("limit") else {
            return Ok(usual);
        };
        let limit = limit
            .parse()
            .ok()
            .filter(|limit| (1..=most).contains(limit));
        limit.ok_or_else(|| {
            let message = format!("int value should be between 1 and {most}.");
            Answer::invalid("limit", "NUMBER_TYPE_MAX", &message)
        })
    }

    /// Returns the reason that is given for the audit log.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.request.reason.as_deref()
    }

    /// Says that a part of the request is unknown.
    pub(crate) fn unmodelled(&self, what: &str) -> Answer {
        Answer::unmodelled(&format!("{what} in {}", self.request.name()))
    }
}
