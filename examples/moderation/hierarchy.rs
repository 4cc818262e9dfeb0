//! Who outranks whom: nobody moderates their peers, or those above them.

use cordial::exception::CheckFailed;
use cordial::prelude::*;
use cordial::twilight::model::guild::Guild;

/// A member of the guild whom the moderator outranks. It can be an option as a [`Member`] can.
pub(crate) struct Target(Member);

impl Target {
    pub(crate) fn user(&self) -> &User {
        &self.0.user
    }
}

impl FromOption for Target {
    type Value = Member;
    type Error = Failure;

    async fn from_option(member: Member, ctx: &InteractionContext) -> Result<Self> {
        refuse_superior(ctx, &member.user, &member.member.roles).await?;
        Ok(Self(member))
    }
}

/// The moderator does not outrank the member.
///
/// It is-a [`CheckFailed`]: an error handler for all checks is asked about it, too.
#[derive(Debug, thiserror::Error, Exception)]
#[error("the moderator does not outrank `{name}`")]
#[facet(dyn UserFacing)]
pub(crate) struct NotOutranked {
    #[base]
    check: CheckFailed,
    name: String,
}

impl UserFacing for NotOutranked {
    fn text(&self) -> String {
        format!("You do not outrank {}.", self.name)
    }
}

/// Checks that a moderator outranks somebody. Nobody outranks themselves.
pub(crate) async fn refuse_superior(
    ctx: &InteractionContext,
    user: &User,
    roles: &[Id<RoleMarker>],
) -> Result<()> {
    let refused = || NotOutranked {
        check: CheckFailed::new("hierarchy"),
        name: user.name.clone(),
    };
    // Outside a guild there are no ranks.
    let moderator = ctx.member().ok_or_else(refused)?;
    let guild = ctx.guild_id().ok_or_else(refused)?;
    let guild = ctx.http().guild(guild).await?.model().await?;
    if rank(&guild, ctx.user().id, &moderator.roles) <= rank(&guild, user.id, roles) {
        return Err(refused().into());
    }
    Ok(())
}

/// Returns the position of somebody's highest role. The owner of the guild stands above all of them.
fn rank(guild: &Guild, user: Id<UserMarker>, roles: &[Id<RoleMarker>]) -> i64 {
    if user == guild.owner_id {
        return i64::MAX;
    }
    let own = guild.roles.iter().filter(|role| roles.contains(&role.id));
    own.map(|role| role.position).max().unwrap_or(0)
}
