//! From the attribute and the function to a modal.

use proc_macro2::TokenStream;
use syn::ItemFn;
use syn::ext::IdentExt;

use crate::args::Args;
use crate::diagnostics::{Mistakes, Refused};
use crate::interaction::{
    Allowed, Documentation, HANDLER_OPTIONS, Handling, Parameter, Parameters, ROUTE_OPTIONS, Role,
    Routing, check_text, is_plain,
};
use crate::modal::model::{Field, Modal};
use crate::paths::Cordial;
use crate::signature::Expected;

const FIELD_OPTIONS: &[&str] = &[
    "name",
    "description",
    "placeholder",
    "value",
    "paragraph",
    "min_length",
    "max_length",
    "most",
];

/// How long a title and a label may be, and how many fields there may be. (Discord: Receiving and
/// Responding, Modal; Components Reference, Label.)
const TITLE: usize = 45;
const FIELDS: usize = 5;

const EXPECTED: Expected = Expected {
    handler: "a modal handler",
    first: "the context",
    second: "a field",
    one: "its fields, state and extractors by value",
    example: "async fn(ctx: &ModalContext, /** Your name */ name: String) -> Result<()>",
};

const ALLOWED: Allowed = Allowed {
    documented: Some("field"),
    state: true,
    plain: Some(
        "a field needs a label, which people see: write a doc comment above it, such as `/// Your \
         name`; mark a value that travels in the custom id with `#[state]`",
    ),
};

/// Reads a modal.
pub(crate) fn parse(args: TokenStream, function: &ItemFn) -> Result<Modal, Refused> {
    let mut mistakes = Mistakes::default();
    let known = [ROUTE_OPTIONS, HANDLER_OPTIONS].concat();
    let mut args = Args::read([args], &known, &mut mistakes);
    let cordial = Cordial::new(args.take_crate(&mut mistakes));
    let routing = Routing::take(&mut args, &function.sig.ident, &mut mistakes);
    let handling = Handling::take(&mut args, &cordial, &mut mistakes);
    let title = title(function, &mut mistakes);
    let parameters = Parameters::read(function, &EXPECTED, &ALLOWED, &mut mistakes);
    let modal = parameters.map(|parameters| Modal {
        cordial: cordial.clone(),
        fields: fields(&parameters, &mut mistakes),
        parameters,
        routing,
        title,
        handling,
    });
    mistakes.finish(cordial, modal)
}

fn title(function: &ItemFn, mistakes: &mut Mistakes) -> String {
    let Some(title) = Documentation::read(&function.attrs, mistakes) else {
        let message = "a modal needs a title, which people see: write a doc comment above the \
                       function, such as `/// Report a message`";
        mistakes.at(&function.sig.ident, message);
        return String::new();
    };
    title.check("a title", TITLE, mistakes);
    title.text
}

fn fields(parameters: &Parameters, mistakes: &mut Mistakes) -> Vec<Option<Field>> {
    let fields = parameters.others.iter();
    let fields: Vec<_> = fields.map(|other| field(other, mistakes)).collect();
    let both = parameters.others.iter().zip(&fields);
    let both: Vec<_> = both
        .filter_map(|(other, field)| Some((other, field.as_ref()?)))
        .collect();
    for (index, (other, field)) in both.iter().enumerate() {
        if both[..index]
            .iter()
            .any(|(_, earlier)| earlier.name == field.name)
        {
            let message = format!("another field is called `{}`", field.name);
            mistakes.at(&other.name, message);
        }
        if index == FIELDS {
            let message = format!("too many fields: a modal has at most {FIELDS}");
            mistakes.at(&other.name, message);
        }
    }
    let is_told = parameters.extractors().any(|other| is_plain(&other.ty));
    if both.is_empty() && !is_told {
        let message = "a modal needs at least one field: give a parameter a doc comment, as in \
                       `/** Your name */ name: String`";
        mistakes.at(&parameters.name, message);
    }
    fields
}

/// Reads a field, if the parameter is one.
fn field(parameter: &Parameter, mistakes: &mut Mistakes) -> Option<Field> {
    let Role::Documented(label) = &parameter.role else {
        return None;
    };
    label.check("a label", TITLE, mistakes);
    let mut args = Args::read(parameter.args.iter().cloned(), FIELD_OPTIONS, mistakes);
    let name = args.take_text("name", mistakes);
    let description = args.take_text("description", mistakes);
    let placeholder = args.take_text("placeholder", mistakes);
    if let Some(description) = &description {
        check_text(description, "a description", 100, mistakes);
    }
    if let Some(placeholder) = &placeholder {
        check_text(placeholder, "a placeholder", 100, mistakes);
    }
    Some(Field {
        name: name.map_or_else(|| parameter.name.unraw().to_string(), |name| name.value()),
        label: label.text.clone(),
        description,
        placeholder,
        value: args.take_text("value", mistakes),
        is_paragraph: args.take_flag("paragraph", mistakes),
        min_length: args.take_number("min_length", mistakes),
        max_length: args.take_number("max_length", mistakes),
        most: args.take_number("most", mistakes),
    })
}
