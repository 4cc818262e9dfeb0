//! Paths into cordial, shown to the compiler as if the author had written them.
//!
//! The compiler underlines the tokens of the expression that does not hold. If any of them comes
//! from the macro, it underlines the attribute instead, which tells the author nothing. So the path
//! and what is checked get the span of the author's own tokens.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, TypeParamBound, TypeTraitObject};

/// Where cordial is.
#[derive(Clone)]
pub(crate) struct Cordial(Option<Path>);

impl Cordial {
    pub(crate) fn new(path: Option<Path>) -> Self {
        Self(path)
    }

    /// Returns the path of an item of cordial's private surface.
    pub(crate) fn private(&self, item: &str) -> TokenStream {
        self.private_at(Span::call_site(), item)
    }

    /// Returns the same path, as if it stood at a span of the author's.
    pub(crate) fn private_at(&self, span: Span, item: &str) -> TokenStream {
        let item = Ident::new(item, span);
        if let Some(path) = &self.0 {
            respan(quote!(#path::private::#item), span)
        } else {
            quote_spanned!(span=> ::cordial::private::#item)
        }
    }
}

/// Gives tokens another span.
fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let with_span = |mut token: proc_macro2::TokenTree| {
        token.set_span(span);
        token
    };
    tokens.into_iter().map(with_span).collect()
}

/// Returns the span of some tokens of the author's, to be used for ours: the compiler resolves
/// names there as it does for the macro's own.
pub(crate) fn span_of(tokens: &impl ToTokens) -> Span {
    tokens.span().resolved_at(Span::call_site())
}

/// Returns a name of the author's as one of ours: lints about what it names, such as a deprecated
/// variant, are not meant for the author then.
pub(crate) fn respanned(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(span_of(&name));
    name
}

/// Returns whether a trait object is of a trait of this name.
pub(crate) fn names_trait(object: &TypeTraitObject, name: &str) -> bool {
    object.bounds.iter().any(|bound| bound_names(bound, name))
}

/// Returns whether a bound is a trait of some name, whatever the path to it.
pub(crate) fn bound_names(bound: &TypeParamBound, name: &str) -> bool {
    matches!(bound, TypeParamBound::Trait(bound)
        if bound.path.segments.last().is_some_and(|segment| segment.ident == name))
}
