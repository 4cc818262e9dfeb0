//! Whatever stands in a custom id, nobody panics, and no handler sees a state that it did not make.
//!
//! The ids are drawn from a seed, which a failed assertion names: `CORDIAL_SEED=5 cargo test --test
//! custom_ids`. A million of them: `cargo test --release --test custom_ids -- --ignored`.

use std::collections::HashMap;

use cordial::exception::ComponentError;
use cordial::outcome::Invocation;
use cordial::prelude::*;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::UserMarker;
use serde_json::json;

/// What a handler saw: who, with what state.
#[derive(Debug, thiserror::Error, Exception)]
#[error("{0}")]
struct Saw(String);

#[derive(Choice, Clone, Copy, Debug)]
enum Colour {
    Red,
    Green,
}

#[component]
async fn numbers(
    _: &ComponentContext,
    #[state] user: Id<UserMarker>,
    #[state] page: Option<u32>,
) -> Result<(), Saw> {
    Err(Saw(format!("numbers {user} {page:?}")))
}

#[component(version = 3)]
async fn texts(
    _: &ComponentContext,
    #[state] text: String,
    #[state] colour: Colour,
) -> Result<(), Saw> {
    Err(Saw(format!("texts {text} {colour:?}")))
}

#[component]
async fn nothing(_: &ComponentContext) -> Result<(), Saw> {
    Err(Saw("nothing".to_owned()))
}

/// Draws what is tried.
struct Draws(u64);

impl Draws {
    /// Draws a number below a limit. (`SplitMix64`.)
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % (limit as u64)).expect("below a limit")
    }

    /// Draws the state of a component. Returns its custom id, and what its handler is to see.
    fn made(&mut self) -> (String, String) {
        let user = Id::new(self.below(1 << 40) as u64 + 1);
        let page = [None, Some(0), Some(u32::MAX)][self.below(3)];
        let text: String = (0..self.below(40))
            .map(|_| ['a', 'ß', ' '][self.below(3)])
            .collect();
        let colour = [Colour::Red, Colour::Green][self.below(2)];
        match self.below(3) {
            0 => {
                let id = numbers::id(user, page);
                (id.into(), format!("numbers {user} {page:?}"))
            }
            1 => match texts::id(text.clone(), colour) {
                Ok(id) => (id.into(), format!("texts {text} {colour:?}")),
                Err(_) => self.made(),
            },
            _ => (nothing::id().into(), "nothing".to_owned()),
        }
    }

    /// Damages a custom id, or makes one up.
    fn damaged(&mut self, id: &str, other: &str) -> String {
        const LETTERS: &[char] = &['A', 'Z', 'a', '0', '-', '_', '~', '=', ' ', 'é', '\0', '💥'];
        let mut letters: Vec<char> = id.chars().collect();
        let (at, letter) = (
            self.below(letters.len()),
            LETTERS[self.below(LETTERS.len())],
        );
        match self.below(8) {
            0 => letters[at] = letter,
            1 => letters.truncate(at),
            2 => letters.insert(at, letter),
            3 => drop(letters.remove(at)),
            4 => {
                let with = self.below(letters.len());
                letters.swap(at, with);
            }
            5 => letters.splice(at.., other.chars().skip(at)).for_each(drop),
            6 => letters.extend(other.chars()),
            _ => {
                let made_up = (0..self.below(100)).map(|_| LETTERS[self.below(LETTERS.len())]);
                letters = made_up.collect();
            }
        }
        letters.into_iter().take(100).collect()
    }
}

/// Takes every failure, so that nothing is logged and nobody is told.
#[error_handler]
async fn takes(_: &ComponentContext, _: &Failure) -> bool {
    true
}

/// Makes the event of a press.
fn press(id: &str) -> Event {
    let user = json!({ "id": "7", "username": "alice", "discriminator": "0", "avatar": null });
    let event = json!({
        "type": 3, "id": "1", "application_id": "2", "token": "t", "version": 1,
        "channel_id": "3", "channel": { "id": "3", "type": 1 }, "app_permissions": "0",
        "locale": "en-US", "entitlements": [], "authorizing_integration_owners": {},
        "attachment_size_limit": 0, "context": 1, "user": user,
        "data": { "component_type": 2, "custom_id": id },
        "message": {
            "id": "4", "channel_id": "3", "author": user, "content": "", "type": 0, "tts": false,
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": null, "pinned": false,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": [],
        },
    });
    Event::InteractionCreate(Box::new(
        serde_json::from_value(event).expect("an interaction"),
    ))
}

async fn no_id_reaches_a_handler_with_a_state_that_it_did_not_make(tries: u32) {
    let seed = std::env::var("CORDIAL_SEED").map_or(7, |seed| seed.parse().expect("a number"));
    let bot = Bot::builder()
        .add(handlers![numbers, texts, nothing, takes])
        .build()
        .expect("a bot");
    let mut draws = Draws(seed);
    let mut made: HashMap<String, String> = HashMap::new();
    for _ in 0..tries {
        let ((id, expected), (other, of_other)) = (draws.made(), draws.made());
        let damaged = draws.damaged(&id, &other);
        // What is damaged may come out as another that was made.
        made.extend([(id.clone(), expected), (other, of_other)]);
        for id in [id, damaged] {
            let ended = bot.dispatch(press(&id)).await.expect("nothing is sent");
            check(&ended, made.get(&id), &id, seed);
        }
    }
}

/// Looks at what became of a press, and whether it should have.
fn check(ended: &[Invocation], expected: Option<&String>, id: &str, seed: u64) {
    let [invocation] = ended else {
        panic!("one handler, or whoever is told that there is none: {id:?}");
    };
    let failure = &invocation
        .reports
        .first()
        .expect("all of them fail")
        .failure;
    let saw = failure.find::<Saw>().map(|Saw(what)| what);
    assert_eq!(saw, expected, "{id:?} with CORDIAL_SEED={seed}");
    if expected.is_none() {
        assert!(failure.is::<ComponentError>(), "{id:?}: {failure:?}");
    }
}

#[tokio::test]
async fn damaged_custom_ids_reach_no_handler() {
    no_id_reaches_a_handler_with_a_state_that_it_did_not_make(20_000).await;
}

#[tokio::test]
#[ignore = "a million take two minutes, and a release build"]
async fn a_million_damaged_custom_ids_reach_no_handler() {
    no_id_reaches_a_handler_with_a_state_that_it_did_not_make(1_000_000).await;
}
