//! The options of an attribute: `name = value`, or a name alone.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path, Token};

use crate::diagnostics::{Mistakes, list, nearest};

/// The options of an attribute.
pub(crate) struct Args(Vec<Arg>);

/// One option.
pub(crate) struct Arg {
    pub(crate) name: Ident,
    pub(crate) value: Option<Expr>,
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { name, value })
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
                    format_args!("`{name}` takes text: `{name} = \"..\"`"),
                );
                None
            }
            None => {
                mistakes.at(
                    &arg.name,
                    format_args!("`{name}` takes text: `{name} = \"..\"`"),
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
            mistakes.at(
                value,
                format_args!("`{name}` stands alone, without a value"),
            );
        }
        true
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
        [only] => format!("the only one is `{only}`"),
        several => format!("there are {}", list(several)),
    };
    match nearest(written, known) {
        Some(meant) => format!("there is no option `{written}`: did you mean `{meant}`? ({all})"),
        None => format!("there is no option `{written}`; {all}"),
    }
}
