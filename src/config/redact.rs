//! Redacts values that others may read.

use std::borrow::Cow;

use url::{Url, form_urlencoded};

const MASK: &str = "***";
/// Parts of the names of parameters with secrets.
const TELLING: [&str; 7] = ["pass", "pwd", "token", "secret", "key", "auth", "sig"];
/// How often a name may be percent-encoded.
const MOST_ENCODINGS: usize = 8;

/// Returns the text unchanged.
pub(super) fn plain(text: &str) -> String {
    text.to_owned()
}

/// Masks the whole value.
pub(super) fn whole(_: &str) -> String {
    MASK.to_owned()
}

/// Masks the password of a URL, and the values of secret parameters.
pub(super) fn url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        let parameters = text.split(['?', '#']).skip(1);
        let is_secret = text.contains('@') || parameters.into_iter().any(|it| masked(it).is_some());
        return if is_secret { MASK } else { text }.to_owned();
    };
    let has_password = url.password().is_some();
    let (query, fragment) = (url.query().and_then(masked), url.fragment().and_then(masked));
    if !has_password && query.is_none() && fragment.is_none() {
        return text.to_owned();
    }
    if has_password && url.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    if query.is_some() {
        url.set_query(query.as_deref());
    }
    if fragment.is_some() {
        url.set_fragment(fragment.as_deref());
    }
    url.into()
}

/// Masks a database URL. A URL that cannot be parsed with certainty is masked as a whole.
pub(super) fn database_url(text: &str) -> String {
    match Url::parse(text) {
        // With two, one may be part of the password, which continues after the first.
        _ if text.matches('@').count() > 1 => MASK.to_owned(),
        // An `@` without a user means that a slash in the password moved it out of the user's part.
        Ok(parsed) if !text.contains('@') || !parsed.username().is_empty() => url(text),
        _ => MASK.to_owned(),
    }
}

/// Masks the values of secret parameters; `None` when there are none.
fn masked(parameters: &str) -> Option<String> {
    let mut is_masked = false;
    let pairs = parameters.split_inclusive(['&', ';']).map(|pair| {
        let end = pair.find(['&', ';']).unwrap_or(pair.len());
        match pair[..end].split_once('=') {
            Some((name, _)) if is_telling(name) => {
                is_masked = true;
                format!("{name}={MASK}{}", &pair[end..])
            }
            _ => pair.to_owned(),
        }
    });
    let pairs: String = pairs.collect();
    is_masked.then_some(pairs)
}

/// Compares decoded names, because whoever reads the URL decodes them too.
fn is_telling(name: &str) -> bool {
    let mut name = Cow::Borrowed(name);
    for _ in 0..MOST_ENCODINGS {
        let decoded = form_urlencoded::parse(name.as_bytes());
        let decoded: String = decoded.map(|(name, _)| name).collect();
        if decoded == name {
            let name = name.to_lowercase();
            return TELLING.iter().any(|part| name.contains(part));
        }
        name = Cow::Owned(decoded);
    }
    // A name that is encoded more often is treated as a secret.
    true
}
