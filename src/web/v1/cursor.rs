//! Cursors: where a page ended, sealed so that only a service with the same database accepts it.
//!
//! A cursor is base64url of: a version byte, the mark in microseconds (8 bytes), a digest of what the walk is of
//! (16), the key of the last row as JSON, and an HMAC-SHA256 of all that (32). It is not secret: its key is one that
//! the page shows.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use crate::web::problem::{Code, Problem};
use sectorwatch_core::Time;

const VERSION: u8 = 1;
const MARK_AT: usize = 1;
const DIGEST_AT: usize = 9;
const KEY_AT: usize = 25;
const MAC_BYTES: usize = 32;
/// No key is as long; refused before it is decoded.
const LONGEST: usize = 1024;

/// What cursors and tags of one database are sealed with.
#[derive(Clone)]
pub struct SealingKey(Hmac<Sha256>);

impl SealingKey {
    /// A key of the bytes that all instances read from one database; `None` for no bytes.
    pub fn new(secret: &[u8]) -> Option<Self> {
        if secret.is_empty() { None } else { Hmac::new_from_slice(secret).ok().map(Self) }
    }

    /// Begins a seal for one purpose, so that a seal of one kind is none of another.
    pub fn begin(&self, purpose: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac
    }

    fn of_cursor(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.begin("cursor");
        mac.update(bytes);
        mac
    }
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<K> {
    /// The key of its last row.
    pub key: K,
    /// The mark at the first page: the bound of the whole walk.
    pub mark: Time,
}

/// What a walk is of: its cursors hold for nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// The path as it was requested.
    pub path: &'a str,
    /// The filters in their normal form.
    pub filters: &'a str,
    /// The scopes of the caller.
    pub scopes: &'a str,
}

impl Walk<'_> {
    fn digest(&self) -> [u8; 16] {
        let mut digest = Sha256::new();
        for part in [self.path, self.filters, self.scopes] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let mut short = [0; 16];
        short.copy_from_slice(&digest.finalize()[..16]);
        short
    }
}

impl<K: Serialize + DeserializeOwned> Cursor<K> {
    /// The cursor as text.
    ///
    /// # Errors
    /// The key cannot be written as JSON.
    pub fn seal(&self, key: &SealingKey, walk: Walk) -> serde_json::Result<String> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.mark.timestamp_micros().to_be_bytes());
        bytes.extend(walk.digest());
        serde_json::to_writer(&mut bytes, &self.key)?;
        let seal = key.of_cursor(&bytes);
        bytes.extend(seal.finalize().into_bytes());
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a cursor that a service with the same key has sealed.
    ///
    /// # Errors
    /// It is no such cursor, or one of another walk.
    pub fn open(text: &str, key: &SealingKey, walk: Walk) -> Result<Self, Problem> {
        let bad = || Problem::new(Code::BadCursor, "cursor is no cursor of this service.");
        let sealed = match text.len() <= LONGEST {
            true => URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?,
            false => return Err(bad()),
        };
        let length = sealed.len().checked_sub(MAC_BYTES).ok_or_else(bad)?;
        let (bytes, tag) = sealed.split_at(length);
        key.of_cursor(bytes).verify_slice(tag).map_err(|_| bad())?;
        // What follows was written by a service of this database, perhaps of another version.
        if bytes.first() != Some(&VERSION) || bytes.len() <= KEY_AT {
            return Err(bad());
        }
        if bytes[DIGEST_AT..KEY_AT] != walk.digest() {
            let detail =
                "cursor is of another path, other filters or other scopes; begin without it.";
            return Err(Problem::new(Code::CursorMismatch, detail));
        }
        let micros = bytes[MARK_AT..DIGEST_AT].try_into().map_err(|_| bad())?;
        let mark = Time::from_timestamp_micros(i64::from_be_bytes(micros)).ok_or_else(bad)?;
        let key = serde_json::from_slice(&bytes[KEY_AT..]).map_err(|_| bad())?;
        Ok(Self { key, mark })
    }
}

#[cfg(test)]
mod tests;
