//! How a value is shown where others may read it.

use std::borrow::Cow;

use url::{Url, form_urlencoded};

const MASK: &str = "***";
/// What is part of the name of a parameter that holds a secret.
const TELLING: [&str; 7] = ["pass", "pwd", "token", "secret", "key", "auth", "sig"];
/// So often a name may be encoded.
const MOST_ENCODINGS: usize = 8;

/// The text as it is.
pub(super) fn plain(text: &str) -> String {
    text.to_owned()
}

/// Masks the whole value.
pub(super) fn whole(_: &str) -> String {
    MASK.to_owned()
}

/// A URL with its password, and the values of telling parameters, masked.
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

/// A database's URL. What cannot be taken apart with certainty is masked as a whole.
pub(super) fn database_url(text: &str) -> String {
    match Url::parse(text) {
        // Of two, one may be a part of the password, which goes on after the first.
        _ if text.matches('@').count() > 1 => MASK.to_owned(),
        // An `@` without a user: a slash in the password moved it out of the user's part.
        Ok(parsed) if !text.contains('@') || !parsed.username().is_empty() => url(text),
        _ => MASK.to_owned(),
    }
}

/// The parameters with the values of telling ones masked; `None` when none is.
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

/// In any spelling: who reads the URL decodes the names of its parameters.
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
    // Nobody hides what is no secret so well.
    true
}
