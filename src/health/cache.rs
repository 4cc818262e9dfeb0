//! How much the cache holds.

/// How much the cache holds of one resource, at the moment it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheUsage {
    name: &'static str,
    entries: usize,
    bytes: usize,
}

impl CacheUsage {
    pub(crate) fn new(name: &'static str, entries: usize, bytes: usize) -> Self {
        Self {
            name,
            entries,
            bytes,
        }
    }

    /// Returns what it is of, such as `members`: the [name](crate::cache::Resource::name) of the resource.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns how many are kept.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Returns how many bytes of memory they have, about: what is large of them is counted, and what is
    /// small or rare is not. Snapshots that handlers hold on to are not counted once they are replaced.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}
