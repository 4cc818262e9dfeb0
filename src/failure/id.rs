//! The short identifier of a failure.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Identifies a failure in the log and in messages to users: eight letters and digits.
///
/// No two failures of a process have the same id; failures of two processes very rarely do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FailureId(u64);

/// Eight symbols of five bits.
const BITS: u32 = 40;
const MASK: u64 = (1 << BITS) - 1;
/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl FailureId {
    pub(crate) fn next() -> Self {
        static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one("cordial"));
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self::scramble(COUNT.fetch_add(1, Ordering::Relaxed).wrapping_add(*SEED))
    }

    /// Makes neighbours look unalike. Each step can be undone, so no two numbers meet.
    fn scramble(number: u64) -> Self {
        let mut bits = number & MASK;
        bits = bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) & MASK;
        bits ^= bits >> (BITS / 2);
        bits = bits.wrapping_mul(0xD6E8_FEB8_6659_FD93) & MASK;
        Self(bits ^ (bits >> (BITS / 2)))
    }
}

impl fmt::Display for FailureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..BITS / 5).rev().try_for_each(|symbol| {
            let index = (self.0 >> (symbol * 5)) & 31;
            let letter = usize::try_from(index).map_or(b'0', |index| ALPHABET[index]);
            write!(f, "{}", char::from(letter))
        })
    }
}

impl fmt::Debug for FailureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_eight_symbols_and_never_the_same() {
        let ids: HashSet<_> = (0..100_000)
            .map(|_| FailureId::next().to_string())
            .collect();

        assert_eq!(ids.len(), 100_000);
        assert!(ids.iter().all(|id| id.len() == 8));
    }
}
