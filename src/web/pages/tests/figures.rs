//! Compares the values of a page with its answers.

use serde_json::Value;

use crate::web::{format, pages::figure};
use sectorwatch_core::Time;

/// Compares each value of a page with the answer of its section, of which there are as many as sections. Returns how
/// many values there are.
pub fn figures(html: &str, answers: &[Value]) -> usize {
    let sections: Vec<&str> = html.split("data-source=\"").skip(1).collect();
    assert_eq!(sections.len(), answers.len(), "sections with an answer");
    let before = html.split("data-source=\"").next().unwrap_or_default();
    assert!(!before.contains("data-leaf"), "a value without an answer");
    let mut number = 0;
    for (section, answer) in sections.into_iter().zip(answers) {
        for part in section.split("data-leaf=\"").skip(1) {
            let (pointer, rest) = part.split_once('"').expect("a pointer");
            let text = rest.split_once('>').and_then(|(_, text)| text.split_once('<'));
            let (text, _) = text.expect("a text");
            let value =
                answer.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {answer}"));
            assert_eq!(text, shown_of(pointer, value), "{pointer}");
            number += 1;
        }
    }
    number
}

/// The text of a value, by the name of its member.
fn shown_of(pointer: &str, value: &Value) -> String {
    let member = pointer.rsplit('/').next().unwrap_or_default();
    let float = || value.as_f64().expect("a number");
    match (member, value) {
        (_, Value::Null) => "–".to_owned(),
        ("mean", _) => format!("{:.2}", float()),
        ("controlled" | "known" | "coverage" | "share", _) => format::share(float()),
        ("latitude" | "longitude", _) if pointer.contains("/points/") => format!("{:.4}", float()),
        ("frequency_hz", _) => format!("{:.3}", float() / 1e6),
        (_, Value::Number(_)) if member.ends_with("seconds") => figure::hours(float()),
        (_, Value::Number(_)) => format::count(float().round() as i64),
        (_, Value::String(text)) => match text.parse::<Time>() {
            Ok(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            Err(_) => text.clone(),
        },
        (_, Value::Array(items)) if items.is_empty() => "nobody".to_owned(),
        (_, Value::Array(items)) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        _ => panic!("{pointer} is no value: {value}"),
    }
}
