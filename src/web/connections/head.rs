//! Finds the end of a request's head byte by byte: an empty line.

use std::time::Instant;

/// The head that is being read, or the bytes after it.
#[derive(Debug, Default)]
pub struct Head {
    /// The number of bytes so far.
    pub bytes: usize,
    /// When the first byte arrived.
    pub begun: Option<Instant>,
    line: Line,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Line {
    #[default]
    Begun,
    Ended,
    EndedAndReturned,
}

impl Head {
    /// Returns how many of these bytes belong to this head. Another head begins after its end.
    pub fn take(&mut self, bytes: &[u8], now: Instant) -> usize {
        self.begun.get_or_insert(now);
        for (index, byte) in bytes.iter().enumerate() {
            self.line = match (self.line, byte) {
                (Line::Ended | Line::EndedAndReturned, b'\n') => {
                    *self = Self::default();
                    return index + 1;
                }
                (Line::Ended, b'\r') => Line::EndedAndReturned,
                (_, b'\n') => Line::Ended,
                _ => Line::Begun,
            };
        }
        self.bytes += bytes.len();
        bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_head_at_a_time() {
        let now = Instant::now();
        let heads = ["GET / HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.1\n\n", "X\r\n\n", "Y\n\r\n"];
        let all = heads.concat();
        for size in 1..all.len() {
            let (mut head, mut taken, mut ends) = (Head::default(), 0, Vec::new());
            while taken < all.len() {
                let some = &all.as_bytes()[taken..(taken + size).min(all.len())];
                taken += head.take(some, now);
                if head.begun.is_none() {
                    ends.push(taken);
                    assert_eq!(head.bytes, 0);
                }
            }
            let expected = heads.iter().scan(0, |sum, head| {
                *sum += head.len();
                Some(*sum)
            });
            assert_eq!(ends, expected.collect::<Vec<_>>(), "{size} bytes at once");
        }
        let mut head = Head::default();
        head.take(b"GET / HTTP/1.1\r\nA: ", now);
        head.take(&[b'a'; 100], now);
        assert_eq!((head.bytes, head.begun), (119, Some(now)));
    }
}
