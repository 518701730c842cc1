//! The last time that the airspace was read again.

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use sectorwatch_core::Time;

/// The result of a reload of the airspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReloadOutcome {
    /// Another airspace is in force.
    Applied,
    /// The files hold the airspace that is in force.
    Unchanged,
    /// The files cannot be used. The airspace before stays in force.
    Failed,
    /// The built-in airspace is used, which has no files.
    BuiltIn,
}

impl ReloadOutcome {
    /// The name in labels and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The last reload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastReload {
    /// Its result.
    pub outcome: ReloadOutcome,
    /// When it ended.
    pub at: Time,
    /// What is wrong with the files, if they cannot be used; files are named without their folders.
    pub error: Option<String>,
}
