//! Runs promtool on files of the project, or on changed copies of them.

use std::{fs, path::Path, process::Command};

use serde_json::json;

use super::{
    TESTS,
    rules::{Case, Rule, RuleFile},
};
use crate::{files, support::scratch};

/// Whether promtool succeeded, and its output.
pub struct Said {
    pub is_content: bool,
    pub text: String,
}

/// Runs `promtool ARGUMENTS…` in this directory.
pub fn promtool(dir: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new("promtool");
    let ran = command.args(arguments).current_dir(dir).output();
    let ran = ran.expect("promtool, which scripts/need.sh prometheus installs");
    let text = [ran.stdout, ran.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    Said { is_content: ran.status.success(), text }
}

/// Runs these test cases on these rules only.
pub fn test(rules: &[&Rule], cases: &[&Case]) -> Said {
    let dir = scratch::dir("rules");
    let write = |name: &str, file: serde_json::Value| {
        // JSON is valid YAML.
        fs::write(dir.join(name), file.to_string()).expect("write");
    };
    write("rules.yml", json!({"groups": [{"name": "copy", "rules": rules}]}));
    write(
        "tests.yml",
        json!({"rule_files": ["rules.yml"], "evaluation_interval": "15s", "tests": cases}),
    );
    let said = promtool(&dir, &["test", "rules", "tests.yml"]);
    let _ = fs::remove_dir_all(&dir);
    said
}

#[test]
fn the_configuration_and_its_rules_are_valid() {
    let said = promtool(&files::path(""), &["check", "config", "prometheus.yml"]);
    assert!(said.is_content, "{}", said.text);
    let file = RuleFile::read();
    let found = format!("{} rules found", file.alerts().count() + file.recordings().count());
    assert!(said.text.contains("SUCCESS: 1 rule files found"), "{}", said.text);
    assert!(said.text.contains(&found), "{}", said.text);
}

/// Runs the command that a person runs after changing a rule.
#[test]
fn the_rules_pass_their_tests_as_they_stand() {
    let said = promtool(&files::path(""), &["test", "rules", TESTS]);
    assert!(said.is_content, "{}", said.text);
}
