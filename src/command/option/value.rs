//! The values that Discord lets people enter.

use twilight_model::application::command::CommandOptionType as Kind;
use twilight_model::application::interaction::application_command::CommandOptionValue as Entered;
use twilight_model::application::interaction::{
    InteractionChannel, InteractionDataResolved as Resolved, InteractionMember,
};
use twilight_model::channel::Attachment;
use twilight_model::guild::Role;
use twilight_model::id::Id;
use twilight_model::id::marker::{
    AttachmentMarker, ChannelMarker, GenericMarker, RoleMarker, UserMarker,
};
use twilight_model::user::User;

/// A value that people can enter for an option.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of an option",
    label = "not a type that people can enter",
    note = "the types are `String`, `i64`, `f64`, `bool`, `User`, `Member`, `Role`, `InteractionChannel`, `Mentionable`, `Attachment`, and their ids"
)]
pub trait OptionValue: Sized + Send + 'static {
    /// The type of option that Discord calls it.
    const KIND: Kind;

    /// Reads the value, or says why it is not of this type.
    ///
    /// # Errors
    ///
    /// Returns a sentence for the person who entered it.
    fn read(entered: &Entered, resolved: Option<&Resolved>) -> Result<Self, &'static str>;
}

/// A member of the guild: the user and the membership.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The user.
    pub user: User,
    /// The membership: nickname, roles and the like.
    pub member: InteractionMember,
}

/// A user or a role: what can be mentioned.
#[derive(Clone, Debug, PartialEq)]
pub enum Mentionable {
    /// A user.
    User(User),
    /// A role.
    Role(Role),
}

/// The error for an option whose type on Discord is not the one that the bot expects.
const OTHER: &str = "its type has changed: try again in a minute";
/// The error for an id that Discord says nothing more of.
const UNKNOWN: &str = "it is no longer known";

/// Implements it for a type that is found among what Discord resolved.
macro_rules! values {
    ($($type:ty: $kind:ident, |$entered:pat_param, $resolved:ident| $read:expr;)*) => {
        $(impl OptionValue for $type {
            const KIND: Kind = Kind::$kind;

            fn read(entered: &Entered, resolved: Option<&Resolved>) -> Result<Self, &'static str> {
                let $resolved = resolved;
                match entered {
                    $entered => $read,
                    _ => Err(OTHER),
                }
            }
        })*
    };
}

values! {
    String: String, |Entered::String(text), _resolved| Ok(text.clone());
    i64: Integer, |Entered::Integer(number), _resolved| Ok(*number);
    f64: Number, |Entered::Number(number), _resolved| Ok(*number);
    bool: Boolean, |Entered::Boolean(answer), _resolved| Ok(*answer);
    Id<UserMarker>: User, |Entered::User(id), _resolved| Ok(*id);
    Id<RoleMarker>: Role, |Entered::Role(id), _resolved| Ok(*id);
    Id<ChannelMarker>: Channel, |Entered::Channel(id), _resolved| Ok(*id);
    Id<AttachmentMarker>: Attachment, |Entered::Attachment(id), _resolved| Ok(*id);
    Id<GenericMarker>: Mentionable, |Entered::Mentionable(id), _resolved| Ok(*id);
    User: User, |Entered::User(id), resolved| user(*id, resolved).ok_or(UNKNOWN);
    Role: Role, |Entered::Role(id), resolved| {
        resolved.and_then(|resolved| resolved.roles.get(id)).cloned().ok_or(UNKNOWN)
    };
    InteractionChannel: Channel, |Entered::Channel(id), resolved| {
        resolved.and_then(|resolved| resolved.channels.get(id)).cloned().ok_or(UNKNOWN)
    };
    Attachment: Attachment, |Entered::Attachment(id), resolved| {
        resolved.and_then(|resolved| resolved.attachments.get(id)).cloned().ok_or(UNKNOWN)
    };
    Member: User, |Entered::User(id), resolved| {
        let member = resolved.and_then(|resolved| resolved.members.get(id)).cloned();
        Ok(Self {
            user: user(*id, resolved).ok_or(UNKNOWN)?,
            member: member.ok_or("they are not in this server")?,
        })
    };
    Mentionable: Mentionable, |Entered::Mentionable(id), resolved| {
        if let Some(user) = user(id.cast(), resolved) {
            return Ok(Self::User(user));
        }
        let role = resolved.and_then(|resolved| resolved.roles.get(&id.cast()));
        role.cloned().map(Self::Role).ok_or(UNKNOWN)
    };
}

fn user(id: Id<UserMarker>, resolved: Option<&Resolved>) -> Option<User> {
    resolved?.users.get(&id).cloned()
}
