//! Structs that are read with a field beside their own.
//!
//! Some of twilight's payloads are another struct and one field more, for which serde has `flatten`: it reads
//! all of an object into a tree of values first, and the struct from that, in twice the time. Here the one
//! field is taken out as it comes.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::event::view::Name;

/// Reads a struct, and a field beside its own if it is there.
///
/// # Errors
///
/// Why that cannot be.
pub(crate) fn read_beside<'de, T, F>(
    data: &'de str,
    name: &'static str,
) -> serde_json::Result<(T, Option<F>)>
where
    T: Deserialize<'de>,
    F: Deserialize<'de>,
{
    let mut found = None;
    let mut object = serde_json::Deserializer::from_str(data);
    let beside = Beside {
        object: &mut object,
        name,
        found: &mut found,
    };
    let read = T::deserialize(beside)?;
    object.end()?;
    Ok((read, found))
}

/// An object with a field beside those of the struct that is read from it.
struct Beside<'f, O, F> {
    object: O,
    name: &'static str,
    found: &'f mut Option<F>,
}

impl<'de, O: Deserializer<'de>, F: Deserialize<'de>> Deserializer<'de> for Beside<'_, O, F> {
    type Error = O::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, O::Error> {
        let Self {
            object,
            name,
            found,
        } = self;
        object.deserialize_map(Beside {
            object: visitor,
            name,
            found,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>, F: Deserialize<'de>> Visitor<'de> for Beside<'_, V, F> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self {
            object,
            name,
            found,
        } = self;
        object.visit_map(Beside {
            object: map,
            name,
            found,
        })
    }
}

impl<'de, A: MapAccess<'de>, F: Deserialize<'de>> MapAccess<'de> for Beside<'_, A, F> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.object.next_key_seed(Name)? {
                None => return Ok(None),
                Some(name) if name == self.name => *self.found = self.object.next_value()?,
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
        self.object.next_value_seed(seed)
    }
}
