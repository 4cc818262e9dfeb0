//! How much the cache holds.

/// How much the cache holds of one resource at the moment of the call.
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

    /// Returns the [name](crate::cache::Resource::name) of the resource, such as `members`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns how many entries the cache holds.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Returns about how many bytes of memory they take.
    ///
    /// The large parts are counted, small or rare ones are not. Snapshots that handlers hold no longer count
    /// once they are replaced.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}
