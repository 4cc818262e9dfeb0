//! How many files, and so connections, this process may have open.

/// Lets the process have as many as the system lets it have: what it may have by itself is often a
/// thousand, of which each call that waits needs two.
pub(crate) fn allow_many() {
    // Where that is not allowed, there are as many as there are.
    drop(rlimit::increase_nofile_limit(u64::MAX));
}

/// Returns how many there may be, if there is a limit.
#[cfg(unix)]
pub(crate) fn limit() -> Option<u64> {
    rlimit::getrlimit(rlimit::Resource::NOFILE)
        .ok()
        .map(|(soft, _)| soft)
}

/// Returns how many there may be, if there is a limit.
#[cfg(not(unix))]
pub(crate) fn limit() -> Option<u64> {
    None
}
