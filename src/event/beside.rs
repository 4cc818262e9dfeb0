//! Structs that are read with a field beside their own.
//!
//! Some of twilight's payloads are another struct and one field more, for which serde has `flatten`: it reads
//! all of an object into a tree of values first, and the struct from that, in twice the time. Here the one
//! field is taken out as it comes.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::event::view::Name;

/// Reads a struct, and puts a field beside its own where it is told, if it is there.
///
/// # Errors
///
/// Why that cannot be.
pub(crate) fn read_beside<'de, T, F>(
    data: &'de str,
    name: &'static str,
    found: &mut Option<F>,
) -> serde_json::Result<T>
where
    T: Deserialize<'de>,
    F: Deserialize<'de>,
{
    T::deserialize(Text { data, name, found })
}

/// The text of an object with a field beside those of the struct that is read from it.
struct Text<'de, 'f, F> {
    data: &'de str,
    name: &'static str,
    found: &'f mut Option<F>,
}

/// What visits the object, and where it leaves what it has made of it. (All that is called here would hand
/// that on, and move it each time: a message has 3,500 bytes.)
struct Guest<'f, V, T, F> {
    visitor: V,
    made: &'f mut Option<T>,
    name: &'static str,
    found: &'f mut Option<F>,
}

/// The fields of the object.
struct Beside<'f, A, F> {
    fields: A,
    name: &'static str,
    found: &'f mut Option<F>,
}

impl<'de, F: Deserialize<'de>> Deserializer<'de> for Text<'de, '_, F> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> serde_json::Result<V::Value> {
        let Self { data, name, found } = self;
        let mut made = None;
        let mut object = serde_json::Deserializer::from_str(data);
        object.deserialize_map(Guest {
            visitor,
            made: &mut made,
            name,
            found,
        })?;
        object.end()?;
        made.ok_or_else(|| Error::custom("no object"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>, F: Deserialize<'de>> Visitor<'de> for Guest<'_, V, V::Value, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<(), A::Error> {
        let Self {
            visitor,
            made,
            name,
            found,
        } = self;
        let fields = Beside {
            fields,
            name,
            found,
        };
        *made = Some(visitor.visit_map(fields)?);
        Ok(())
    }
}

impl<'de, A: MapAccess<'de>, F: Deserialize<'de>> MapAccess<'de> for Beside<'_, A, F> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.fields.next_key_seed(Name)? {
                None => return Ok(None),
                Some(name) if name == self.name => *self.found = self.fields.next_value()?,
                Some(Cow::Borrowed(name)) => {
                    let name = BorrowedStrDeserializer::new(name);
                    return seed.deserialize(name).map(Some);
                }
                Some(Cow::Owned(name)) => {
                    let name = StrDeserializer::new(&name);
                    return seed.deserialize(name).map(Some);
                }
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.fields.next_value_seed(seed)
    }
}
