//! Sectors, for the table.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::Moves;
use sectorwatch_core::staffing::Staff;

/// One sector after the latest cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SectorFigures {
    /// Its id.
    pub name: Arc<str>,
    /// Aircraft inside.
    pub occupancy: u64,
    /// Who staffs it; `None` when it names no callsigns, or nobody can tell.
    pub staff: Option<Staff>,
}

impl SectorFigures {
    /// Whether somebody staffs it; `None` when that is unknown.
    pub fn is_staffed(&self) -> Option<bool> {
        self.staff.as_ref().map(|staff| !staff.is_empty())
    }
}

/// One sector, as the status shows it.
#[derive(Debug, Clone, Serialize)]
pub struct SectorReport {
    /// Its id.
    pub name: String,
    /// Aircraft inside.
    pub occupancy: u64,
    /// Flights that entered it within the last hour, or since the start where that is less.
    pub entered_last_hour: u64,
    /// Flights that left it in the same time.
    pub left_last_hour: u64,
    /// Whether somebody staffs it; `None` when it names no callsigns, or nobody can tell.
    pub staffed: Option<bool>,
    /// By which callsigns; `None` when `staffed` is.
    pub staffed_by: Option<Vec<String>>,
}

impl SectorReport {
    pub(super) fn new(sector: &SectorFigures, last_hour: &BTreeMap<&str, Moves>) -> Self {
        let moves = last_hour.get(sector.name.as_ref()).copied().unwrap_or_default();
        let callsigns = |staff: &Staff| staff.iter().map(|callsign| callsign.to_string()).collect();
        Self {
            name: sector.name.to_string(),
            occupancy: sector.occupancy,
            entered_last_hour: moves.entered,
            left_last_hour: moves.left,
            staffed: sector.is_staffed(),
            staffed_by: sector.staff.as_ref().map(callsigns),
        }
    }
}
