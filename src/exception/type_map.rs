//! A map keyed by type. A `TypeId` is a hash already, so it is not hashed again.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map from types to values.
pub(crate) type TypeMap<V> = HashMap<TypeId, V, BuildHasherDefault<TypeIdHasher>>;

/// A set of types.
pub(crate) type TypeSet = HashSet<TypeId, BuildHasherDefault<TypeIdHasher>>;

/// Takes the bits of a `TypeId` as the hash.
#[derive(Default)]
pub(crate) struct TypeIdHasher(u64);

impl Hasher for TypeIdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 ^= bits;
    }

    // How a `TypeId` feeds itself to a hasher is the standard library's to change: any other way
    // still makes a usable, if slower, hash.
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}
