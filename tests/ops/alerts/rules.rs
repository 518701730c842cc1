//! The file of rules and the file of their tests, as Prometheus and promtool read them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{RULES, TESTS};
use crate::files;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    pub groups: Vec<Group>,
}

/// Rules that are evaluated one after the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    pub rules: Vec<Rule>,
}

/// A recording rule or an alert.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    pub expr: String,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasts: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Rule {
    /// The name of the alert. Panics if this is a recording rule.
    pub fn name(&self) -> &str {
        self.alert.as_deref().unwrap_or_else(|| panic!("no alert: {self:?}"))
    }

    /// The uid of the dashboard, and the title of the panel.
    pub fn panel(&self) -> (&str, &str) {
        let panel = self.annotations.get("panel").map(String::as_str).unwrap_or_default();
        let parts = panel.split_once(": ");
        parts.unwrap_or_else(|| {
            panic!("{}: a panel is DASHBOARD: TITLE, not {panel:?}", self.name())
        })
    }
}

impl RuleFile {
    /// Reads the rules of the project.
    pub fn read() -> Self {
        yaml(RULES)
    }

    /// All alerts, in their order.
    pub fn alerts(&self) -> impl Iterator<Item = &Rule> {
        self.groups.iter().flat_map(|group| &group.rules).filter(|rule| rule.alert.is_some())
    }

    pub fn recordings(&self) -> impl Iterator<Item = &Rule> {
        self.groups.iter().flat_map(|group| &group.rules).filter(|rule| rule.record.is_some())
    }
}

/// A test case of promtool, of which only the names are used here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub interval: String,
    pub input_series: Vec<Value>,
    pub alert_rule_test: Vec<Expectation>,
}

/// The alerts that are expected to fire at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub eval_time: String,
    pub alertname: String,
    pub exp_alerts: Vec<Value>,
}

/// The test cases of the project.
pub fn cases() -> Vec<Case> {
    #[derive(Deserialize)]
    struct File {
        tests: Vec<Case>,
    }
    yaml::<File>(TESTS).tests
}

fn yaml<T: DeserializeOwned>(relative: &str) -> T {
    let read = yaml_serde::from_str(&files::read(relative));
    read.unwrap_or_else(|error| panic!("{relative}: {error}"))
}
