//! The rules with shorter times, for tests that cannot wait for an hour.

use serde_json::json;

use super::rules::RuleFile;
use crate::promql::{Piece, pieces, replaced};

/// The divisor of every `for` and every range.
const HASTE: u32 = 20;

/// Limits that need another value with the shorter times: rates are as many times higher, and polls
/// are only seconds apart.
const LIMITS: [(&str, &str, &str); 3] = [
    ("SectorwatchConnectionChurn", "> 0.05", "> 1"),
    ("SectorwatchPollStalled", ", 75)", ", 15)"),
    ("SectorwatchCycleStuck", ", 60)", ", 25)"),
];

/// The rules of the project with all times divided.
pub fn hurried() -> String {
    let mut file = RuleFile::read();
    for rule in file.groups.iter_mut().flat_map(|group| &mut group.rules) {
        rule.lasts = rule.lasts.as_deref().map(divided);
        // From the end, so that the positions of earlier pieces stay valid.
        for piece in pieces(&rule.expr).into_iter().rev() {
            let range = match piece {
                Piece::Window(range) => range.start + 1..range.end - 1,
                Piece::Duration(range) => range,
                _ => continue,
            };
            let shorter = divided(&rule.expr[range.clone()]);
            rule.expr = replaced(&rule.expr, &range, &shorter);
        }
        for (_, limit, faster) in LIMITS.iter().filter(|row| rule.alert.as_deref() == Some(row.0)) {
            assert!(rule.expr.contains(limit), "{}", rule.expr);
            rule.expr = rule.expr.replace(limit, faster);
        }
    }
    json!(file).to_string()
}

fn divided(time: &str) -> String {
    let time = humantime::parse_duration(time).unwrap_or_else(|error| panic!("{time}: {error}"));
    format!("{}ms", (time / HASTE).as_millis())
}

#[test]
fn all_times_of_the_rules_are_divided() {
    let slow = RuleFile::read();
    let fast: RuleFile = serde_json::from_str(&hurried()).expect("as written");
    let leak = |file: &RuleFile| {
        let found = file.alerts().find(|alert| alert.name() == "SectorwatchPoolLeakConfirmed");
        found.expect("an alert").expr.clone()
    };
    assert!(leak(&slow).contains("[10m]") && leak(&slow).contains("offset 10m"));
    let expected = leak(&slow).replace("10m", "30000ms");
    assert_eq!(leak(&fast), expected);
}
