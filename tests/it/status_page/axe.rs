//! axe-core, which finds accessibility faults of a page. npm fetches it once in the version of
//! `npm/package-lock.json`.

use std::fs;

use serde_json::Value;

use super::chromium::Chromium;
use crate::support::npm;

const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// The faults of the open page up to level AA: the rule and the place.
pub fn violations(browser: &mut Chromium) -> Vec<String> {
    let file = npm::installed("tests/it/status_page/npm").join("axe-core/axe.min.js");
    let source = fs::read_to_string(file).expect("read axe-core");
    browser.evaluate(&(source + ";0"));
    let found = browser.evaluate(&format!(
        "axe.run(document, {{runOnly: {RULES}}}).then(found => ({{passes: found.passes.length, \
         violations: found.violations.map(rule => rule.id + ': ' + \
         rule.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))}}))"
    ));
    assert!(found["passes"].as_u64() > Some(15), "axe-core did not look: {found}");
    let violations = found["violations"].as_array().expect("a list");
    violations.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
