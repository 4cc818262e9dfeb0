//! The storage of one type: snapshots, each replaced as a whole.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::mem::size_of;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::cache::{Bounds, Cacheable};

/// The size of an entry beside its value: its counts, and its places in the tables.
const AROUND: usize = 64;

/// The storage of one type.
///
/// Readers hold the lock only while they clone pointers, and writers only while they insert some. Removed
/// values are dropped outside of it.
pub struct Shelf<T: Cacheable>(RwLock<Inner<T>>);

struct Inner<T: Cacheable> {
    kept: HashMap<T::Key, Slot<T>>,
    by_place: HashMap<T::Place, BTreeSet<T::Key>>,
    /// All keys by age, where there is a bound. Keys are ids, which grow with time.
    by_age: BTreeSet<T::Key>,
    /// About how many bytes the values have.
    bytes: usize,
}

struct Slot<T: Cacheable> {
    place: T::Place,
    value: Arc<T>,
    bytes: usize,
}

impl<T: Cacheable> Default for Shelf<T> {
    fn default() -> Self {
        Self(RwLock::new(Inner {
            kept: HashMap::new(),
            by_place: HashMap::new(),
            by_age: BTreeSet::new(),
            bytes: 0,
        }))
    }
}

impl<T: Cacheable> Shelf<T> {
    /// Returns a value.
    pub(crate) fn get(&self, key: T::Key) -> Option<Arc<T>> {
        let inner = self.read();
        inner.kept.get(&key).map(|slot| Arc::clone(&slot.value))
    }

    /// Returns whether there is a value.
    pub(crate) fn has(&self, key: T::Key) -> bool {
        self.read().kept.contains_key(&key)
    }

    /// Returns whether there are any values in a place.
    pub(crate) fn has_place(&self, place: T::Place) -> bool {
        self.read().by_place.contains_key(&place)
    }

    /// Returns the values in a place, by age.
    pub(crate) fn within(&self, place: T::Place) -> Vec<Arc<T>> {
        let inner = self.read();
        let keys = inner.by_place.get(&place).into_iter().flatten();
        let slots = keys.filter_map(|key| inner.kept.get(key));
        slots.map(|slot| Arc::clone(&slot.value)).collect()
    }

    /// Returns all values.
    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        let inner = self.read();
        let slots = inner.kept.values();
        slots.map(|slot| Arc::clone(&slot.value)).collect()
    }

    /// Returns how many values there are, and about how many bytes they have.
    pub(crate) fn usage(&self) -> (usize, usize) {
        let inner = self.read();
        (inner.kept.len(), inner.bytes)
    }

    /// Inserts a value, and returns the one that it replaced.
    pub(crate) fn put(&self, place: T::Place, key: T::Key, value: Arc<T>) -> Option<Arc<T>> {
        self.write().put(place, key, value)
    }

    /// Inserts a value, and removes the oldest ones that exceed the bounds.
    pub(crate) fn put_within(
        &self,
        bounds: Bounds,
        (place, key): (T::Place, T::Key),
        value: Arc<T>,
    ) -> Option<Arc<T>> {
        let mut inner = self.write();
        let before = inner.put(place, key, value);
        inner.by_age.insert(key);
        let excess = inner.excess(bounds, place);
        drop(inner);
        drop(excess);
        before
    }

    /// Changes a value, if there is one.
    pub(crate) fn edit(&self, key: T::Key, edit: impl FnOnce(&mut T)) {
        let mut inner = self.write();
        let Some(slot) = inner.kept.get(&key) else {
            return;
        };
        let (place, mut value) = (slot.place, T::clone(&slot.value));
        edit(&mut value);
        let before = inner.put(place, key, Arc::new(value));
        drop(inner);
        drop(before);
    }

    /// Removes a value.
    pub(crate) fn take(&self, key: T::Key) -> Option<Arc<T>> {
        self.write().take(key)
    }

    /// Removes all values in a place.
    pub(crate) fn take_all(&self, place: T::Place) {
        let mut inner = self.write();
        let taken = inner.take_all(place);
        drop(inner);
        drop(taken);
    }

    /// Replaces all values in a place.
    pub(crate) fn replace(&self, place: T::Place, with: impl IntoIterator<Item = (T::Key, T)>) {
        let with: Vec<_> = with
            .into_iter()
            .map(|(key, value)| (key, Arc::new(value)))
            .collect();
        let mut inner = self.write();
        let taken = inner.take_all(place);
        for (key, value) in with {
            inner.put(place, key, value);
        }
        drop(inner);
        drop(taken);
    }

    /// Removes the values that satisfy a predicate.
    pub(crate) fn take_where(&self, is_gone: impl Fn(&T::Place, &T) -> bool) {
        let mut inner = self.write();
        let slots = inner.kept.iter();
        let gone = slots.filter(|(_, slot)| is_gone(&slot.place, &slot.value));
        let gone: Vec<_> = gone.map(|(key, _)| *key).collect();
        let taken: Vec<_> = gone.into_iter().map(|key| inner.take(key)).collect();
        drop(inner);
        drop(taken);
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner<T>> {
        // Nothing under the lock panics halfway.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner<T>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Cacheable> Inner<T> {
    fn put(&mut self, place: T::Place, key: T::Key, value: Arc<T>) -> Option<Arc<T>> {
        let before = self.take(key);
        let bytes = AROUND + size_of::<T>() + 2 * size_of::<T::Key>() + value.heap();
        self.bytes += bytes;
        self.by_place.entry(place).or_default().insert(key);
        let slot = Slot {
            place,
            value,
            bytes,
        };
        self.kept.insert(key, slot);
        before
    }

    fn take(&mut self, key: T::Key) -> Option<Arc<T>> {
        let slot = self.kept.remove(&key)?;
        self.bytes -= slot.bytes;
        self.by_age.remove(&key);
        if let Some(keys) = self.by_place.get_mut(&slot.place) {
            keys.remove(&key);
            if keys.is_empty() {
                self.by_place.remove(&slot.place);
            }
        }
        Some(slot.value)
    }

    fn take_all(&mut self, place: T::Place) -> Vec<Arc<T>> {
        let keys = self.by_place.remove(&place).unwrap_or_default();
        keys.into_iter().filter_map(|key| self.take(key)).collect()
    }

    /// Removes the values that exceed the bounds, the oldest first.
    fn excess(&mut self, bounds: Bounds, place: T::Place) -> Vec<Arc<T>> {
        let mut excess = Vec::new();
        while let Some(keys) = self.by_place.get(&place)
            && keys.len() > bounds.per_place
            && let Some(oldest) = keys.first().copied()
        {
            excess.extend(self.take(oldest));
        }
        while self.kept.len() > bounds.in_all
            && let Some(oldest) = self.by_age.first().copied()
        {
            excess.extend(self.take(oldest));
        }
        excess
    }
}

impl<T: Cacheable> fmt::Debug for Shelf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what people wrote.
        let (entries, bytes) = self.usage();
        f.debug_struct("Shelf")
            .field("of", &T::RESOURCE)
            .field("entries", &entries)
            .field("bytes", &bytes)
            .finish_non_exhaustive()
    }
}
