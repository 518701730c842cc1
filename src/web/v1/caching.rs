//! What a client may keep: answers for closed spans, which change only with the version of the data.

use actix_web::{
    HttpRequest,
    http::header::{EntityTag, Header as _, IfNoneMatch},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::Mac as _;

use super::{cursor::SealingKey, params::known::TO, request::Request};

/// The tag of an answer that a client may keep.
///
/// It is a seal over everything that the answer depends on. Only an answer that was closed ever had one, and what is
/// closed stays so while the version of the data is the same. A tag that is right now therefore proves that the answer
/// is still the same, without a look at the rows.
pub struct Kept(String);

impl Kept {
    /// The tag of the answer to this request at this version of the data.
    pub fn of(request: &Request, key: &SealingKey, data_version: i64) -> Self {
        let (query, scopes) = (request.query.whole(), request.scopes());
        let parts = [request.http.path(), &query, &scopes, request.coding.as_str()];
        Self::seal(key, parts, data_version)
    }

    fn seal(key: &SealingKey, parts: [&str; 4], data_version: i64) -> Self {
        let mut seal = key.begin("tag");
        for part in parts {
            seal.update(&(part.len() as u64).to_be_bytes());
            seal.update(part.as_bytes());
        }
        seal.update(&data_version.to_be_bytes());
        Self(URL_SAFE_NO_PAD.encode(&seal.finalize().into_bytes()[..16]))
    }

    /// The header's value, a strong tag.
    pub fn tag(&self) -> EntityTag {
        EntityTag::new_strong(self.0.clone())
    }

    /// Whether the client says that it has this answer. `*` says nothing of what it has.
    pub fn is_named_by(&self, request: &HttpRequest) -> bool {
        match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag())),
            _ => false,
        }
    }
}

impl Request {
    /// Whether the answer has an end that lies before the mark, perhaps.
    pub fn may_be_closed(&self) -> bool {
        self.query.get(&TO).is_some()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header::IF_NONE_MATCH, test::TestRequest};

    use super::*;

    const PARTS: [&str; 4] = ["/api/v1/visits", "to=2026-07-01T00:00:00Z", "read", "gzip"];

    fn key() -> SealingKey {
        SealingKey::new(b"a key").expect("a key")
    }

    #[test]
    fn a_tag_depends_on_each_part_and_on_the_version() {
        let tag = |parts, version| Kept::seal(&key(), parts, version).0;
        let first = tag(PARTS, 7);
        assert_eq!(first, tag(PARTS, 7));
        assert_ne!(first, tag(PARTS, 8));
        for part in 0..PARTS.len() {
            let mut other = PARTS;
            other[part] = "other";
            assert_ne!(first, tag(other, 7), "part {part}");
        }
        let [path, query, scopes, coding] = PARTS;
        let shifted = ["/api/v1/visit", &format!("s{query}"), scopes, coding];
        assert_ne!(first, tag(shifted, 7), "of {path}");
        assert_ne!(first, Kept::seal(&SealingKey::new(b"other").expect("a key"), PARTS, 7).0);
    }

    #[test]
    fn a_client_may_name_several_tags_but_not_all() {
        let kept = Kept::seal(&key(), PARTS, 7);
        let tag = kept.tag().to_string();
        let rows = [
            (tag.clone(), true),
            (format!("W/{tag}"), true),
            (format!("\"other\", {tag}"), true),
            ("\"other\"".to_owned(), false),
            ("*".to_owned(), false),
            (tag.replace('"', ""), false),
        ];
        for (named, is_it) in rows {
            let request = TestRequest::default().insert_header((IF_NONE_MATCH, named.clone()));
            assert_eq!(kept.is_named_by(&request.to_http_request()), is_it, "{named}");
        }
    }
}
