//! The bytes of an event with a fault.

use std::sync::Arc;

use serde_json::Value;

use crate::testing::gateway::compression::Packer;
use crate::testing::gateway::fault::OfEvent;
use crate::testing::sessions::Dispatch;

/// The start of a frame of text, and of bytes.
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

/// The bytes written instead of an event.
pub(crate) struct Written {
    /// Whole frames, or the start of one.
    pub(crate) bytes: Vec<u8>,
    /// Whether the connection breaks after that.
    pub(crate) is_last: bool,
    /// Whether the client can deal with the event.
    pub(crate) is_true: bool,
}

impl Written {
    /// Returns whether anything is written.
    pub(crate) fn is_any(&self) -> bool {
        !self.bytes.is_empty()
    }
}

impl OfEvent {
    /// Returns what is written instead of an event, compressed if the connection is.
    pub(crate) fn write(&self, event: &Arc<Dispatch>, packer: Option<&mut Packer>) -> Written {
        let text = event.text();
        let bytes = match (self, packer) {
            (Self::Skipped, _) => Vec::new(),
            (Self::Damaged, Some(packer)) => frame(BINARY, &packer.damaged()),
            (Self::Split(parts), Some(packer)) if packer.has_parts() => {
                let whole = packer.pack(text.as_bytes());
                let parts = whole.chunks(whole.len().div_ceil(*parts));
                parts.flat_map(|part| frame(BINARY, part)).collect()
            }
            (_, packer) => self.frames(event, &mut message(packer)),
        };
        let is_kept = matches!(
            self,
            Self::Cut(_)
                | Self::Twice
                | Self::After(..)
                | Self::Damaged
                | Self::Split(_)
                | Self::Padded(_)
                | Self::Nested(_)
                | Self::Changed(..)
        );
        Written {
            bytes,
            is_last: matches!(self, Self::Cut(_)),
            is_true: is_kept,
        }
    }

    /// Returns the frames of an event; `message` makes a message of a text.
    fn frames(&self, event: &Dispatch, message: &mut dyn FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let text = event.text();
        match self {
            Self::Cut(bytes) => {
                let mut whole = message(text.as_bytes());
                whole.truncate(*bytes);
                whole
            }
            Self::Twice => [message(text.as_bytes()), message(text.as_bytes())].concat(),
            Self::After(TEXT, payload) => [message(payload), message(text.as_bytes())].concat(),
            Self::After(first, payload) => {
                [frame(*first, payload), message(text.as_bytes())].concat()
            }
            _ => message(self.text(event).as_bytes()),
        }
    }

    /// Returns the changed text of an event.
    fn text(&self, event: &Dispatch) -> String {
        let Dispatch {
            sequence: s,
            name: t,
            data: d,
        } = event;
        match self {
            Self::Backwards(by) => {
                let s = s.saturating_sub(*by);
                format!(r#"{{"t":"{t}","s":{s},"op":0,"d":{d}}}"#)
            }
            Self::NoSequence => format!(r#"{{"t":"{t}","op":0,"d":{d}}}"#),
            Self::NoType => format!(r#"{{"s":{s},"op":0,"d":{d}}}"#),
            Self::UnknownType => format!(r#"{{"t":"SIMULATED_{t}","s":{s},"op":0,"d":{d}}}"#),
            Self::Padded(bytes) => {
                let padding = " ".repeat(*bytes);
                format!(r#"{{"t":"{t}","s":{s},"op":0,"d":{padding}{d}}}"#)
            }
            Self::Changed(pointer, value) => {
                let d = changed(d, pointer, value.as_ref());
                format!(r#"{{"t":"{t}","s":{s},"op":0,"d":{d}}}"#)
            }
            Self::Nested(depth) => {
                let (open, close) = ("[".repeat(*depth), "]".repeat(*depth));
                let rest = d.strip_prefix('{').unwrap_or("}");
                let comma = if rest.starts_with('}') { "" } else { "," };
                format!(
                    r#"{{"t":"{t}","s":{s},"op":0,"d":{{"simulated":{open}{close}{comma}{rest}}}"#
                )
            }
            _ => event.text(),
        }
    }
}

/// Returns a function that makes a message of a text, compressed or not.
fn message(mut packer: Option<&mut Packer>) -> impl FnMut(&[u8]) -> Vec<u8> {
    move |text| match packer.as_mut() {
        Some(packer) => frame(BINARY, &packer.pack(text)),
        None => frame(TEXT, text),
    }
}

/// Returns JSON with another value at a pointer, or without that value.
fn changed(json: &str, pointer: &str, value: Option<&Value>) -> String {
    let mut data: Value = serde_json::from_str(json).unwrap_or_default();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    let name = name.replace("~1", "/").replace("~0", "~");
    match (data.pointer_mut(parent), value) {
        (Some(Value::Object(fields)), Some(value)) => drop(fields.insert(name, value.clone())),
        (Some(Value::Object(fields)), None) => drop(fields.remove(&name)),
        (Some(Value::Array(items)), value) => {
            let place = name.parse().ok();
            if let Some(item) = place.and_then(|place: usize| items.get_mut(place)) {
                *item = value.cloned().unwrap_or_default();
            }
        }
        _ => {}
    }
    data.to_string()
}

/// Returns a whole frame from a server. (RFC 6455, 5.2.)
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let mut frame = vec![first];
    if let (Ok(length), true) = (u8::try_from(length), length < 126) {
        frame.push(length);
    } else if let Ok(length) = u16::try_from(length) {
        frame.push(126);
        frame.extend(length.to_be_bytes());
    } else {
        frame.push(127);
        frame.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }
    frame.extend(payload);
    frame
}
