//! The options that all handlers of interactions have: time, error handlers, checks, putting off.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{BinOp, Expr, ExprBinary, Ident, LitStr, Path};

use crate::args::{Args, ERROR_HANDLER};
use crate::diagnostics::Mistakes;
use crate::duration::{self, Limit};
use crate::interaction::limits::{concurrency, cooldown};
use crate::paths::{Cordial, span_of};

/// The options that all of them have, by their names.
pub(crate) const HANDLER_OPTIONS: &[&str] = &[
    "timeout",
    "on_error",
    "crate",
    "guild_only",
    "direct_only",
    "owner_only",
    "user_permissions",
    "bot_permissions",
    "check",
    "cooldown",
    "max_concurrency",
    "defer",
];

/// How a handler of interactions is run, as the author said.
pub(crate) struct Handling {
    limit: Option<Limit>,
    on_error: Vec<Path>,
    /// Those that stand alone.
    flags: Vec<Ident>,
    user_permissions: Vec<Ident>,
    bot_permissions: Vec<Ident>,
    checks: Vec<Path>,
    cooldown: Option<TokenStream>,
    concurrency: Option<TokenStream>,
    defer: Option<Ident>,
}

impl Handling {
    /// Takes the options out.
    pub(crate) fn take(args: &mut Args, cordial: &Cordial, mistakes: &mut Mistakes) -> Self {
        let timeout = args.take_text("timeout", mistakes);
        let cooldown_text = args.take_text("cooldown", mistakes);
        let concurrency_text = args.take_text("max_concurrency", mistakes);
        let defer = args.take_text("defer", mistakes);
        let mut flags = Vec::new();
        for flag in ["guild_only", "direct_only", "owner_only"] {
            if args.take_flag(flag, mistakes) {
                flags.push(Ident::new(flag, proc_macro2::Span::call_site()));
            }
        }
        Self {
            limit: timeout.and_then(|text| duration::read(&text, mistakes)),
            on_error: args.take_paths("on_error", ERROR_HANDLER, mistakes),
            flags,
            user_permissions: permissions("user_permissions", args, mistakes),
            bot_permissions: permissions("bot_permissions", args, mistakes),
            checks: args.take_paths("check", ("a check", "check"), mistakes),
            cooldown: cooldown_text.and_then(|text| cooldown(&text, cordial, mistakes)),
            concurrency: concurrency_text.and_then(|text| concurrency(&text, cordial, mistakes)),
            defer: defer.and_then(|text| put_off(&text, mistakes)),
        }
    }

    /// Writes the calls that add them to a builder.
    pub(crate) fn calls(&self, cordial: &Cordial) -> TokenStream {
        let limit = self.limit.map(|limit| match limit {
            Limit::Millis(millis) => {
                quote!(.timeout(::core::time::Duration::from_millis(#millis)))
            }
            Limit::None => quote!(.no_timeout()),
        });
        let on_error = self.on_error.iter();
        let on_error =
            on_error.map(|handler| quote_spanned!(span_of(handler)=> .on_error(#handler {})));
        let checks = self.checks.iter();
        let checks = checks.map(|check| quote_spanned!(span_of(check)=> .check(#check {})));
        let flags = &self.flags;
        let user = needed(cordial, "user_permissions", &self.user_permissions);
        let bot = needed(cordial, "bot_permissions", &self.bot_permissions);
        let cooldown = self.cooldown.iter();
        let concurrency = self.concurrency.iter();
        let all = cordial.private("Defer");
        let defer = self.defer.iter();
        quote! {
            #limit #(#on_error)* #(.#flags())* #user #bot #(#checks)*
            #(.max_concurrency(#concurrency))* #(.cooldown(#cooldown))* #(.defer(#all::#defer))*
        }
    }
}

/// Reads `A | B`.
fn permissions(name: &str, args: &mut Args, mistakes: &mut Mistakes) -> Vec<Ident> {
    let Some(value) = args.take_value(name, "BAN_MEMBERS | KICK_MEMBERS", mistakes) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    flags(&value, &mut found, mistakes);
    found
}

fn flags(value: &Expr, found: &mut Vec<Ident>, mistakes: &mut Mistakes) {
    match value {
        Expr::Binary(ExprBinary {
            left,
            op: BinOp::BitOr(_),
            right,
            ..
        }) => {
            flags(left, found, mistakes);
            flags(right, found, mistakes);
        }
        Expr::Path(path) if path.path.get_ident().is_some() => {
            found.extend(path.path.get_ident().cloned());
        }
        other => mistakes.at(
            other,
            "not the name of a permission: write names such as `BAN_MEMBERS | KICK_MEMBERS`",
        ),
    }
}

fn needed(cordial: &Cordial, method: &str, permissions: &[Ident]) -> Option<TokenStream> {
    let first = permissions.first()?;
    let method = Ident::new(method, span_of(first));
    let named = permissions.iter().map(|name| {
        let all = cordial.private_at(span_of(name), "Permissions");
        quote_spanned!(span_of(name)=> #all::#name)
    });
    Some(quote!(.#method(#(#named)|*)))
}

fn put_off(text: &LitStr, mistakes: &mut Mistakes) -> Option<Ident> {
    let name = match text.value().as_str() {
        "public" => "Public",
        "ephemeral" => "Ephemeral",
        "never" => "Never",
        _ => {
            mistakes.at(
                text,
                "not a way to defer: `\"public\"` shows the deferral to everybody, `\"ephemeral\"` \
                 only to the user, and `\"never\"` leaves it to the handler",
            );
            return None;
        }
    };
    Some(Ident::new(name, span_of(text)))
}
