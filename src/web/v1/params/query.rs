//! The query of a request: its parameters, each at most once, and none that the path does not know.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::known::{CURSOR, LIMIT, Parameter};
use crate::web::problem::{Code, Problem};

/// What stands in a query as it is.
const ESCAPED: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');

/// The parameters of a request, decoded, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    given: Vec<(&'static str, String)>,
}

impl Query {
    /// Reads the part of a URL after `?`. An alias is stored under the name that it stands for.
    ///
    /// # Errors
    /// A parameter is not among `accepted` or given twice, or the text is not percent-encoded UTF-8.
    pub fn parse(text: &str, accepted: &[Parameter]) -> Result<Self, Problem> {
        let mut given: Vec<(&'static str, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name)?;
            let is_it = |p: &&Parameter| p.name == name || p.alias == Some(&*name);
            let Some(parameter) = accepted.iter().find(is_it) else {
                return Err(unknown(&name, accepted));
            };
            let name = parameter.name;
            if given.iter().any(|(other, _)| *other == name) {
                let alias =
                    parameter.alias.map_or(String::new(), |a| format!(" ({a} is the same)"));
                let detail = format!("{name}{alias} is given more than once.");
                return Err(Problem::new(Code::BadRequest, detail));
            }
            given.push((name, decoded(value)?));
        }
        given.sort();
        Ok(Self { given })
    }

    /// The value of a parameter; `None` when it is absent.
    pub fn get(&self, parameter: &Parameter) -> Option<&str> {
        let mut given = self.given.iter();
        given.find(|(name, _)| *name == parameter.name).map(|(_, value)| value.as_str())
    }

    /// Replaces the value of a parameter that is given by the normal form of the same value.
    pub fn normalise(&mut self, parameter: &Parameter, normal: impl Into<String>) {
        if let Some((_, value)) = self.given.iter_mut().find(|(name, _)| *name == parameter.name) {
            *value = normal.into();
        }
    }

    /// The filters as a query, without what only says which page it is. Equal filters have the same text once their
    /// values are normal.
    pub fn filters(&self) -> String {
        self.without(&[CURSOR.name, LIMIT.name])
    }

    /// All parameters as a query.
    pub fn whole(&self) -> String {
        self.without(&[])
    }

    /// The query of the page that begins at `cursor`.
    pub fn next(&self, cursor: &str) -> String {
        let mut query = self.without(&[CURSOR.name]);
        append(&mut query, CURSOR.name, cursor);
        query
    }

    fn without(&self, left_out: &[&str]) -> String {
        let mut query = String::new();
        for (name, value) in self.given.iter().filter(|(name, _)| !left_out.contains(name)) {
            append(&mut query, name, value);
        }
        query
    }
}

fn append(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.extend(utf8_percent_encode(value, &ESCAPED));
}

fn unknown(name: &str, accepted: &[Parameter]) -> Problem {
    let names: Vec<_> = accepted.iter().map(|parameter| parameter.name).collect();
    let allowed = match names.is_empty() {
        true => "there are none here".to_owned(),
        false => format!("those here are {}", names.join(", ")),
    };
    let is_short = name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let which = if is_short { format!("{name} is no") } else { "There is an unknown".to_owned() };
    Problem::new(Code::UnknownParameter, format!("{which} parameter of this path; {allowed}."))
}

/// Decodes a name or value. `+` is a space, as in forms.
fn decoded(text: &str) -> Result<String, Problem> {
    let bad = |what: &str| Problem::new(Code::BadRequest, format!("The query has {what}."));
    let mut escapes = text.split('%').skip(1);
    let is_hex = |rest: &str| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !escapes.all(is_hex) {
        return Err(bad("a % without two hexadecimal digits after it; a % itself is written %25"));
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    let decoded = decoded.map_err(|_| bad("text that is not UTF-8"))?;
    if decoded.contains('\0') {
        return Err(bad("a NUL character, which no value has"));
    }
    Ok(decoded.into_owned())
}
