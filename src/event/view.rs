//! Parts of events, parsed straight from their text.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::event::GatewayPayload;

/// A part of an event, which a listener takes instead of the whole.
///
/// A struct declares the fields that it wants, and cordial parses only those; twilight's whole model takes
/// several times as long. Text is borrowed from what the gateway sent. Each listener parses its own view.
/// Other things that a handler does, such as [`Context::reply`](crate::Context::reply) or an extractor, may
/// parse the whole event, once.
///
/// A field has Discord's name for it, or gives that name with `#[view(name = "..")]`. Its type is `&str`, a
/// type that serde can deserialize, or an `Option` of these for a field that may be absent. With
/// `#[view(part)]` it is another struct that derives `EventView` as a `#[view(part)]`. `#[view(default)]`
/// lets any field be absent.
///
/// As in the whole event, the text of messages is blank unless the bot asks for it: with
/// [`Content`](crate::extract::Content) as a further argument, or
/// [`intents(Intents::MESSAGE_CONTENT)`](crate::BotBuilder::intents).
///
/// If an event has another form than the view expects, the listener fails with a
/// [`MalformedEvent`](crate::exception::MalformedEvent). There are no views of interactions, because they contain
/// tokens.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::twilight::model::id::Id;
/// use cordial::twilight::model::id::marker::{ChannelMarker, GuildMarker};
///
/// #[derive(EventView)]
/// #[view(MessageCreate)]
/// struct Said<'a> {
///     content: &'a str,
///     channel_id: Id<ChannelMarker>,
///     guild_id: Option<Id<GuildMarker>>,
///     #[view(part)]
///     author: Speaker<'a>,
/// }
///
/// #[derive(EventView)]
/// #[view(part)]
/// struct Speaker<'a> {
///     username: &'a str,
///     #[view(default)]
///     bot: bool,
/// }
///
/// #[listener]
/// async fn listens(_: &Context, said: &Said<'_>) {
///     if !said.author.bot {
///         tracing::debug!(length = said.content.len(), "somebody said something");
///     }
/// }
///
/// let bot = Bot::builder().add(handlers![listens]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view of an event",
    label = "not a view",
    note = "derive `EventView`: `#[derive(EventView)] #[view(MessageCreate)] struct Said<'a> {{ content: &'a str }}`"
)]
pub trait EventView: Sized + 'static {
    /// The name of the view.
    const NAME: &'static str;

    /// The event of which it is a part.
    type Of: GatewayPayload;

    /// The view, as it borrows from the text of an event.
    type At<'e>: Viewed<'e>;
}

/// What is read of an object, for generated code.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a view",
    note = "the type of a field with `#[view(part)]` is a struct that has `#[derive(EventView)] #[view(part)]`"
)]
pub trait Viewed<'e>: Sized + Send + Sync {
    /// Reads it from the fields of an object. What is not asked for may be left.
    ///
    /// # Errors
    ///
    /// Why that cannot be.
    fn read<A: MapAccess<'e>>(fields: &mut Fields<'e, A>) -> Result<Self, A::Error>;
}

/// The fields of an object, one after the other, for generated code.
#[doc(hidden)]
#[expect(missing_debug_implementations, reason = "nobody holds one")]
pub struct Fields<'e, A> {
    object: A,
    shelf: &'e Shelf,
}

impl<'e, A: MapAccess<'e>> Fields<'e, A> {
    /// Returns the name of the next field.
    ///
    /// # Errors
    ///
    /// That it cannot be read, as with all of these.
    pub fn next_name(&mut self) -> Result<Option<Cow<'e, str>>, A::Error> {
        self.object.next_key_seed(Name)
    }

    /// Reads its value.
    ///
    /// # Errors
    ///
    /// That it is another.
    pub fn value<T: Deserialize<'e>>(&mut self) -> Result<T, A::Error> {
        self.object.next_value()
    }

    /// Reads its value, which is text.
    ///
    /// # Errors
    ///
    /// That it is not.
    pub fn text(&mut self) -> Result<&'e str, A::Error> {
        self.object.next_value_seed(Text(self.shelf))
    }

    /// Reads its value, which is text or nothing.
    ///
    /// # Errors
    ///
    /// That it is neither.
    pub fn optional_text(&mut self) -> Result<Option<&'e str>, A::Error> {
        self.object.next_value_seed(Optional(Text(self.shelf)))
    }

    /// Reads its value, which is another object.
    ///
    /// # Errors
    ///
    /// That it is not, or not of the form that is expected.
    pub fn part<T: Viewed<'e>>(&mut self) -> Result<T, A::Error> {
        self.object.next_value_seed(Part::new(self.shelf))
    }

    /// Reads its value, which is another object or nothing.
    ///
    /// # Errors
    ///
    /// That it is neither.
    pub fn optional_part<T: Viewed<'e>>(&mut self) -> Result<Option<T>, A::Error> {
        self.object.next_value_seed(Optional(Part::new(self.shelf)))
    }

    /// Goes on to the next.
    ///
    /// # Errors
    ///
    /// That the value cannot be read.
    pub fn skip(&mut self) -> Result<(), A::Error> {
        self.object.next_value::<IgnoredAny>().map(drop)
    }

    /// Returns what was found.
    ///
    /// # Errors
    ///
    /// That it was not.
    pub fn found<T>(&self, found: Option<T>, name: &'static str) -> Result<T, A::Error> {
        found.ok_or_else(|| A::Error::missing_field(name))
    }
}

/// Reads a part of an event from its data. What stands behind the last field that is asked for is not
/// looked at.
pub(crate) fn view<'e, T: Viewed<'e>>(data: &'e str, shelf: &'e Shelf) -> serde_json::Result<T> {
    let mut read = None;
    let reading = First {
        read: &mut read,
        shelf,
    };
    let ended = serde_json::Deserializer::from_str(data).deserialize_map(reading);
    match (read, ended) {
        (Some(read), _) => Ok(read),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(serde_json::Error::custom("nothing was read")),
    }
}

/// Reads an object as far as it is asked for.
struct First<'r, 'e, T> {
    read: &'r mut Option<T>,
    shelf: &'e Shelf,
}

impl<'e, T: Viewed<'e>> Visitor<'e> for First<'_, 'e, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the data of an event")
    }

    fn visit_map<A: MapAccess<'e>>(self, object: A) -> Result<(), A::Error> {
        let mut fields = Fields {
            object,
            shelf: self.shelf,
        };
        *self.read = Some(T::read(&mut fields)?);
        Ok(())
    }
}

/// Reads an object to its end.
struct Part<'e, T>(&'e Shelf, PhantomData<fn() -> T>);

impl<'e, T> Part<'e, T> {
    fn new(shelf: &'e Shelf) -> Self {
        Self(shelf, PhantomData)
    }
}

impl<'e, T: Viewed<'e>> DeserializeSeed<'e> for Part<'e, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'e>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'e, T: Viewed<'e>> Visitor<'e> for Part<'e, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of an event")
    }

    fn visit_map<A: MapAccess<'e>>(self, object: A) -> Result<T, A::Error> {
        let mut fields = Fields {
            object,
            shelf: self.0,
        };
        let read = T::read(&mut fields)?;
        while fields.next_name()?.is_some() {
            fields.skip()?;
        }
        Ok(read)
    }
}

/// Reads text, borrowed where it stands as it is meant.
struct Text<'e>(&'e Shelf);

impl<'e> DeserializeSeed<'e> for Text<'e> {
    type Value = &'e str;

    fn deserialize<D: Deserializer<'e>>(self, deserializer: D) -> Result<&'e str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'e> Visitor<'e> for Text<'e> {
    type Value = &'e str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'e str) -> Result<&'e str, E> {
        Ok(text)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<&'e str, E> {
        Ok(self.0.keep(text.to_owned()))
    }
}

/// Reads what may be null.
struct Optional<S>(S);

impl<'e, S: DeserializeSeed<'e>> DeserializeSeed<'e> for Optional<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'e>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'e, S: DeserializeSeed<'e>> Visitor<'e> for Optional<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'e>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

/// Reads the name of a field, borrowed where it stands as it is meant.
pub(crate) struct Name;

impl<'e> DeserializeSeed<'e> for Name {
    type Value = Cow<'e, str>;

    fn deserialize<D: Deserializer<'e>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'e> Visitor<'e> for Name {
    type Value = Cow<'e, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'e str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// Keeps texts that are written otherwise than they are meant, with escapes, for as long as it is there.
#[derive(Default)]
pub(crate) struct Shelf(OnceLock<Box<(String, Self)>>);

impl Shelf {
    fn keep(&self, text: String) -> &str {
        let mut place = self;
        let mut text = Some(text);
        loop {
            let kept = place
                .0
                .get_or_init(|| Box::new((text.take().unwrap_or_default(), Self::default())));
            if text.is_none() {
                return &kept.0;
            }
            place = &kept.1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a derive would write.
    #[derive(Debug, PartialEq)]
    struct Said<'a> {
        content: &'a str,
        nick: Option<&'a str>,
    }

    impl<'e> Viewed<'e> for Said<'e> {
        fn read<A: MapAccess<'e>>(fields: &mut Fields<'e, A>) -> Result<Self, A::Error> {
            let (mut content, mut nick) = (None, None);
            while content.is_none() || nick.is_none() {
                let Some(name) = fields.next_name()? else {
                    break;
                };
                match &*name {
                    "content" => content = Some(fields.text()?),
                    "nick" => nick = Some(fields.optional_text()?),
                    _ => fields.skip()?,
                }
            }
            Ok(Self {
                content: fields.found(content, "content")?,
                nick: nick.flatten(),
            })
        }
    }

    #[test]
    fn text_is_borrowed_and_with_escapes_it_is_kept() {
        let shelf = Shelf::default();
        let plain = r#"{"x":[1],"nick":"an","content":"hello"}"#;
        let escaped = r#"{"content":"two\nlines","nick":"\u00e9"}"#;

        let [plain, escaped] = [plain, escaped].map(|data| view::<Said<'_>>(data, &shelf));

        let nick = Some("an");
        let content = "hello";
        assert_eq!(plain.unwrap(), Said { content, nick });
        let nick = Some("é");
        let content = "two\nlines";
        assert_eq!(escaped.unwrap(), Said { content, nick });
    }

    #[test]
    fn what_may_be_absent_may_be_null() {
        let shelf = Shelf::default();
        for data in [r#"{"content":"a"}"#, r#"{"nick":null,"content":"a"}"#] {
            let said: Said<'_> = view(data, &shelf).unwrap();

            assert_eq!(said.nick, None);
        }
    }

    #[test]
    fn what_is_of_another_form_is_refused() {
        let shelf = Shelf::default();
        for data in [
            r#"{"nick":null}"#,
            r#"{"content":null,"nick":null}"#,
            r#"{"content":1}"#,
            "[]",
            "{",
        ] {
            assert!(view::<Said<'_>>(data, &shelf).is_err(), "{data}");
        }
    }
}
