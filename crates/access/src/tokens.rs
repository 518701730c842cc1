//! The file of tokens.

use std::{collections::HashSet, str::Lines};

use chrono::{DateTime, Utc};

use super::{BadEntry, Digest, Entry};

/// How many tokens a file may have: each request is compared with all of them.
pub const MOST_TOKENS: usize = 1_000;

/// All tokens that may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens(Vec<Entry>);

/// A line that cannot be used. It holds no part of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {reason}")]
pub struct BadLine {
    /// The number of the line, from 1.
    pub number: usize,
    /// What is wrong with it.
    pub reason: BadLineReason,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLineReason {
    /// It is not that of a token.
    #[error(transparent)]
    Entry(#[from] BadEntry),
    /// An earlier line has the name.
    #[error("an earlier line has the same name")]
    SameName,
    /// An earlier line has the digest, so that the token would have two names.
    #[error("an earlier line has the same digest")]
    SameDigest,
    /// There are more tokens than the service compares.
    #[error("a file has at most 1000 tokens")]
    TooMany,
}

impl Tokens {
    /// Reads a file: one line a token. Empty lines, and lines that begin with `#`, are skipped.
    ///
    /// # Errors
    /// A line cannot be used.
    pub fn read(text: &str) -> Result<Self, BadLine> {
        let (mut entries, mut names, mut digests) = (Vec::new(), HashSet::new(), HashSet::new());
        for (number, line) in lines(text.lines()) {
            let bad = |reason: BadLineReason| BadLine { number, reason };
            let entry = Entry::read(line).map_err(|reason| bad(reason.into()))?;
            if !names.insert(entry.name.clone()) {
                return Err(bad(BadLineReason::SameName));
            }
            if !digests.insert(entry.digest.to_string()) {
                return Err(bad(BadLineReason::SameDigest));
            }
            if entries.len() == MOST_TOKENS {
                return Err(bad(BadLineReason::TooMany));
            }
            entries.push(entry);
        }
        Ok(Self(entries))
    }

    /// The entry of a token that is valid at this time.
    ///
    /// The digest is compared with each other one as a whole, so that the time tells nothing of how much of a token
    /// is right.
    pub fn find(&self, token: &[u8], now: DateTime<Utc>) -> Option<&Entry> {
        let digest = Digest::of(token);
        let mut found = None;
        for entry in &self.0 {
            if entry.digest == digest {
                found = Some(entry);
            }
        }
        found.filter(|entry| entry.is_valid_at(now))
    }

    /// All entries, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

/// The lines that are meant for a program, with their numbers from 1.
fn lines(lines: Lines<'_>) -> impl Iterator<Item = (usize, &str)> {
    let is_meant = |(_, line): &(usize, &str)| !line.trim().is_empty() && !line.starts_with('#');
    (1..).zip(lines).filter(is_meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, token: &str, expires: &str) -> String {
        format!("{name}:read:{}{expires}\n", Digest::of(token.as_bytes()))
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    #[test]
    fn a_token_is_found_by_itself_until_it_expires() {
        let text = [
            "# of the division\n\n",
            &line("bot", "sw_a", ""),
            "  \r\n",
            &line("old", "sw_b", ":1970-01-01T00:01:00Z"),
        ];
        let tokens = Tokens::read(&text.concat()).expect("a file");
        let name = |token: &str, seconds| {
            tokens.find(token.as_bytes(), at(seconds)).map(|entry| &*entry.name)
        };
        assert_eq!(tokens.entries().len(), 2);
        assert_eq!((name("sw_a", 0), name("sw_a", 1_000)), (Some("bot"), Some("bot")));
        assert_eq!((name("sw_b", 59), name("sw_b", 60)), (Some("old"), None));
        assert_eq!((name("sw_c", 0), name("", 0), name("bot", 0)), (None, None, None));
        assert!(Tokens::read("").expect("an empty file").entries().is_empty());
    }

    #[test]
    fn a_bad_line_is_told_by_its_number_and_without_its_text() {
        let (one, other) = (line("one", "sw_1", ""), line("other", "sw_2", ""));
        for (text, message) in [
            (
                format!("{one}\n# no more\n{}", one.replace("one:", "uno:")),
                "line 4: an earlier line has the same digest",
            ),
            (
                format!("{one}{other}{}", line("one", "sw_3", "")),
                "line 3: an earlier line has the same name",
            ),
            (format!("\n{one}secret"), "line 3: it is not name:scopes:sha256-hex[:expires]"),
        ] {
            let error = Tokens::read(&text).expect_err(&text).to_string();
            assert_eq!(error, message);
        }
        let many = |count: usize| {
            (0..count).map(|n| line(&n.to_string(), &n.to_string(), "")).collect::<String>()
        };
        assert!(Tokens::read(&many(MOST_TOKENS)).is_ok());
        let error = Tokens::read(&many(MOST_TOKENS + 1)).expect_err("too many");
        assert_eq!((error.number, error.reason), (MOST_TOKENS + 1, BadLineReason::TooMany));
    }
}
