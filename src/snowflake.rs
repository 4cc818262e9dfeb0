//! The times that ids hold.
//!
//! Discord's ids contain the time of their creation, in milliseconds. (Discord: Reference, Snowflakes.)

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use twilight_model::id::Id;

/// When ids begin to count, in milliseconds since 1970.
pub(crate) const EPOCH: u64 = 1_420_070_400_000;
/// The most milliseconds that an id can hold.
const MOST: u64 = u64::MAX >> 22;

/// Returns when something was created, by its id.
///
/// This works for messages, users, guilds, and anything else with an id from Discord.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::snowflake;
///
/// #[command]
/// /// Say how old your account is.
/// async fn age(ctx: &CommandContext, author: AuthorId) -> Result<()> {
///     let days = snowflake::made_at(author.0).elapsed()?.as_secs() / 86_400;
///     ctx.reply(format!("{days} days")).await?;
///     Ok(())
/// }
/// ```
#[must_use]
pub fn made_at<T>(id: Id<T>) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(made(id.get()))
}

/// Returns the smallest id that something created at a time can have.
///
/// The time is rounded down to milliseconds. Anything with a smaller id was created before.
///
/// There were no ids before 2015: for an earlier time this is the first id.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use cordial::prelude::*;
/// use cordial::snowflake;
///
/// let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
/// let first: Id<MessageMarker> = snowflake::first_id(hour_ago);
///
/// assert!(snowflake::made_at(first) <= hour_ago);
/// ```
#[must_use]
pub fn first_id<T>(time: SystemTime) -> Id<T> {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    let count = millis.saturating_sub(EPOCH).min(MOST);
    Id::new((count << 22).max(1))
}

/// Returns when an id was created, in milliseconds since 1970.
pub(crate) fn made(id: u64) -> u64 {
    (id >> 22) + EPOCH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use twilight_model::id::marker::MessageMarker;

    use super::*;

    #[test]
    fn the_id_of_discords_own_example_says_when_it_was_made() {
        let id = Id::<MessageMarker>::new(175_928_847_299_117_063);

        let since = made_at(id).duration_since(UNIX_EPOCH).unwrap();

        assert_eq!(since, Duration::from_millis(1_462_015_105_796));
    }

    #[test]
    fn times_that_no_id_has_give_the_nearest() {
        let first: Id<MessageMarker> = first_id(UNIX_EPOCH);
        let before_1970: Id<MessageMarker> = first_id(UNIX_EPOCH - Duration::from_secs(1));
        let far = UNIX_EPOCH + Duration::from_secs(1 << 40);
        let last: Id<MessageMarker> = first_id(far);

        assert_eq!((first.get(), before_1970.get()), (1, 1));
        assert!(made_at(last) < far);
    }

    proptest! {
        #[test]
        fn the_first_id_of_the_time_of_an_id_is_not_after_it(id in 1_u64..) {
            let id = Id::<MessageMarker>::new(id);

            let first: Id<MessageMarker> = first_id(made_at(id));

            prop_assert!(first <= id);
            prop_assert_eq!(made_at(first), made_at(id));
        }
    }
}
