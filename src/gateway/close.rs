//! Why the gateway closed a connection, where connecting again would not help.

use crate::exception::{
    AuthenticationFailed, ConnectionClosed, DisallowedIntents, InvalidApiVersion, InvalidIntents,
    InvalidShard, ShardingRequired,
};
use crate::failure::{Failure, IntoFailure};

/// Returns the failure that a close code means, if connecting again would not help.
///
/// `privileged` are the privileged intents that the bot asked for.
pub(crate) fn fatal_close(
    code: u16,
    reason: &str,
    privileged: Vec<&'static str>,
) -> Option<Failure> {
    let base = ConnectionClosed::new(code, reason);
    Some(match code {
        4004 => AuthenticationFailed { base }.into_failure(),
        4010 => InvalidShard { base }.into_failure(),
        4011 => ShardingRequired { base }.into_failure(),
        4012 => InvalidApiVersion { base }.into_failure(),
        4013 => InvalidIntents { base }.into_failure(),
        4014 => DisallowedIntents {
            base,
            intents: privileged,
        }
        .into_failure(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_allow_to_connect_again_are_not_final() {
        for code in [
            1000, 1001, 1005, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009,
        ] {
            assert!(fatal_close(code, "", Vec::new()).is_none(), "{code}");
        }
    }

    #[test]
    fn each_final_code_has_an_exception_that_says_what_to_do() {
        let failure = |code| fatal_close(code, "Because.", Vec::new()).unwrap();

        assert!(failure(4004).is::<AuthenticationFailed>());
        assert!(failure(4010).is::<InvalidShard>());
        assert!(failure(4011).is::<ShardingRequired>());
        assert!(failure(4012).is::<InvalidApiVersion>());
        assert!(failure(4013).is::<InvalidIntents>());
        assert!(failure(4014).is::<DisallowedIntents>());
        for code in [4004, 4010, 4011, 4012, 4013, 4014] {
            let closed = failure(code);
            assert_eq!(closed.find::<ConnectionClosed>().unwrap().code(), code);
            assert!(closed.to_string().contains("with 40"), "{closed}");
        }
    }

    #[test]
    fn disallowed_intents_are_named_as_the_portal_does() {
        let names = vec!["Server Members Intent", "Message Content Intent"];

        let failure = fatal_close(4014, "Disallowed intent(s).", names).unwrap();

        let text = failure.to_string();
        assert!(
            text.contains(
                "the Server Members Intent and the Message Content Intent, which are not"
            ),
            "{text}"
        );
    }
}
