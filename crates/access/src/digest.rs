//! Tokens, and the digests by which they are known.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// By this, a token that was published by mistake is recognised.
const PREFIX: &str = "sw_";

/// The token that is made of these random bytes: `sw_` and 43 characters of base64url.
///
/// ```
/// assert_eq!(sectorwatch_access::token([0; 32]), "sw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
/// ```
pub fn token(random: [u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(random))
}

/// The SHA-256 of a token. A token is as random as a key, so that nothing slower is needed.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a token.
    pub fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Reads 64 hex digits.
    pub fn read(hex: &str) -> Option<Self> {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        let digit =
            |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
        let bytes: Option<Vec<u8>> = bytes.collect();
        let bytes = bytes?.try_into().ok().filter(|_| rest.is_empty());
        bytes.map(Self)
    }
}

/// Takes the same time for any two digests.
impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

/// 64 hex digits in lower case.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Not the digits, so that they get into no log.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_all_its_bytes() {
        let token = token([0xff; 32]);
        assert_eq!(token, format!("sw_{}8", "_".repeat(42)));
        assert_eq!(token.len(), 3 + 43);
    }

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), abc);
        assert_eq!(Digest::read(abc), Some(Digest::of(b"abc")));
        assert_eq!(Digest::read(&abc.to_uppercase()), Some(Digest::of(b"abc")));
        assert_ne!(Digest::of(b"abc"), Digest::of(b"abd"));
        for bad in ["", &abc[1..], &format!("{abc}0"), &format!("{abc}00"), &abc.replace('b', "g")]
        {
            assert_eq!(Digest::read(bad), None, "{bad}");
        }
    }
}
