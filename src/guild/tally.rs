//! Which chunks of an answer have come.

use std::collections::HashSet;

use twilight_model::gateway::payload::incoming::MemberChunk;

use crate::guild::GuildTooLarge;

/// The most members in a chunk. Only the last has fewer. (Discord: Gateway Events, Request Guild Members.)
const OF_CHUNK: u64 = 1_000;

/// Which chunks of an answer have come.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How many chunks there are, once one has come.
    count: Option<u32>,
    /// The numbers of the chunks that came.
    came: HashSet<u32>,
    /// How many members came in them.
    members: u64,
}

impl Tally {
    /// Notes a chunk. Returns whether it belongs to the answer and is new.
    ///
    /// # Errors
    ///
    /// [`GuildTooLarge`] if there are more members than allowed.
    pub(crate) fn take(
        &mut self,
        chunk: &MemberChunk,
        most: Option<u64>,
    ) -> Result<bool, GuildTooLarge> {
        let count = *self.count.get_or_insert(chunk.chunk_count.max(1));
        let is_of_it = chunk.chunk_index < count && chunk.chunk_count.max(1) == count;
        if !is_of_it || !self.came.insert(chunk.chunk_index) {
            return Ok(false);
        }
        self.members += chunk.members.len() as u64;
        // All chunks but the last are full, and the last is not empty.
        let full = u64::from(count - 1) * OF_CHUNK;
        let foretold = if full > 0 { full + 1 } else { 0 };
        let at_least = self.members.max(foretold);
        match most.filter(|most| at_least > *most) {
            Some(most) => Err(GuildTooLarge {
                guild: chunk.guild_id,
                at_least,
                most,
            }),
            None => Ok(true),
        }
    }

    /// Returns whether all have come.
    pub(crate) fn is_complete(&self) -> bool {
        self.count.is_some_and(|count| self.came() == count)
    }

    /// Returns how many have come.
    pub(crate) fn came(&self) -> u32 {
        u32::try_from(self.came.len()).unwrap_or(u32::MAX)
    }

    /// Returns how many there are, if any has come.
    pub(crate) fn count(&self) -> Option<u32> {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;

    use super::*;

    fn chunk(index: u32, count: u32) -> MemberChunk {
        MemberChunk {
            chunk_count: count,
            chunk_index: index,
            guild_id: Id::new(1),
            members: Vec::new(),
            nonce: None,
            not_found: Vec::new(),
            presences: Vec::new(),
        }
    }

    #[test]
    fn chunks_come_in_any_order_and_count_once() {
        let mut tally = Tally::default();

        let new = [2, 0, 0, 2, 1].map(|index| tally.take(&chunk(index, 3), None).unwrap());

        assert_eq!(new, [true, true, false, false, true]);
        assert!(tally.is_complete());
    }

    #[test]
    fn a_chunk_that_is_none_of_the_answer_does_not_count() {
        let mut tally = Tally::default();
        tally.take(&chunk(0, 2), None).unwrap();

        for odd in [chunk(2, 2), chunk(1, 3), chunk(u32::MAX, u32::MAX)] {
            assert_eq!(tally.take(&odd, None), Ok(false));
        }

        assert_eq!((tally.came(), tally.count()), (1, Some(2)));
        assert!(!tally.is_complete());
    }

    #[test]
    fn an_answer_of_no_chunks_is_one_of_one() {
        let mut tally = Tally::default();

        assert_eq!(tally.take(&chunk(0, 0), None), Ok(true));

        assert!(tally.is_complete());
    }

    #[test]
    fn the_first_chunk_tells_how_large_a_guild_is() {
        for (count, most, at_least) in [(1, 0, None), (3, 2_001, None), (3, 2_000, Some(2_001))] {
            let taken = Tally::default().take(&chunk(0, count), Some(most));

            assert_eq!(taken.err().map(|large| large.at_least()), at_least);
        }
    }
}
