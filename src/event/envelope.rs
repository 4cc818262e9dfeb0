//! What stands around the data of a message: its opcode, the type and number of an event, and where the
//! data is.

use std::borrow::Cow;
use std::str::FromStr;

use twilight_model::gateway::event::GatewayEventDeserializer;

/// What stands around the data of a message. (Discord: Gateway Events, Payload Structure.)
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Envelope<'a> {
    pub(crate) op: u8,
    /// The name of the event's type.
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) sequence: Option<u64>,
    /// The data, if it stands where Discord puts it.
    pub(crate) data: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    /// Looks at a message, without reading its data.
    pub(crate) fn of(json: &'a str) -> Option<Self> {
        Self::usual(json).or_else(|| {
            let (op, sequence, name) = GatewayEventDeserializer::from_json(json)?.into_parts();
            Some(Self {
                op,
                name,
                sequence,
                data: None,
            })
        })
    }

    /// Looks at a message as Discord writes them: without spaces, and with the data at its end.
    ///
    /// Whether the data is all that follows is seen by whoever reads it.
    fn usual(json: &'a str) -> Option<Self> {
        let mut rest = json.strip_prefix('{')?;
        let (mut op, mut name, mut sequence) = (None, None, None);
        loop {
            if let Some(data) = rest.strip_prefix("\"d\":") {
                return Some(Self {
                    op: op?,
                    name: name.map(Cow::Borrowed),
                    sequence,
                    data: Some(data.strip_suffix('}')?),
                });
            }
            rest = if let Some(after) = rest.strip_prefix("\"t\":") {
                match after.strip_prefix("null") {
                    Some(after) => after,
                    None => take_name(after, &mut name)?,
                }
            } else if let Some(after) = rest.strip_prefix("\"s\":") {
                match after.strip_prefix("null") {
                    Some(after) => after,
                    None => take_number(after, &mut sequence)?,
                }
            } else {
                take_number(rest.strip_prefix("\"op\":")?, &mut op)?
            };
            rest = rest.strip_prefix(',')?;
        }
    }
}

/// Reads the name of a type, which is of capital letters. Returns what follows.
fn take_name<'a>(text: &'a str, name: &mut Option<&'a str>) -> Option<&'a str> {
    let text = text.strip_prefix('"')?;
    let is_of_name = |byte: &u8| byte.is_ascii_uppercase() || *byte == b'_';
    let length = text.bytes().take_while(|byte| is_of_name(byte)).count();
    let (found, rest) = text.split_at(length);
    *name = Some(found);
    rest.strip_prefix('"')
}

/// Reads a number. Returns what follows.
fn take_number<'a, T: FromStr>(text: &'a str, number: &mut Option<T>) -> Option<&'a str> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    *number = Some(digits.parse().ok()?);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_looked_at_as_discord_writes_them() {
        let json = r#"{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"content":"{\"op\":9}"}}"#;

        let envelope = Envelope::of(json).expect("a message");

        assert_eq!((envelope.op, envelope.sequence), (0, Some(42)));
        assert_eq!(envelope.name.as_deref(), Some("MESSAGE_CREATE"));
        assert_eq!(envelope.data, Some(r#"{"content":"{\"op\":9}"}"#));
    }

    #[test]
    fn control_messages_have_no_type() {
        let json = r#"{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}"#;

        let envelope = Envelope::of(json).expect("a message");

        assert_eq!((envelope.op, envelope.sequence), (10, None));
        assert_eq!(envelope.name, None);
        assert_eq!(envelope.data, Some(r#"{"heartbeat_interval":41250}"#));
    }

    #[test]
    fn messages_that_are_written_otherwise_are_looked_at_too() {
        for json in [
            r#"{ "op": 0, "s": 42, "t": "TYPING_START", "d": {} }"#,
            r#"{"d":{},"op":0,"s":42,"t":"TYPING_START"}"#,
            r#"{"_":1,"op":0,"s":42,"t":"TYPING_START","d":{}}"#,
        ] {
            let envelope = Envelope::of(json).expect("a message");

            assert_eq!((envelope.op, envelope.sequence), (0, Some(42)), "{json}");
            assert_eq!(envelope.name.as_deref(), Some("TYPING_START"), "{json}");
            assert_eq!(envelope.data, None, "{json}");
        }
    }

    #[test]
    fn what_is_no_message_is_none() {
        for json in ["", "{", "{}", "[]", r#"{"op":}"#, r#"{"t":"A","d":{}}"#] {
            assert_eq!(Envelope::of(json), None, "{json}");
        }
    }
}
