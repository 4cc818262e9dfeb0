//! What is sent, drawn from a seed, and what has to become of it. Nothing here knows how cordial works.

use serde_json::{Value, json};

/// What a listener does about an event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Succeed,
    Sleep,
    /// Fails in a way that an error handler handles.
    Broad,
    /// Fails in a way that one propagates, and the next handles.
    Narrow,
    /// Fails in a way that nobody handles.
    Lonely,
    /// Fails, and so does the error handler.
    Unlucky,
    /// Fails, and the error handler panics.
    Cursed,
    /// Fails the first time.
    Again,
    Panic,
    Hang,
}

const DEEDS: [Deed; 10] = [
    Deed::Succeed,
    Deed::Sleep,
    Deed::Broad,
    Deed::Narrow,
    Deed::Lonely,
    Deed::Unlucky,
    Deed::Cursed,
    Deed::Again,
    Deed::Panic,
    Deed::Hang,
];

impl Deed {
    /// Returns the letter that an event says it by.
    fn letter(self) -> char {
        match self {
            Self::Succeed => 'o',
            Self::Sleep => 's',
            Self::Broad => 'b',
            Self::Narrow => 'n',
            Self::Lonely => 'l',
            Self::Unlucky => 'u',
            Self::Cursed => 'c',
            Self::Again => 'a',
            Self::Panic => 'p',
            Self::Hang => 'h',
        }
    }

    pub(crate) fn of(letter: char) -> Option<Self> {
        DEEDS.into_iter().find(|deed| deed.letter() == letter)
    }

    /// Returns how the invocation ends, after how many attempts.
    fn outcome(self) -> (&'static str, u32) {
        match self {
            Self::Succeed | Self::Sleep => ("completed", 1),
            Self::Again => ("completed", 2),
            Self::Broad | Self::Narrow => ("handled by broad", 1),
            Self::Lonely | Self::Unlucky | Self::Cursed | Self::Panic | Self::Hang => {
                ("unhandled", 1)
            }
        }
    }

    /// Returns what is reported, of an event of a key.
    fn reports(self, key: u64) -> Vec<String> {
        match self {
            Self::Succeed | Self::Sleep => Vec::new(),
            Self::Broad => vec![format!("broad {key}: handled by broad")],
            Self::Narrow => vec![format!("narrow {key}: handled by broad")],
            Self::Lonely => vec![format!("lonely {key}: unhandled")],
            Self::Unlucky => vec![
                format!("unlucky {key}: unhandled"),
                format!("lonely {key}: unhandled"),
            ],
            Self::Cursed => vec![
                format!("cursed {key}: unhandled"),
                format!("panic {key}: unhandled"),
            ],
            Self::Again => vec![format!("again {key}: retried by again")],
            Self::Panic => vec![format!("panic {key}: unhandled")],
            Self::Hang => vec!["timeout: unhandled".to_owned()],
        }
    }
}

/// What an event is.
#[derive(Clone, Debug)]
enum What {
    /// Three listeners hear it.
    Message([Deed; 3]),
    /// One does.
    Member(Deed),
    Typing,
    Unwanted,
    Unknown,
    Malformed,
}

/// An event that is sent.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    sequence: u64,
    key: u64,
    what: What,
    is_repeated: bool,
    /// The message of the gateway.
    pub(crate) text: String,
}

/// What is done next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Begin,
    Resume,
    Send(Entry),
    /// So many milliseconds pass.
    Pause(u64),
}

/// What is done, in order.
pub(crate) struct Schedule {
    pub(crate) steps: Vec<Step>,
}

/// What has to come of a schedule. Only what was taken in is in order.
#[derive(Default)]
pub(crate) struct Expected {
    /// The number of each event, and how many are asked about it.
    pub(crate) taken: Vec<(u64, usize)>,
    /// Who entered for which event.
    pub(crate) entries: Vec<String>,
    pub(crate) finished: Vec<String>,
    pub(crate) reports: Vec<String>,
}

impl Schedule {
    pub(crate) fn draw(seed: u64, events: usize) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut steps = vec![Step::Begin];
        let (mut sent, mut next, mut key) = (Vec::<Entry>::new(), 1, 0);
        while key < events as u64 {
            match rng.u8(..100) {
                0..2 => {
                    steps.push(Step::Begin);
                    sent.clear();
                    next = 1;
                }
                2..8 => {
                    steps.push(Step::Resume);
                    let from = sent.len().saturating_sub(rng.usize(..8));
                    steps.extend(sent[from..].iter().map(Entry::again).map(Step::Send));
                }
                8..11 => next += rng.u64(1..5),
                11..20 => steps.push(Step::Pause(rng.u64(1..800))),
                _ => {
                    key += 1;
                    let entry = Entry::draw(&mut rng, next, key);
                    next += 1;
                    sent.push(entry.clone());
                    steps.push(Step::Send(entry));
                }
            }
        }
        Self { steps }
    }

    pub(crate) fn expected(&self) -> Expected {
        let mut expected = Expected::default();
        for step in &self.steps {
            if let Step::Send(entry) = step {
                entry.expect(&mut expected);
            }
        }
        expected
    }
}

impl Entry {
    fn draw(rng: &mut fastrand::Rng, sequence: u64, key: u64) -> Self {
        let what = match rng.u8(..10) {
            0..5 => What::Message([deed(rng), deed(rng), deed(rng)]),
            5..7 => What::Member(deed(rng)),
            7 => What::Typing,
            8 if rng.bool() => What::Unwanted,
            8 => What::Unknown,
            _ => What::Malformed,
        };
        let (name, data) = what.wire(key);
        let text = json!({ "t": name, "s": sequence, "op": 0, "d": data }).to_string();
        Self {
            sequence,
            key,
            what,
            is_repeated: false,
            text,
        }
    }

    fn again(&self) -> Self {
        Self {
            is_repeated: true,
            ..self.clone()
        }
    }

    fn expect(&self, expected: &mut Expected) {
        let deeds: &[(&str, Deed)] = &match self.what {
            _ if self.is_repeated => Vec::new(),
            What::Message([first, second, third]) => {
                vec![("first", first), ("second", second), ("third", third)]
            }
            What::Member(deed) => vec![("greets", deed)],
            What::Typing => vec![("watches", Deed::Succeed)],
            What::Unwanted | What::Unknown | What::Malformed => Vec::new(),
        };
        let is_malformed = matches!(self.what, What::Malformed) && !self.is_repeated;
        let asked = if is_malformed { 1 } else { deeds.len() };
        expected.taken.push((self.sequence, asked));
        if is_malformed {
            expected.reports.push("malformed: unhandled".to_owned());
            let finished = format!("{} gateway unhandled 1", self.sequence);
            expected.finished.push(finished);
        }
        for (who, deed) in deeds {
            let (outcome, attempts) = deed.outcome();
            let finished = format!("{} {who} {outcome} {attempts}", self.sequence);
            expected.finished.push(finished);
            let entered = format!("{} {who}", self.key);
            expected
                .entries
                .extend((0..attempts).map(|_| entered.clone()));
            expected.reports.extend(deed.reports(self.key));
        }
    }
}

impl What {
    /// Returns how it is sent.
    fn wire(&self, key: u64) -> (&'static str, Value) {
        let id = (1_000_000 + key).to_string();
        let said = |deeds: &[Deed]| {
            let deeds: String = deeds.iter().map(|deed| deed.letter()).collect();
            format!("{key} {deeds}")
        };
        match self {
            Self::Message(deeds) => ("MESSAGE_CREATE", message(&id, &said(deeds))),
            Self::Member(deed) => ("GUILD_MEMBER_ADD", member(&id, &said(&[*deed]))),
            Self::Typing => (
                "TYPING_START",
                json!({ "channel_id": "2", "user_id": id, "timestamp": key }),
            ),
            Self::Unwanted => (
                "CHANNEL_PINS_UPDATE",
                json!({ "channel_id": "2", "last_pin_timestamp": null }),
            ),
            Self::Unknown => ("VOICE_CHANNEL_STATUS_UPDATE", json!({ "id": id })),
            Self::Malformed => ("MESSAGE_CREATE", json!({ "id": id })),
        }
    }
}

fn deed(rng: &mut fastrand::Rng) -> Deed {
    // Most succeed.
    if rng.u8(..3) > 0 {
        return Deed::Succeed;
    }
    DEEDS[rng.usize(..DEEDS.len())]
}

fn user(id: &str, name: &str) -> Value {
    json!({ "id": id, "username": name, "discriminator": "0", "avatar": null })
}

fn message(id: &str, content: &str) -> Value {
    json!({
        "id": id, "channel_id": "2", "author": user("3", "alice"), "content": content,
        "timestamp": "2020-01-01T00:00:00+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": false, "type": 0,
    })
}

fn member(id: &str, name: &str) -> Value {
    json!({
        "guild_id": "4", "user": user(id, name), "roles": [], "deaf": false, "mute": false,
        "joined_at": "2020-01-01T00:00:00+00:00", "flags": 0,
    })
}
