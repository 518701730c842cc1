//! The alerts: they are complete, they fire and stay silent when they should, and Grafana's copy is
//! current.
//!
//! `dashboards/rules/sectorwatch.rules.yml` is the only source. A new alert needs two tests next to
//! it and a section in `docs/runbooks.md`; these tests report what is missing.

mod complete;
mod grafana;
mod mutants;
mod promtool;
mod rules;
mod runbooks;
mod shorter_times;

pub use rules::RuleFile;
pub use runbooks::section;
pub use shorter_times::hurried;

/// The source of all alerts.
pub const RULES: &str = "dashboards/rules/sectorwatch.rules.yml";
/// Two tests for each alert.
pub const TESTS: &str = "dashboards/rules/sectorwatch.rules.test.yml";
/// One section for each alert.
pub const RUNBOOKS: &str = "docs/runbooks.md";
