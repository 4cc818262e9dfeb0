//! Asking Discord for what a bot needs, and telling of what was found.

use twilight_model::gateway::connection_info::BotConnectionInfo;
use twilight_model::oauth::Application;

use crate::bot::application::application;
use crate::bot::assembly::Assembled;
use crate::bot::preflight::look::intents_off;
use crate::bot::preflight::{
    Finding, Known, Preflight, Severity, at_application, at_bot, at_gateway, invite,
};
use crate::bot::registration::is_enough_for_today;
use crate::event::portal_names;
use crate::exception::{DisallowedIntents, Unauthorized};
use crate::failure::{Failure, Result};
use crate::http::Http;

/// A check under way.
struct Check<'a> {
    bot: &'a Assembled,
    findings: Vec<Finding>,
    known: Known,
}

/// The token is refused, so nothing more is asked.
struct Refused;

/// Looks whether a bot can work. Nothing is connected, and nothing is changed.
pub(crate) async fn check(
    bot: &Assembled,
    http: impl FnOnce() -> Result<Http>,
) -> Result<Preflight> {
    let mut check = Check {
        bot,
        findings: Vec::new(),
        known: Known::default(),
    };
    if bot.token.is_some() {
        // What would come after a refused token is not known.
        check.ask(&http()?).await.unwrap_or(());
    } else {
        check.findings.push(Finding::NoToken);
    }
    check.findings.extend(at_bot(bot));
    let permissions = invite::permissions(bot);
    Ok(Preflight::new(
        check.findings,
        bot.intents,
        permissions,
        check.known,
    ))
}

impl Check<'_> {
    async fn ask(&mut self, http: &Http) -> Result<(), Refused> {
        let has_commands = !self.bot.registration.commands.is_empty();
        match application(self.bot, http).await {
            Ok(application) => {
                self.findings.extend(at_application(self.bot, &application));
                self.known.invite = Some(invite::link(self.bot, application.id).to_string());
                self.ask_for_commands(http, &application).await?;
                self.known.application = Some((application.id, application.name));
            }
            Err(failure) if has_commands => {
                let severity = without_registration(&failure);
                self.failed("the application", failure, severity)?;
            }
            Err(failure) => self.failed("the application", failure, Severity::Warning)?,
        }
        let asked = http.client().gateway().authed();
        match http.ask::<BotConnectionInfo>(asked).await {
            Ok(info) => {
                self.findings.extend(at_gateway(&info));
                self.known.shards = Some(info.shards);
            }
            Err(failure) => self.failed("the gateway", failure, Severity::Error)?,
        }
        Ok(())
    }

    async fn ask_for_commands(
        &mut self,
        http: &Http,
        application: &Application,
    ) -> Result<(), Refused> {
        match self.bot.registration.plan(http, application).await {
            Ok(plan) if plan.is_empty() => Ok(()),
            Ok(plan) => {
                self.findings.push(Finding::CommandsDiffer { plan });
                Ok(())
            }
            Err(failure) => {
                let severity = without_registration(&failure);
                self.failed("the registered commands", failure, severity)
            }
        }
    }

    /// Notes that something could not be found out.
    fn failed(
        &mut self,
        what: &'static str,
        failure: Failure,
        severity: Severity,
    ) -> Result<(), Refused> {
        if failure.is::<Unauthorized>() {
            self.findings.push(Finding::TokenRefused);
            return Err(Refused);
        }
        self.findings.push(Finding::CannotAsk {
            what,
            failure,
            severity,
        });
        Ok(())
    }
}

/// Returns how bad it is that Discord cannot be told of the commands.
fn without_registration(failure: &Failure) -> Severity {
    if is_enough_for_today(failure) {
        Severity::Warning
    } else {
        Severity::Error
    }
}

/// Refuses to connect where the gateway would close the connection.
pub(crate) fn refuse(bot: &Assembled, application: &Application) -> Result<()> {
    let off = intents_off(bot, application);
    if off.is_empty() {
        return Ok(());
    }
    Err(DisallowedIntents::foreseen(portal_names(off)).into())
}

/// Logs what was found.
pub(crate) fn tell(findings: &[Finding]) {
    for finding in findings {
        let (code, fix) = (finding.code(), finding.fix());
        match finding.severity() {
            Severity::Notice => tracing::info!(code, "{finding}: {fix}"),
            Severity::Warning | Severity::Error => tracing::warn!(code, "{finding}: {fix}"),
        }
    }
}
