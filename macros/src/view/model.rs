//! What a `#[derive(EventView)]` means.

use syn::{Ident, Lifetime, LitStr, Type};

use crate::paths::Cordial;

/// A struct that is read from the text of an event.
pub(crate) struct View {
    pub(crate) cordial: Cordial,
    pub(crate) name: Ident,
    /// For how long it borrows, if it does.
    pub(crate) lifetime: Option<Lifetime>,
    /// The event that it is a view of, unless it is a part of another view.
    pub(crate) of: Option<Type>,
    pub(crate) fields: Vec<Field>,
}

/// One of its fields.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// What Discord calls it.
    pub(crate) name: LitStr,
    pub(crate) ty: Type,
    pub(crate) form: Form,
    pub(crate) absence: Absence,
}

/// How a field is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As text, borrowed where it can be.
    Text,
    /// As a struct that is read in the same way.
    Part,
    /// As serde does.
    Value,
}

/// What becomes of a field that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absence {
    Refused,
    /// It is nothing: an `Option`.
    None,
    /// It is what its type has by default.
    Default,
}
