//! A token as its file knows it.

use std::{fmt, sync::Arc};

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Digest, Scopes};

const LONGEST_NAME: usize = 64;

/// A line of the file of tokens: `name:scopes:sha256-hex[:expires]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name in logs and metrics.
    pub name: Arc<str>,
    /// What a request with the token may do.
    pub scopes: Scopes,
    /// By this, the token is known.
    pub digest: Digest,
    /// From then on, the token is not valid any more; `None` for ever.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why a line is not that of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    /// There are too few members.
    #[error("it is not name:scopes:sha256-hex[:expires]")]
    Form,
    /// The name is empty, too long, or has other characters.
    #[error(
        "the name is not 1 to 64 visible ASCII characters without ':', of which the first is not '#'"
    )]
    Name,
    /// A scope is unknown, or there is none.
    #[error("the scopes are not one or more of read, export and personal, separated by commas")]
    Scopes,
    /// The digest has another form.
    #[error("the digest is not 64 hex digits")]
    Digest,
    /// The time has another form.
    #[error("the time of expiry is not as RFC 3339 writes it, such as 2027-01-31T00:00:00Z")]
    Expiry,
}

/// Whether a token can have this name: it stands in the file, in logs and in metrics.
pub fn is_name(name: &str) -> bool {
    let fits = (1..=LONGEST_NAME).contains(&name.len()) && !name.starts_with('#');
    fits && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

impl Entry {
    /// Reads a line.
    ///
    /// # Errors
    /// A member is missing or cannot be read. The error holds no part of the line.
    pub fn read(line: &str) -> Result<Self, BadEntry> {
        let mut members = line.splitn(4, ':');
        let mut next = || members.next().ok_or(BadEntry::Form);
        let (name, scopes, digest, expires) = (next()?, next()?, next()?, next().ok());
        if !is_name(name) {
            return Err(BadEntry::Name);
        }
        let scopes = Scopes::read(scopes).map_err(|_| BadEntry::Scopes)?;
        if scopes.is_empty() {
            return Err(BadEntry::Scopes);
        }
        let digest = Digest::read(digest).ok_or(BadEntry::Digest)?;
        let expires_at = expires.map(DateTime::parse_from_rfc3339).transpose();
        let expires_at = expires_at.map_err(|_| BadEntry::Expiry)?.map(|time| time.to_utc());
        Ok(Self { name: name.into(), scopes, digest, expires_at })
    }

    /// Whether the token is valid at this time.
    pub fn is_valid_at(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// The line in the file.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.name, self.scopes, self.digest)?;
        match self.expires_at {
            Some(time) => write!(f, ":{}", time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_line_is_read_as_it_is_written() {
        for (line, written) in [
            (format!("bot:read:{HEX}"), format!("bot:read:{HEX}")),
            (format!("a@b.c/d:export, read:{HEX}"), format!("a@b.c/d:read,export:{HEX}")),
            (
                format!("bot:personal:{HEX}:2027-01-31T10:00:00+10:00"),
                format!("bot:personal:{HEX}:2027-01-31T00:00:00Z"),
            ),
        ] {
            let entry = Entry::read(&line).expect(&line);
            assert_eq!(entry.to_string(), written);
            assert_eq!(Entry::read(&written), Ok(entry));
        }
    }

    #[test]
    fn a_line_with_anything_else_is_refused() {
        let name = |name: &str| format!("{name}:read:{HEX}");
        for (line, expected) in [
            ("bot".to_owned(), BadEntry::Form),
            ("bot:read".to_owned(), BadEntry::Form),
            (name(""), BadEntry::Name),
            (name("a b"), BadEntry::Name),
            (name("a\tb"), BadEntry::Name),
            (name(" bot"), BadEntry::Name),
            (name("#bot"), BadEntry::Name),
            (name("büro"), BadEntry::Name),
            (name(&"n".repeat(65)), BadEntry::Name),
            (format!("bot::{HEX}"), BadEntry::Scopes),
            (format!("bot:write:{HEX}"), BadEntry::Scopes),
            (format!("bot:read:{}", &HEX[1..]), BadEntry::Digest),
            ("bot:read:sw_abc".to_owned(), BadEntry::Digest),
            (format!("bot:read:{HEX} "), BadEntry::Digest),
            (format!("bot:read:{HEX}:"), BadEntry::Expiry),
            (format!("bot:read:{HEX}:2027-01-31"), BadEntry::Expiry),
            (format!("bot:read:{HEX}:2027-01-31T00:00:00Z:x"), BadEntry::Expiry),
        ] {
            assert_eq!(Entry::read(&line), Err(expected), "{line:?}");
        }
        assert!(is_name(&"n".repeat(64)));
    }

    #[test]
    fn a_token_is_valid_until_it_expires() {
        let entry = Entry::read(&format!("bot:read:{HEX}:2027-01-31T00:00:00Z")).expect("a line");
        let at = |time: &str| DateTime::parse_from_rfc3339(time).expect("a time").to_utc();
        assert!(entry.is_valid_at(at("2027-01-30T23:59:59.999Z")));
        assert!(!entry.is_valid_at(at("2027-01-31T00:00:00Z")));
    }
}
