//! Who the bot's user is, and who owns the bot.

use tokio::sync::OnceCell;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;
use twilight_model::oauth::Application;
use twilight_model::user::CurrentUser;

use crate::context::Context;
use crate::failure::Result;
use crate::http::Http;

/// Who the bot is, and whose: whom the author names, or whom Discord does.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    named: Vec<Id<UserMarker>>,
    /// Asked for when somebody wants to know, and then kept.
    of_application: OnceCell<Vec<Id<UserMarker>>>,
    /// The bot itself, likewise.
    bot: OnceCell<Id<UserMarker>>,
}

impl Owners {
    pub(crate) fn new(named: Vec<Id<UserMarker>>) -> Self {
        Self {
            named,
            of_application: OnceCell::new(),
            bot: OnceCell::new(),
        }
    }

    /// Returns the bot's own user.
    pub(crate) async fn bot(&self, http: &Http) -> Result<Id<UserMarker>> {
        let asked = || async {
            let asked = http.ask::<CurrentUser>(http.client().current_user());
            Ok(asked.await?.id)
        };
        self.bot.get_or_try_init(asked).await.copied()
    }

    /// Takes what Discord says of the application, so that it need not be asked again.
    pub(crate) fn learn(&self, application: &Application) {
        // What is known already is as good.
        drop(self.of_application.set(owners_of(application)));
    }

    async fn get(&self, http: &Http) -> Result<&[Id<UserMarker>]> {
        if !self.named.is_empty() {
            return Ok(&self.named);
        }
        let asked = || async {
            let application = http
                .ask::<Application>(http.client().current_user_application())
                .await?;
            Ok(owners_of(&application))
        };
        self.of_application
            .get_or_try_init(asked)
            .await
            .map(Vec::as_slice)
    }
}

/// A team owns an application through its members. (Discord: Teams.)
fn owners_of(application: &Application) -> Vec<Id<UserMarker>> {
    match (&application.team, &application.owner) {
        (Some(team), _) => team.members.iter().map(|member| member.user.id).collect(),
        (None, Some(owner)) => vec![owner.id],
        (None, None) => Vec::new(),
    }
}

impl Context {
    /// Returns whether a user owns the bot.
    ///
    /// The owners are those named with [`owners`](crate::BotBuilder::owners), or else the owners of the
    /// application, for which the bot asks Discord once at most.
    ///
    /// # Errors
    ///
    /// Discord's error, if it answers with one.
    pub async fn is_owner(&self, user: Id<UserMarker>) -> Result<bool> {
        let owners = self.home.owners().get(&self.scene.http).await?;
        Ok(owners.contains(&user))
    }
}
