//! Forms with files. (RFC 7578, as far as Discord's clients use it.)

use serde_json::Value;

/// A file that was uploaded.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) size: usize,
}

/// Returns the boundary of a form with parts, if it is one.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.strip_prefix("multipart/form-data")?;
    let (_, boundary) = parameters.split_once("boundary=")?;
    Some(boundary.trim_matches('"'))
}

/// Reads the JSON and the files of a form.
pub(crate) fn read(body: &[u8], boundary: &str) -> Option<(Value, Vec<File>)> {
    let mut form = Value::Object(serde_json::Map::new());
    let mut files = Vec::new();
    for part in split(body, format!("--{boundary}").as_bytes()) {
        let Some(end) = find(part, b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&part[..end]).into_owned();
        let content = part[end + 4..]
            .strip_suffix(b"\r\n")
            .unwrap_or(&part[end + 4..]);
        if let Some(name) = parameter(&head, "filename") {
            files.push(File {
                name,
                size: content.len(),
            });
        } else if parameter(&head, "name").as_deref() == Some("payload_json") {
            form = serde_json::from_slice(content).ok()?;
        }
    }
    Some((form, files))
}

fn parameter(head: &str, name: &str) -> Option<String> {
    let (_, value) = head.split_once(&format!(" {name}=\""))?;
    let (value, _) = value.split_once('"')?;
    Some(value.to_owned())
}

fn split<'a>(body: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(start) = find(rest, separator) {
        parts.push(&rest[..start]);
        rest = &rest[start + separator.len()..];
    }
    parts.push(rest);
    parts
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_apart() {
        let body = b"--X\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"a\"}\r\n\
                     --X\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\n\r\n12345\r\n--X--\r\n";

        let (form, files) =
            read(body, boundary("multipart/form-data; boundary=X").unwrap()).unwrap();

        assert_eq!(form["content"], "a");
        assert_eq!((files[0].name.as_str(), files[0].size), ("a.txt", 5));
    }
}
