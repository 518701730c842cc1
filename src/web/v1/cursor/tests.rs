use chrono::{TimeDelta, Utc};
use serde::Deserialize;

use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Key {
    first_seen: Time,
    id: i64,
}

const WALK: Walk = Walk { path: "/api/v1/flights", filters: "callsign=QFA12", scopes: "read" };

fn key() -> SealingKey {
    SealingKey::new(b"0123456789abcdef0123456789abcdef").expect("a key")
}

fn cursor() -> Cursor<Key> {
    let mark = Time::UNIX_EPOCH + TimeDelta::microseconds(1_782_907_200_000_001);
    Cursor { key: Key { first_seen: mark, id: i64::MAX }, mark }
}

fn code(text: &str, walk: Walk) -> Code {
    Cursor::<Key>::open(text, &key(), walk).expect_err("refused").code()
}

#[test]
fn a_cursor_comes_back_as_it_was() {
    let text = cursor().seal(&key(), WALK).expect("a cursor");
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{text}");
    assert_eq!(Cursor::open(&text, &key(), WALK), Ok(cursor()));
}

#[test]
fn a_cursor_of_another_walk_is_a_mismatch() {
    let text = cursor().seal(&key(), WALK).expect("a cursor");
    for walk in [
        Walk { path: "/api/v1/visits", ..WALK },
        Walk { filters: "callsign=QFA1", ..WALK },
        Walk { filters: "", ..WALK },
        Walk { scopes: "read,personal", ..WALK },
        // What is shifted from one part to the next is another walk, too.
        Walk { path: "/api/v1/flight", filters: "scallsign=QFA12", ..WALK },
    ] {
        assert_eq!(code(&text, walk), Code::CursorMismatch, "{walk:?}");
    }
}

#[test]
fn every_changed_bit_of_a_cursor_is_found() {
    let text = cursor().seal(&key(), WALK).expect("a cursor");
    let bytes = URL_SAFE_NO_PAD.decode(&text).expect("base64");
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(code(&URL_SAFE_NO_PAD.encode(&changed), WALK), Code::BadCursor, "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert_eq!(code(&URL_SAFE_NO_PAD.encode(&bytes[..length]), WALK), Code::BadCursor);
    }
    let long = "A".repeat(2_000);
    for text in ["", "no base64!", "AAAA", &format!("{text}="), &format!("{text}AA"), &long] {
        assert_eq!(code(text, WALK), Code::BadCursor, "{text}");
    }
}

#[test]
fn a_cursor_of_another_database_is_bad() {
    let other = SealingKey::new(b"another").expect("a key");
    let text = cursor().seal(&other, WALK).expect("a cursor");
    assert_eq!(code(&text, WALK), Code::BadCursor);
    assert!(SealingKey::new(b"").is_none());
}

#[test]
fn a_cursor_of_another_version_or_key_is_bad() {
    let sealed = |mut bytes: Vec<u8>| {
        let seal = key().of_cursor(&bytes);
        bytes.extend(seal.finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let text = cursor().seal(&key(), WALK).expect("a cursor");
    let mut bytes = URL_SAFE_NO_PAD.decode(&text).expect("base64");
    bytes.truncate(bytes.len() - MAC_BYTES);
    assert_eq!(sealed(bytes.clone()), text);
    let mut other_version = bytes.clone();
    other_version[0] = 2;
    assert_eq!(code(&sealed(other_version), WALK), Code::BadCursor);
    assert_eq!(code(&sealed(bytes[..KEY_AT].to_vec()), WALK), Code::BadCursor);
    assert_eq!(code(&sealed(Vec::new()), WALK), Code::BadCursor);
    #[derive(Debug, Serialize, Deserialize)]
    struct Other {
        name: String,
    }
    let cursor = Cursor { key: Other { name: "x".into() }, mark: Utc::now() };
    assert_eq!(code(&cursor.seal(&key(), WALK).expect("a cursor"), WALK), Code::BadCursor);
}
