//! What tests ask of the code that a macro wrote.

use proc_macro2::{TokenStream, TokenTree};

/// Returns the messages of the mistakes in it, in order.
pub(crate) fn mistakes(written: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_message = false;
    for token in written.clone() {
        match token {
            TokenTree::Ident(name) if name == "compile_error" => is_message = true,
            TokenTree::Group(group) if is_message => {
                let text: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                found.push(text.value());
                is_message = false;
            }
            TokenTree::Group(group) => found.extend(mistakes(&group.stream())),
            _ => {}
        }
    }
    found
}

/// Returns whether some code is in it, however it is spaced.
pub(crate) fn has(written: &TokenStream, code: &TokenStream) -> bool {
    let without_space = |tokens: &TokenStream| tokens.to_string().replace([' ', '\n'], "");
    without_space(written).contains(&without_space(code))
}

/// Asserts that there is one mistake, and that its message has these words.
#[track_caller]
pub(crate) fn assert_mistake(written: &TokenStream, words: &str) {
    assert_mistakes(written, &[words]);
}

/// Asserts that there are these mistakes in this order, by words of their messages.
#[track_caller]
pub(crate) fn assert_mistakes(written: &TokenStream, words: &[&str]) {
    let found = mistakes(written);
    let is_each_there = found
        .iter()
        .zip(words)
        .all(|(found, words)| found.contains(words));
    assert!(
        found.len() == words.len() && is_each_there,
        "expected {words:#?}, found {found:#?}",
    );
    syn::parse2::<syn::File>(written.clone()).expect("code that can be read");
}
