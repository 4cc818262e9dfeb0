//! From a view to code.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Ident, Lifetime};

use crate::paths::span_of;
use crate::view::model::{Absence, Field, Form, View};
use crate::view::parse::parse;

/// Writes how a view is read, and what it is a view of, or what is wrong.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    match parse(&item) {
        Ok(view) => {
            let viewed = viewed(&view);
            let of_event = of_event(&view);
            quote!(#viewed #of_event)
        }
        Err(refused) => refused.mistakes.to_compile_error(),
    }
}

/// Writes how it is read from the fields of an object.
fn viewed(view: &View) -> TokenStream {
    let View {
        cordial,
        name,
        lifetime,
        fields,
        ..
    } = view;
    let (trait_, fields_of, access) = (
        cordial.private("Viewed"),
        cordial.private("ViewFields"),
        cordial.private("MapAccess"),
    );
    let generics = lifetime.as_ref().map(|lifetime| quote!(<#lifetime>));
    let own = Lifetime::new("'__cordial", Span::call_site());
    let lifetime = lifetime.as_ref().unwrap_or(&own);
    let count = fields.len();
    let variables: Vec<_> = (0..count).map(variable).collect();
    let types = fields.iter().map(|field| &field.ty);
    let names = fields.iter().map(|field| &field.name);
    let read = fields.iter().map(read);
    let idents = fields.iter().map(|field| &field.ident);
    let found = variables.iter().zip(fields).map(found);
    quote! {
        #[automatically_derived]
        impl<#lifetime> #trait_<#lifetime> for #name #generics {
            fn read<__A: #access<#lifetime>>(
                __cordial_fields: &mut #fields_of<#lifetime, __A>,
            ) -> ::core::result::Result<Self, __A::Error> {
                let mut __cordial_left: usize = #count;
                #(let mut #variables: ::core::option::Option<#types> = ::core::option::Option::None;)*
                while __cordial_left > 0 {
                    let ::core::option::Option::Some(__cordial_name) = __cordial_fields.next_name()? else {
                        break;
                    };
                    match &*__cordial_name {
                        #(#names => {
                            if #variables.is_none() {
                                __cordial_left -= 1;
                            }
                            #variables = ::core::option::Option::Some(#read);
                        })*
                        _ => __cordial_fields.skip()?,
                    }
                }
                ::core::result::Result::Ok(Self { #(#idents: #found),* })
            }
        }
    }
}

fn variable(index: usize) -> Ident {
    Ident::new(&format!("__cordial_field_{index}"), Span::call_site())
}

fn read(field: &Field) -> TokenStream {
    let is_optional = field.absence == Absence::None;
    let method = match (field.form, is_optional) {
        (Form::Text, false) => "text",
        (Form::Text, true) => "optional_text",
        (Form::Part, false) => "part",
        (Form::Part, true) => "optional_part",
        (Form::Value, _) => "value",
    };
    // What is wrong with a type is shown where it stands.
    let span = span_of(&field.ty);
    let method = Ident::new(method, span);
    quote_spanned!(span=> __cordial_fields.#method()?)
}

fn found((variable, field): (&Ident, &Field)) -> TokenStream {
    let name = &field.name;
    match field.absence {
        Absence::Refused => quote!(__cordial_fields.found(#variable, #name)?),
        Absence::None => quote!(#variable.flatten()),
        Absence::Default => {
            let default =
                quote_spanned!(span_of(&field.ty)=> ::core::option::Option::unwrap_or_default);
            quote!(#default(#variable))
        }
    }
}

/// Writes which event it is a view of, if it is.
fn of_event(view: &View) -> Option<TokenStream> {
    let View {
        cordial,
        name,
        lifetime,
        ..
    } = view;
    let of = view.of.as_ref()?;
    let (trait_, checked) = (
        cordial.private("EventView"),
        cordial.private_at(span_of(of), "assert_viewable"),
    );
    let text = name.to_string();
    let (own, at) = match lifetime {
        Some(_) => (quote!(<'static>), quote!(<'__cordial>)),
        None => (TokenStream::new(), TokenStream::new()),
    };
    let payload = lifetime.is_none().then(|| payload(view));
    let check = quote_spanned!(span_of(of)=> const _: () = #checked::<#of>(););
    Some(quote! {
        #check

        #[automatically_derived]
        impl #trait_ for #name #own {
            const NAME: &'static str = #text;

            type Of = #of;

            type At<'__cordial> = #name #at;
        }

        #payload
    })
}

/// Writes that it is an event, since it borrows nothing.
fn payload(view: &View) -> TokenStream {
    let View { cordial, name, .. } = view;
    let of = &view.of;
    let [
        payload,
        kinds,
        intents,
        occurrence,
        part,
        presence,
        seen,
        read,
    ] = [
        "EventPayload",
        "EventKinds",
        "Intents",
        "Occurrence",
        "Part",
        "Presence",
        "View",
        "read_view",
    ]
    .map(|item| cordial.private(item));
    let result = cordial.private("JsonResult");
    let text = name.to_string();
    quote! {
        #[automatically_derived]
        impl #payload for #name {
            const NAME: &'static str = #text;
            const IS_VIEW: bool = true;

            fn kinds() -> #kinds {
                <#of as #payload>::kinds()
            }

            fn intents() -> #intents {
                <#of as #payload>::intents()
            }

            fn matches(_: &#occurrence) -> bool {
                true
            }

            fn view(occurrence: &#occurrence) -> ::core::option::Option<#seen<'_, Self>> {
                ::core::result::Result::ok(#read::<Self>(occurrence)?)
            }

            fn read(occurrence: &#occurrence) -> ::core::option::Option<#result<#seen<'_, Self>>> {
                #read::<Self>(occurrence)
            }

            fn carries(part: #part) -> #presence {
                <#of as #payload>::carries(part)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_mistake, assert_mistakes, has, mistakes};

    #[test]
    fn text_is_borrowed_and_everything_else_is_read_by_serde() {
        let written = expand(quote! {
            #[view(MessageCreate)]
            struct Said<'a> {
                content: &'a str,
                #[view(name = "type")]
                kind: u8,
                nonce: Option<&'a str>,
                #[view(part)]
                author: Speaker<'a>,
                #[view(default)]
                tts: bool,
            }
        });

        assert_eq!(mistakes(&written), Vec::<String>::new());
        for part in [
            quote!(Viewed<'a> for Said<'a>),
            quote!("type" =>),
            quote!(__cordial_fields.text()?),
            quote!(__cordial_fields.optional_text()?),
            quote!(__cordial_fields.part()?),
            quote!(__cordial_fields.value()?),
            quote!(unwrap_or_default(__cordial_field_4)),
            quote!(EventView for Said<'static>),
            quote!(
                type Of = MessageCreate;
            ),
        ] {
            assert!(has(&written, &part), "{part} in {written}");
        }
    }

    #[test]
    fn what_borrows_nothing_is_an_event() {
        let written = expand(quote! {
            #[view(MessageCreate)]
            struct Said { content: String }
        });

        assert_eq!(mistakes(&written), Vec::<String>::new());
        assert!(has(&written, &quote!(EventPayload for Said)), "{written}");
    }

    #[test]
    fn a_part_of_a_view_is_a_view_of_no_event() {
        let written = expand(quote! {
            #[view(part)]
            struct Speaker<'a> { username: &'a str }
        });

        assert_eq!(mistakes(&written), Vec::<String>::new());
        assert!(!has(&written, &quote!(EventView for)), "{written}");
    }

    #[test]
    fn what_is_no_view_is_told() {
        for (item, words) in [
            ("struct Said { content: String }", "a view needs its event"),
            ("#[view(A)] enum Said { A }", "a view must be a struct"),
            ("#[view(A)] struct Said(String);", "named fields"),
            ("#[view(A)] struct Said {}", "nothing to read"),
            (
                "#[view(A, B)] struct Said { a: u8 }",
                "a view has one event",
            ),
            ("#[view(A)] struct Said<T> { a: T }", "cannot be generic"),
            (
                "#[view(A)] struct Said<'a> { a: &'a [u8] }",
                "can borrow only text",
            ),
        ] {
            let item = item.parse().expect("tokens");
            assert_mistake(&expand(item), words);
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let written = expand(quote! {
            #[view(A)]
            struct Said<'a, 'b> {
                #[view(rename = "b")]
                a: &'a str,
                #[view(default)]
                b: Option<&'b str>,
            }
        });

        assert_mistakes(
            &written,
            &["at most one lifetime", "`rename`", "remove `default`"],
        );
    }
}
