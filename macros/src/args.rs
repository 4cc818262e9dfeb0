//! The options of an attribute: `name = value`, or a name alone.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, LitInt, LitStr, Path, Token, parenthesized, token};

use crate::diagnostics::{Mistakes, list, nearest};

/// What `on_error` takes, for messages.
pub(crate) const ERROR_HANDLER: (&str, &str) = ("an error handler", "error_handler");

/// The options of an attribute.
pub(crate) struct Args(Vec<Arg>);

/// One option.
pub(crate) struct Arg {
    pub(crate) name: Ident,
    pub(crate) value: Option<Expr>,
    /// What stands in parentheses: `name("de" = "..")`.
    list: Option<TokenStream>,
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let list = Some(content.parse()?);
            return Ok(Self {
                name,
                value: None,
                list,
            });
        }
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self {
            name,
            value,
            list: None,
        })
    }
}

/// A text in another language.
pub(crate) struct Translation {
    pub(crate) locale: LitStr,
    pub(crate) text: LitStr,
}

impl Parse for Translation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let locale = input.parse()?;
        input.parse::<Token![=]>()?;
        let text = input.parse()?;
        Ok(Self { locale, text })
    }
}

impl Args {
    /// Reads the options of one or several lists, and notes those that are not known or stand twice.
    pub(crate) fn read(
        lists: impl IntoIterator<Item = TokenStream>,
        known: &[&str],
        mistakes: &mut Mistakes,
    ) -> Self {
        let mut read = Self(Vec::new());
        for list in lists {
            match Punctuated::<Arg, Token![,]>::parse_terminated.parse2(list) {
                Ok(args) => args
                    .into_iter()
                    .for_each(|arg| read.add(arg, known, mistakes)),
                Err(error) => mistakes.add(error),
            }
        }
        read
    }

    fn add(&mut self, arg: Arg, known: &[&str], mistakes: &mut Mistakes) {
        if !known.iter().any(|known| arg.name == known) {
            mistakes.at(&arg.name, unknown(&arg.name.to_string(), known));
        } else if self.0.iter().any(|earlier| earlier.name == arg.name) {
            mistakes.at(&arg.name, format_args!("`{}` is set twice", arg.name));
        } else {
            self.0.push(arg);
        }
    }

    /// Returns whether an option is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|arg| arg.name == name)
    }

    /// Takes an option out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Arg> {
        let index = self.0.iter().position(|arg| arg.name == name)?;
        Some(self.0.remove(index))
    }

    /// Takes out an option whose value is text.
    pub(crate) fn take_text(&mut self, name: &str, mistakes: &mut Mistakes) -> Option<LitStr> {
        let arg = self.take(name)?;
        match &arg.value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Some(text.clone()),
            Some(value) => {
                mistakes.at(
                    value,
                    format_args!("`{name}` takes a string: `{name} = \"..\"`"),
                );
                None
            }
            None => {
                mistakes.at(
                    &arg.name,
                    format_args!("`{name}` takes a string: `{name} = \"..\"`"),
                );
                None
            }
        }
    }

    /// Takes out an option that stands alone.
    pub(crate) fn take_flag(&mut self, name: &str, mistakes: &mut Mistakes) -> bool {
        let Some(arg) = self.take(name) else {
            return false;
        };
        if let Some(value) = &arg.value {
            mistakes.at(value, format_args!("`{name}` takes no value"));
        }
        true
    }

    /// Takes out an option whose value is a number.
    pub(crate) fn take_number(&mut self, name: &str, mistakes: &mut Mistakes) -> Option<LitInt> {
        let arg = self.take(name)?;
        if let Some(Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        })) = &arg.value
        {
            return Some(number.clone());
        }
        mistakes.at(
            &arg.name,
            format_args!("`{name}` takes a whole number: `{name} = 5`"),
        );
        None
    }

    /// Takes out an option whose value is an expression.
    pub(crate) fn take_value(
        &mut self,
        name: &str,
        example: &str,
        mistakes: &mut Mistakes,
    ) -> Option<Expr> {
        let arg = self.take(name)?;
        if arg.value.is_none() {
            mistakes.at(
                &arg.name,
                format_args!("`{name}` takes a value: `{name} = {example}`"),
            );
        }
        arg.value
    }

    /// Takes out an option whose value is one path, or several in brackets: of functions that have an
    /// attribute.
    pub(crate) fn take_paths(
        &mut self,
        name: &str,
        (what, attribute): (&str, &str),
        mistakes: &mut Mistakes,
    ) -> Vec<Path> {
        let Some(arg) = self.take(name) else {
            return Vec::new();
        };
        let values = match arg.value {
            Some(Expr::Array(array)) => array.elems.into_iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        if values.is_empty() {
            let message = format!("`{name}` takes {what}: `{name} = f` or `{name} = [f, g]`");
            mistakes.at(&arg.name, message);
        }
        let path = |value| match value {
            Expr::Path(path) => Some(path.path),
            other => {
                let message = format!("expected the name of a function with `#[{attribute}]`");
                mistakes.at(other, message);
                None
            }
        };
        values.into_iter().filter_map(path).collect()
    }

    /// Takes out an option whose value is one path: of a function that has an attribute.
    pub(crate) fn take_path(
        &mut self,
        name: &str,
        attribute: &str,
        mistakes: &mut Mistakes,
    ) -> Option<Path> {
        let arg = self.take(name)?;
        match arg.value {
            Some(Expr::Path(path)) => return Some(path.path),
            Some(value) => {
                let message = format!("expected the name of a function with `#[{attribute}]`");
                mistakes.at(value, message);
            }
            None => {
                let message = format!("`{name}` takes a function: `{name} = f`");
                mistakes.at(&arg.name, message);
            }
        }
        None
    }

    /// Takes out an option whose value is a list of texts in other languages: `names("de" = "..")`.
    pub(crate) fn take_translations(
        &mut self,
        name: &str,
        mistakes: &mut Mistakes,
    ) -> Vec<Translation> {
        let Some(arg) = self.take(name) else {
            return Vec::new();
        };
        let Some(list) = arg.list else {
            let message =
                format!("`{name}` takes a text for each language: `{name}(\"de\" = \"..\")`");
            mistakes.at(&arg.name, message);
            return Vec::new();
        };
        match Punctuated::<Translation, Token![,]>::parse_terminated.parse2(list) {
            Ok(translations) => translations.into_iter().collect(),
            Err(error) => {
                mistakes.add(error);
                Vec::new()
            }
        }
    }

    /// Takes out where cordial is.
    pub(crate) fn take_crate(&mut self, mistakes: &mut Mistakes) -> Option<Path> {
        let arg = self.take("crate")?;
        if let Some(Expr::Path(path)) = arg.value {
            return Some(path.path);
        }
        mistakes.at(&arg.name, "`crate` takes a path: `crate = other::cordial`");
        None
    }
}

/// Returns the message for a word that is none of those known.
fn unknown(written: &str, known: &[&str]) -> String {
    let all = match known {
        [only] => format!("the only option is `{only}`"),
        several => format!("the options are {}", list(several)),
    };
    match nearest(written, known) {
        Some(meant) => format!("unknown option `{written}`: did you mean `{meant}`? ({all})"),
        None => format!("unknown option `{written}`; {all}"),
    }
}
