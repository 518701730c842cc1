//! Text in whatever encoding the community's editors leave it.

use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The text of a file: UTF-8, with or without a mark, or UTF-16 with one. Bytes that are neither are read as
/// Windows-1252, and only they: one of them costs no other name its letters.
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
            Some((encoding, mark)) if encoding == UTF_8 => mixed.add(&bytes[mark..]),
            Some((encoding, mark)) => {
                mixed.text = encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
            }
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

    /// The names of the members of an object in which bytes were no UTF-8. `object` and the values are parts of the
    /// text; a name stands between the value before it and its own.
    pub fn foreign_members<'m>(
        &self,
        object: &str,
        members: impl IntoIterator<Item = (&'m String, &'m str)>,
    ) -> Vec<String> {
        let mut start = self.place(object).start;
        let is_foreign = |(_, value): &(&String, &str)| {
            let end = self.place(value).end;
            self.is_foreign(std::mem::replace(&mut start, end)..end)
        };
        members.into_iter().filter(is_foreign).map(|(name, _)| name.clone()).collect()
    }

    /// Where a part of the text stands in it.
    pub fn place(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        start..start + part.len()
    }
}

/// What the report says of an element in which [`Mixed::is_foreign`] holds.
pub(super) const READ_AS_WINDOWS_1252: &str =
    "bytes that are no UTF-8 were read as Windows-1252: check its letters";

#[cfg(test)]
mod tests {
    use super::Mixed;

    fn text(bytes: &[u8]) -> String {
        Mixed::read(bytes).text
    }

    #[test]
    fn a_byte_of_windows_1252_spoils_no_other_name() {
        assert_eq!(text("a \u{b7}\nb\n".as_bytes()), "a \u{b7}\nb\n");
        assert_eq!(text(b"a \xc2\xb7, b \xb7\n\xe9"), "a \u{b7}, b \u{b7}\n\u{e9}");
        assert_eq!(text(b"\xef\xbb\xbfa"), "a");
        assert_eq!(text(b"\xff\xfea\0\xb7\0"), "a\u{b7}");
    }

    #[test]
    fn the_part_with_such_a_byte_is_known() {
        let mixed = Mixed::read(b"\xc2\xb7,b\xb7,c");
        let parts: Vec<bool> =
            mixed.text.split(',').map(|part| mixed.is_foreign(mixed.place(part))).collect();
        assert_eq!(parts, [false, true, false]);
    }
}
