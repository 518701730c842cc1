//! The alerts: what they need to be of use, that they fire and stay quiet, and Grafana's copy.
//!
//! `dashboards/rules/sectorwatch.rules.yml` is the one source. A new alert gets two tests beside it
//! and a section in `docs/runbooks.md`; what is missing is told here.

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

/// The source.
pub const RULES: &str = "dashboards/rules/sectorwatch.rules.yml";
/// Two for each alert.
pub const TESTS: &str = "dashboards/rules/sectorwatch.rules.test.yml";
/// A section for each alert.
pub const RUNBOOKS: &str = "docs/runbooks.md";
