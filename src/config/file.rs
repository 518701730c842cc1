//! The optional TOML file: one flat table of keys.

use std::{collections::BTreeMap, path::Path};

use super::{
    error::{Problem, similar},
    table::Setting,
};

/// Reads the file at `path` and returns its values as text by key. Errors are added to `problems`.
pub(super) fn read(
    path: &Path,
    table: &[Setting],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let unusable = |reason| Problem::File { path: path.to_owned(), reason };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(unusable(error.to_string()));
            return BTreeMap::new();
        }
    };
    let parsed = match text.parse::<toml::Table>() {
        Ok(parsed) => parsed,
        Err(error) => {
            problems.push(unusable(located(&text, &error)));
            return BTreeMap::new();
        }
    };
    let mut given = BTreeMap::new();
    for (key, value) in parsed {
        let Some(setting) = table.iter().find(|setting| setting.key == key) else {
            problems.push(Problem::UnknownKey {
                similar: similar(&key, table.iter().map(|s| s.key.as_str())).map(str::to_owned),
                path: path.to_owned(),
                key,
            });
            continue;
        };
        match as_text(&value) {
            Some(text) => {
                given.insert(key, text);
            }
            None => problems.push(Problem::Value {
                key,
                value: format!("a {}", value.type_str()),
                origin: format!("in {}", path.display()),
                allowed: setting.allowed.clone(),
            }),
        }
    }
    given
}

/// The value as the text of a flag; a list is joined by commas.
fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// The parser's message without the quoted line, which may hold a password.
fn located(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", error.message())
}
