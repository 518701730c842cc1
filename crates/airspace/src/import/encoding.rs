//! Text in whatever encoding the community's editors leave it.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// The text of a file, see [`Source::text`](super::Source::text).
pub(super) fn text(bytes: &[u8]) -> String {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned()
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // Line by line: a name that one editor has saved in another encoding spoils no other name.
            Err(_) => bytes.split_inclusive(|&byte| byte == b'\n').map(line).collect(),
        },
    }
}

fn line(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(line) => Cow::Borrowed(line),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_byte_of_windows_1252_spoils_no_other_line() {
        assert_eq!(text("a \u{b7}\nb\n".as_bytes()), "a \u{b7}\nb\n");
        assert_eq!(text(b"a \xc2\xb7\nb \xb7\n\xe9"), "a \u{b7}\nb \u{b7}\n\u{e9}");
        assert_eq!(text(b"\xef\xbb\xbfa"), "a");
        assert_eq!(text(b"\xff\xfea\0\xb7\0"), "a\u{b7}");
    }
}
