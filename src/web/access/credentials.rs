//! What a request says of itself.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use sectorwatch_access::{Scopes, Tokens};

use sectorwatch_core::Time;

/// The only scheme, in any case.
const SCHEME: &[u8] = b"bearer ";

/// The token of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Credentials {
    /// There is none.
    None,
    /// A valid one, with its name and scopes.
    Token(Arc<str>, Scopes),
    /// One that is unknown, has expired or is no token.
    Wrong,
}

impl Credentials {
    /// Reads the header `Authorization`. Tokens stand nowhere else, because URLs are logged by proxies and browsers.
    pub fn of(headers: &HeaderMap, tokens: &Tokens, now: Time) -> Self {
        let mut given = headers.get_all(AUTHORIZATION);
        let (Some(value), None) = (given.next(), given.next()) else {
            return match headers.contains_key(AUTHORIZATION) {
                true => Self::Wrong,
                false => Self::None,
            };
        };
        let token = value.as_bytes().split_at_checked(SCHEME.len());
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case(SCHEME));
        let entry = token.and_then(|(_, token)| tokens.find(token.trim_ascii(), now));
        entry.map_or(Self::Wrong, |entry| Self::Token(entry.name.clone(), entry.scopes))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use sectorwatch_access::Digest;

    use super::*;

    #[test]
    fn a_token_stands_in_the_header_once() {
        let line = format!("bot:read,export:{}:1970-01-01T00:01:00Z", Digest::of(b"sw_abc"));
        let tokens = Tokens::read(&line).expect("a line");
        let rows: [(&[&str], i64, &str); 12] = [
            (&[], 0, "none"),
            (&["Bearer sw_abc"], 0, "bot read,export"),
            (&["bearer  sw_abc "], 0, "bot read,export"),
            (&["Bearer sw_abc"], 60, "wrong"),
            (&["Bearer sw_abd"], 0, "wrong"),
            (&["Bearer "], 0, "wrong"),
            (&["Bearer"], 0, "wrong"),
            (&["sw_abc"], 0, "wrong"),
            (&["Basic sw_abc"], 0, "wrong"),
            (&["Digest sw_abc"], 0, "wrong"),
            (&[""], 0, "wrong"),
            (&["Bearer sw_abc", "Bearer sw_abc"], 0, "wrong"),
        ];
        for (given, seconds, expected) in rows {
            let mut headers = HeaderMap::new();
            for value in given {
                headers.append(AUTHORIZATION, HeaderValue::from_str(value).expect("a value"));
            }
            let now = Time::from_timestamp(seconds, 0).expect("a time");
            let found = match Credentials::of(&headers, &tokens, now) {
                Credentials::None => "none".to_owned(),
                Credentials::Wrong => "wrong".to_owned(),
                Credentials::Token(name, scopes) => format!("{name} {scopes}"),
            };
            assert_eq!(found, expected, "{given:?}");
        }
    }
}
