//! Text in whatever encoding the community's editors leave it.

use std::{borrow::Cow, ops::Range};

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

/// The text of a file of a format that is written in UTF-8, into which an editor may have put bytes of
/// Windows-1252: only they are read as that, so that one of them costs no other name its letters.
pub(super) struct Mixed {
    pub text: String,
    /// Where in the text the characters stand that were no UTF-8, ascending.
    foreign: Vec<usize>,
}

impl Mixed {
    /// Reads the bytes of a file.
    pub fn read(bytes: &[u8]) -> Self {
        let mut mixed = Self { text: String::new(), foreign: Vec::new() };
        match Encoding::for_bom(bytes) {
            Some((encoding, mark)) if encoding == encoding_rs::UTF_8 => mixed.add(&bytes[mark..]),
            Some(_) => mixed.text = text(bytes),
            None => mixed.add(bytes),
        }
        mixed
    }

    fn add(&mut self, bytes: &[u8]) {
        self.text.reserve(bytes.len());
        for chunk in bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.foreign.push(self.text.len());
                let decoded = WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0;
                self.text.push_str(&decoded);
            }
        }
    }

    /// Whether a part of the text holds a character that was no UTF-8.
    pub fn is_foreign(&self, part: Range<usize>) -> bool {
        let next = self.foreign.partition_point(|&at| at < part.start);
        self.foreign.get(next).is_some_and(|&at| at < part.end)
    }
}

/// What the report says of an element in which [`Mixed::is_foreign`] holds.
pub(super) const READ_AS_WINDOWS_1252: &str =
    "bytes that are no UTF-8 were read as Windows-1252: check its letters";

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
