//! axe-core, which finds accessibility faults of a page. npm fetches it once in the version of
//! `npm/package-lock.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::chromium::Chromium;

const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// The faults of the open page up to level AA: the rule and the place.
pub fn violations(browser: &mut Chromium) -> Vec<String> {
    let source = fs::read_to_string(installed()).expect("read axe-core");
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

fn installed() -> PathBuf {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/status_page/npm");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
    fs::create_dir_all(&dir).expect("a directory");
    let lock = "package-lock.json";
    let same = fs::read(dir.join(lock)).ok() == fs::read(pinned.join(lock)).ok();
    let file = dir.join("node_modules/axe-core/axe.min.js");
    if !(same && file.exists()) {
        for name in ["package.json", lock] {
            fs::copy(pinned.join(name), dir.join(name)).expect("copy what is pinned");
        }
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&dir)
            .output()
            .expect("npm, which scripts/need.sh npm installs");
        assert!(npm.status.success(), "npm ci: {}", String::from_utf8_lossy(&npm.stderr));
    }
    file
}
