//! Custom ids: the handler of a component, its version, and the state.
//!
//! ```text
//! ~ base64(key, version, checksum, state)
//!          │    │        │         └ the state's bytes, at most 63
//!          │    │        └ five bytes: a hash of everything, and of the shape of the state
//!          │    └ one byte
//!          └ five bytes: a hash of the handler's kind and name
//! ```
//!
//! Custom ids that are not from cordial start differently. The checksum detects ids that were damaged,
//! cut off or made for other types; it is no signature. Discord sends a bot only the custom ids of its
//! own messages, and of those that webhooks of its application sent.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use twilight_model::channel::message::Component;

use crate::answer::Modal;
use crate::component::{Carry, Fit, Reader};
use crate::exception::{OutdatedComponent, StateTooLong, UnknownComponent, UnreadableComponent};
use crate::failure::{IntoFailure, Result};

/// The most characters that a custom id may have. (Discord: Components, Custom ID.)
const LONGEST: usize = 100;
const MARK: char = '~';
/// The bytes of the key, and of the checksum.
const HASH: usize = 5;
/// The most bytes of state that fit.
const MOST: usize = (LONGEST - 1) * 6 / 8 - HASH - 1 - HASH;

/// A custom id that a handler made, for a component or a modal.
#[derive(Clone, PartialEq, Eq, Hash)]
#[must_use = "it does nothing until a component has it"]
pub struct CustomId(pub(crate) String);

impl CustomId {
    /// Creates a custom id that belongs to no `#[component]` function, of at most 100 characters.
    ///
    /// It is for handlers that [wait](crate::Context::wait_for_component) for the component to be used.
    /// For components that must work after a restart, use a `#[component]` function.
    pub fn unrouted(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<CustomId> for String {
    fn from(id: CustomId) -> Self {
        id.0
    }
}

impl fmt::Debug for CustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the state, which may hold what somebody wrote.
        f.write_str("CustomId(..)")
    }
}

/// The address of a handler in its custom ids: kind, name and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomIdRoute {
    name: &'static str,
    key: Key,
    version: u8,
}

/// The hash of a handler's kind and name, as its custom ids hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; HASH]);

impl Key {
    /// Returns the key in a custom id, if it is one of cordial's.
    pub(crate) fn of(id: &str) -> Option<Self> {
        let bytes = bytes_of(id)?;
        bytes.first_chunk().copied().map(Self)
    }
}

impl CustomIdRoute {
    /// Creates the route of a component's handler.
    #[must_use]
    pub const fn component(name: &'static str, version: u8) -> Self {
        Self::of(b"component", name, version)
    }

    /// Creates the route of a modal's handler.
    #[must_use]
    pub const fn modal(name: &'static str, version: u8) -> Self {
        Self::of(b"modal", name, version)
    }

    const fn of(kind: &[u8], name: &'static str, version: u8) -> Self {
        let key = Key(finished(mix(mix(1, kind), name.as_bytes())));
        Self { name, key, version }
    }

    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    pub(crate) fn key(self) -> Key {
        self.key
    }

    /// Creates a custom id with a state.
    ///
    /// # Errors
    ///
    /// [`StateTooLong`] if the state does not fit. A state whose types have a largest size always fits,
    /// and gives no `Result`.
    pub fn id<S: Carry>(self, state: &S) -> <S::Fit as Fit>::Made<CustomId> {
        S::Fit::made(self.try_id(state))
    }

    /// Creates a modal with a state, for generated code.
    ///
    /// # Errors
    ///
    /// As [`id`](Self::id).
    #[doc(hidden)]
    pub fn modal_with<S: Carry>(
        self,
        state: &S,
        title: &str,
        fields: Vec<Component>,
    ) -> <S::Fit as Fit>::Made<Modal> {
        let made = self.try_id(state).map(|id| id.modal(title));
        S::Fit::made(made.map(|modal| fields.into_iter().fold(modal, Modal::component)))
    }

    fn try_id<S: Carry>(self, state: &S) -> Result<CustomId, StateTooLong> {
        let mut bytes = Vec::new();
        state.write(&mut bytes);
        if bytes.len() > MOST {
            return Err(StateTooLong::new(bytes.len(), MOST));
        }
        Ok(self.written(&bytes, S::shape()))
    }

    fn written(self, state: &[u8], shape: u64) -> CustomId {
        let checksum = self.checksum(state, shape);
        let bytes = [&self.key.0[..], &[self.version], &checksum, state].concat();
        let mut id = String::with_capacity(LONGEST);
        id.push(MARK);
        BASE64.encode_string(bytes, &mut id);
        CustomId(id)
    }

    /// Reads the state in a custom id.
    ///
    /// # Errors
    ///
    /// [`UnknownComponent`] if another handler made it, [`OutdatedComponent`] if another version did,
    /// and [`UnreadableComponent`] if it is damaged or its state has other types.
    #[track_caller]
    pub fn state<S: Carry>(self, id: &str) -> Result<S> {
        // Not a closure, in which the caller would be unknown.
        match self.read(id) {
            Ok(state) => Ok(state),
            Err(failure) => Err(failure.at_caller()),
        }
    }

    pub(crate) fn read<S: Carry>(self, id: &str) -> Result<S> {
        let unknown = || UnknownComponent::new().into_failure();
        let damaged = |problem| UnreadableComponent::new(problem).into_failure();
        let bytes = bytes_of(id).ok_or_else(unknown)?;
        let mut reader = Reader(&bytes);
        if reader.take(HASH) != Some(&self.key.0) {
            return Err(unknown());
        }
        let version = reader.byte().ok_or_else(|| damaged("it is cut off"))?;
        if version != self.version {
            return Err(OutdatedComponent::new(version, self.version).into_failure());
        }
        let checksum = reader.take(HASH).ok_or_else(|| damaged("it is cut off"))?;
        if checksum != self.checksum(reader.0, S::shape()) {
            return Err(damaged(
                "its checksum is wrong, or its state is of other types",
            ));
        }
        let state = S::read(&mut reader);
        let state = state.filter(|_| reader.0.is_empty());
        state.ok_or_else(|| damaged("its state cannot be read"))
    }

    fn checksum(self, state: &[u8], shape: u64) -> [u8; HASH] {
        let hash = mix(mix(1, &self.key.0), &[self.version]);
        finished(mix(mix(hash, &shape.to_le_bytes()), state))
    }
}

fn bytes_of(id: &str) -> Option<Vec<u8>> {
    BASE64.decode(id.strip_prefix(MARK)?).ok()
}

/// Asserts at compile time that a state fits into a custom id.
///
/// # Panics
///
/// Panics if it does not.
pub const fn assert_fits<S: Carry>() {
    assert!(
        S::MOST <= MOST,
        "the state does not fit into a custom id, which holds at most 63 bytes: store long values \
         elsewhere, and carry their keys"
    );
}

/// Adds bytes to a hash. (FNV-1a, 64 bits.)
pub(crate) const fn mix(hash: u64, bytes: &[u8]) -> u64 {
    let mut hash = hash ^ 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    // What follows must not be mistaken for more of the same.
    (hash ^ bytes.len() as u64).wrapping_mul(0x0100_0000_01b3)
}

/// Returns the bytes of a hash, each of which depends on all of it. (The end of `MurmurHash3`.)
const fn finished(hash: u64) -> [u8; HASH] {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    let bytes = (hash ^ (hash >> 33)).to_be_bytes();
    let (front, _) = bytes.split_at(HASH);
    match front.first_chunk() {
        Some(front) => *front,
        None => unreachable!(),
    }
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;
    use twilight_model::id::marker::UserMarker;

    use super::*;

    const ROUTE: CustomIdRoute = CustomIdRoute::component("skip", 1);

    #[test]
    fn a_state_is_read_as_it_was_written() {
        type State = (Id<UserMarker>, Option<i64>, bool, String, Vec<u16>);
        let state: State = (Id::new(7), Some(-3), true, "grün".to_owned(), vec![1, 500]);

        let id = ROUTE.id(&state).expect("it fits");

        assert!(id.as_str().len() <= LONGEST);
        assert_eq!(
            ROUTE.state::<State>(id.as_str()).expect("it is whole"),
            state
        );
    }

    #[test]
    fn as_much_as_fits_is_taken_and_no_more() {
        let fits = ROUTE.id(&"x".repeat(MOST - 1)).expect("it fits");
        let too_long = ROUTE.id(&"x".repeat(MOST)).expect_err("it does not");

        assert_eq!(fits.as_str().len(), LONGEST);
        assert_eq!(too_long.length(), MOST + 1);
    }

    #[test]
    fn what_another_version_or_shape_made_is_told_apart() {
        let id = ROUTE.id(&(7u32, 8u32));
        let newer = CustomIdRoute::component("skip", 2);
        let other = CustomIdRoute::component("stop", 1);

        let outdated = newer.state::<(u32, u32)>(id.as_str()).expect_err("older");
        let reshaped = ROUTE.state::<u64>(id.as_str()).expect_err("of other types");
        let foreign = other
            .state::<(u32, u32)>(id.as_str())
            .expect_err("of another");

        assert!(outdated.is::<OutdatedComponent>());
        assert!(reshaped.is::<UnreadableComponent>());
        assert!(foreign.is::<UnknownComponent>());
    }

    #[test]
    fn what_looks_almost_like_an_id_is_none() {
        for text in [
            "",
            "~",
            "~AAAAA",
            "~ÄÄÄÄÄÄ",
            "queue:skip",
            "~AAAAAA",
            "~AAAAAAB",
            "💥",
        ] {
            assert!(ROUTE.state::<()>(text).is_err(), "{text}");
        }
    }
}
