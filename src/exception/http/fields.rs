//! What is wrong with each field of what was sent.

use std::fmt;

use serde_json::Value;

use crate::exception::http::text::shown;

/// How many wrong fields are kept.
const MOST_ERRORS: usize = 100;

/// How much is kept of a field's name, and shown of what is wrong with it.
const MOST_OF_NAME: usize = 100;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The path of the field, such as `embeds[0].title`. Empty for the request as a whole.
    pub path: String,
    /// The kind of mistake, such as `BASE_TYPE_REQUIRED`. Empty if Discord names none.
    pub code: String,
    /// Discord's message, or the error as JSON if its form is unknown.
    pub message: String,
}

/// The way to the field, and the code; or what is said about it, where there is no code.
impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, other: &str| match text {
            "" => other.to_owned(),
            text => shown(text, MOST_OF_NAME),
        };
        let said = or(&self.code, &or(&self.message, "wrong"));
        write!(f, "{}: {said}", or(&self.path, "the request"))
    }
}

/// Collects what is wrong, from trees of fields.
pub(crate) fn read_errors(trees: &[&Value]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for tree in trees {
        collect(tree, "", &mut errors);
    }
    errors
}

/// Collects what is wrong with a field, and with those in it.
///
/// Discord has a list `_errors` at each field that is wrong. Others have a list, a text or an error
/// there. What is none of these is kept as it is.
fn collect(tree: &Value, path: &str, errors: &mut Vec<FieldError>) {
    if errors.len() >= MOST_ERRORS {
        return;
    }
    let (code, message) = match tree {
        Value::Null => return,
        Value::Object(_) if is_error(tree) => (text(&tree["code"]), text(&tree["message"])),
        Value::Object(fields) => {
            for (key, value) in fields {
                collect(value, &below(path, key), errors);
            }
            return;
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                match value {
                    Value::Object(_) | Value::Array(_) if !is_error(value) => {
                        collect(value, &below(path, &index.to_string()), errors);
                    }
                    _ => collect(value, path, errors),
                }
            }
            return;
        }
        Value::String(said) => (String::new(), said.clone()),
        Value::Bool(_) | Value::Number(_) => (String::new(), tree.to_string()),
    };
    errors.push(FieldError {
        path: path.to_owned(),
        code,
        message,
    });
}

/// Returns whether something is an error itself, rather than fields with errors. A field may be
/// called `message`.
fn is_error(value: &Value) -> bool {
    let said = |name: &str| value.get(name).map(text).unwrap_or_default();
    !said("code").is_empty() || !said("message").is_empty()
}

/// Returns the way to what is in a field.
fn below(path: &str, key: &str) -> String {
    if key == "_errors" {
        return path.to_owned();
    }
    let name = shown(key, MOST_OF_NAME);
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{path}[{name}]");
    }
    let dot = if path.is_empty() { "" } else { "." };
    format!("{path}{dot}{name}")
}

/// Returns a text, or a number as one.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(errors: &str) -> Vec<String> {
        let tree = serde_json::from_str(errors).expect("JSON");
        let errors = read_errors(&[&tree]).into_iter();
        errors
            .map(|error| format!("{error}, {}", error.message))
            .collect()
    }

    #[test]
    fn fields_are_named_by_the_way_to_them() {
        let errors = r#"{"embeds": {"0": {"title": {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "x"}]}}}}"#;

        assert_eq!(read(errors), ["embeds[0].title: BASE_TYPE_REQUIRED, x"]);
    }

    #[test]
    fn every_form_says_something() {
        for (errors, expected) in [
            (
                r#"{"_errors": [{"code": "A", "message": "x"}]}"#,
                "the request: A, x",
            ),
            (
                r#"{"_errors": [{"code": 7, "message": "x"}]}"#,
                "the request: 7, x",
            ),
            (r#"{"_errors": 7}"#, "the request: 7, 7"),
            (r#"{"_errors": "x"}"#, "the request: x, x"),
            (r#"[{"code": "A", "message": "x"}]"#, "the request: A, x"),
            (r#"["x"]"#, "the request: x, x"),
            (r#"{"name": ["x"]}"#, "name: x, x"),
            (r#"{"name": {"message": "x"}}"#, "name: x, x"),
            (
                r#"{"message": {"_errors": [{"code": "A"}]}}"#,
                "message: A, ",
            ),
            (r#"[{"name": {"code": "A"}}]"#, "[0].name: A, "),
            (r#"{"why": true}"#, "why: true, true"),
            (r#"{"": "x"}"#, "the request: x, x"),
        ] {
            assert_eq!(read(errors), [expected], "{errors}");
        }
        assert_eq!(read(r#"{"a": null, "b": {}, "c": []}"#), [""; 0]);
    }

    #[test]
    fn many_errors_with_long_names_take_little_room() {
        let list = vec![r#"{"b": 1}"#; 5_000].join(",");
        let errors = format!(r#"{{"{}": [{list}]}}"#, "a".repeat(1_000_000));
        let tree = serde_json::from_str(&errors).expect("JSON");

        let errors = read_errors(&[&tree]);

        assert_eq!(errors.len(), MOST_ERRORS);
        assert!(errors.iter().all(|error| error.path.len() < 200));
    }
}
