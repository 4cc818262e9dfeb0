//! The types that are options without conversion.

use std::convert::Infallible;

use twilight_model::application::interaction::InteractionChannel;
use twilight_model::channel::Attachment;
use twilight_model::guild::Role;
use twilight_model::id::Id;
use twilight_model::id::marker::{
    AttachmentMarker, ChannelMarker, GenericMarker, RoleMarker, UserMarker,
};
use twilight_model::user::User;

use crate::command::{FromOption, Member, Mentionable, SlashOption};
use crate::exception::InvalidOption;
use crate::interaction::InteractionContext;

/// Implements it for types that are taken as they are entered.
macro_rules! themselves {
    ($($type:ty),*) => {
        $(impl FromOption for $type {
            type Value = Self;
            type Error = Infallible;

            async fn from_option(value: Self, _: &InteractionContext) -> Result<Self, Infallible> {
                Ok(value)
            }
        })*
    };
}

themselves!(
    String,
    i64,
    f64,
    bool,
    User,
    Member,
    Role,
    InteractionChannel,
    Attachment,
    Mentionable,
    Id<UserMarker>,
    Id<RoleMarker>,
    Id<ChannelMarker>,
    Id<AttachmentMarker>,
    Id<GenericMarker>
);

/// The largest whole number that every client can tell from its neighbours.
const LARGEST: i64 = 9_007_199_254_740_991;

/// Implements it for the other whole numbers, within their bounds.
macro_rules! integers {
    ($($type:ty),*) => {
        $(impl FromOption for $type {
            type Value = i64;
            type Error = InvalidOption;

            async fn from_option(number: i64, _: &InteractionContext) -> Result<Self, InvalidOption> {
                Self::try_from(number).map_err(|_| {
                    let (least, most) = (Self::MIN, Self::MAX);
                    InvalidOption::because(format!("it must be from {least} to {most}"))
                })
            }

            fn describe(option: SlashOption) -> SlashOption {
                let least = i64::try_from(Self::MIN).unwrap_or(-LARGEST).max(-LARGEST);
                let most = i64::try_from(Self::MAX).unwrap_or(LARGEST).min(LARGEST);
                option.min(least).max(most)
            }
        })*
    };
}

integers!(i8, i16, i32, isize, u8, u16, u32, u64, usize);

impl FromOption for f32 {
    type Value = f64;
    type Error = Infallible;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "that is what was asked for"
    )]
    async fn from_option(number: f64, _: &InteractionContext) -> Result<Self, Infallible> {
        Ok(number as Self)
    }
}
