//! What is told of a call that failed, without what must not be.

use std::time::Duration;

use tokio::time::Instant;
use twilight_model::guild::Permissions;

use crate::exception::{End, Needs, Scope, Trouble};
use crate::http::call::Call;
use crate::http::connection::Answer;
use crate::http::limits::TooLate;

/// How much of an error's body is kept.
const KEPT: usize = 64 << 10;

impl Call<'_> {
    /// Says that it would have to wait for too long.
    pub(crate) fn too_late(&self, late: TooLate) -> Trouble {
        let retry_after = late.until.map(|until| until - Instant::now());
        self.trouble(End::Answered {
            status: 429,
            body: r#"{"message":"the limit lasts longer than the call may take"}"#.to_owned(),
            retry_after,
            scope: Some(late.scope),
        })
    }

    /// Says that nobody waits for an answer any more.
    pub(crate) fn over(&self) -> Trouble {
        self.trouble(End::Answered {
            status: 404,
            body: r#"{"code":10062,"message":"Unknown interaction"}"#.to_owned(),
            retry_after: None,
            scope: None,
        })
    }

    pub(crate) fn refused(
        &self,
        answer: &Answer,
        retry_after: Option<Duration>,
        scope: Option<Scope>,
    ) -> Trouble {
        let kept = &answer.body[..answer.body.len().min(KEPT)];
        self.trouble(End::Answered {
            status: answer.status.as_u16(),
            body: self.redacted(&String::from_utf8_lossy(kept)),
            retry_after,
            scope,
        })
    }

    /// Tells again what Discord answered to another.
    pub(crate) fn remembered(&self, answer: Trouble) -> Trouble {
        Trouble {
            route: self.route.clone(),
            attempts: self.attempts,
            ..answer
        }
    }

    pub(crate) fn trouble(&self, end: End) -> Trouble {
        let needed = Needs::of(&self.route).map_or(Permissions::empty(), Needs::any);
        Trouble {
            route: self.route.clone(),
            attempts: self.attempts,
            allowed: self.carrier.allowed.on(self.request.segments(), needed),
            end,
        }
    }

    /// Leaves out what an answer must not be quoted with.
    fn redacted(&self, text: &str) -> String {
        let token = self.request.token();
        let secrets = token.into_iter().chain(self.carrier.connection.token());
        secrets.fold(text.to_owned(), |text, secret| {
            text.replace(secret, "{token}")
        })
    }
}
