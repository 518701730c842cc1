//! What is told of an import, for people and for programs.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Draft, Findings, Format, LeftOut, Repaired};
use crate::visible::escaped;

/// What was found, repaired, left out and why, element by element.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// The format that was read.
    #[serde(serialize_with = "as_text")]
    pub format: Format,
    /// Where the airspace comes from, as in the profile.
    pub dataset: Box<RawValue>,
    /// How many of each thing the files hold.
    pub found: BTreeMap<&'static str, u64>,
    /// How much the profile holds.
    pub written: Written,
    /// What was mended.
    pub repaired: Vec<Repaired>,
    /// What could not be used.
    pub left_out: Vec<LeftOut>,
    /// What was read as it stands, though something else may have been meant.
    pub warnings: Vec<String>,
}

/// How much a profile holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Sectors, each with at least one volume.
    pub sectors: usize,
    /// Their volumes.
    pub volumes: usize,
    /// Positions that controllers log on to.
    pub positions: usize,
}

impl Written {
    pub(super) fn of(draft: &Draft) -> Self {
        let ids: HashSet<&String> = draft.positions.iter().map(|position| &position.id).collect();
        Self {
            sectors: draft.sectors.len(),
            volumes: draft.sectors.iter().map(|sector| sector.volumes.len()).sum(),
            positions: ids.len(),
        }
    }
}

fn as_text<S: serde::Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(format)
}

impl ImportReport {
    pub(super) fn new(
        format: Format,
        dataset: Box<RawValue>,
        written: Written,
        findings: Findings,
    ) -> Self {
        let Findings { found, repaired, left_out, warnings, .. } = findings;
        Self { format, dataset, found, written, repaired, left_out, warnings }
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found: Vec<String> = self
            .found
            .iter()
            .map(|(what, number)| format!("{number} {}", what.replace('_', " ")))
            .collect();
        writeln!(f, "format {}; found {}", self.format, found.join(", "))?;
        let Written { sectors, volumes, positions } = self.written;
        writeln!(f, "written: {sectors} sectors in {volumes} volumes, {positions} positions")?;
        list(f, "repaired", self.repaired.iter().map(|it| format!("{}: {}", it.element, it.what)))?;
        list(
            f,
            "left out",
            self.left_out.iter().map(|it| format!("{}: {}", it.element, it.reason)),
        )?;
        list(f, "warnings", self.warnings.iter().cloned())
    }
}

fn list(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    lines: impl ExactSizeIterator<Item = String>,
) -> fmt::Result {
    if lines.len() == 0 {
        return writeln!(f, "{title}: nothing");
    }
    writeln!(f, "{title}: {}", lines.len())?;
    lines.into_iter().try_for_each(|line| writeln!(f, "  {}", escaped(&line)))
}
