//! The sectors of the status.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::Moves;
use sectorwatch_core::control::{Control, Staff};

/// A sector after the latest cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SectorFigures {
    pub name: Arc<str>,
    pub occupancy: u64,
    /// The aircraft that it is meant to hold at most, where the airspace file states that.
    pub capacity: Option<u32>,
    /// Who staffs it; `None` when it has no owners, or when it is unknown.
    pub staff: Option<Staff>,
    /// Who controls it; `None` when it has no owners.
    pub control: Option<Control>,
}

impl SectorFigures {
    /// Whether it is staffed; `None` when that is unknown.
    pub fn is_staffed(&self) -> Option<bool> {
        self.staff.as_ref().map(|staff| !staff.is_empty())
    }
}

/// A sector in the status.
#[derive(Debug, Clone, Serialize)]
pub struct SectorReport {
    pub name: String,
    pub occupancy: u64,
    /// The aircraft that it is meant to hold at most; null where the airspace file does not state that.
    pub capacity: Option<u32>,
    /// Flights that entered it within the last hour, or since a later start.
    pub entered_last_hour: u64,
    /// Flights that left it in the same time.
    pub left_last_hour: u64,
    /// Whether it is staffed; `None` when it has no owners, or when it is unknown.
    pub staffed: Option<bool>,
    /// The callsigns that staff it; `None` when `staffed` is.
    pub staffed_by: Option<Vec<String>>,
    /// `controlled`, `uncontrolled` or `unknown`; `None` when it has no owners.
    pub control: Option<&'static str>,
    /// The callsign that controls it.
    pub controlled_by: Option<String>,
    /// As which of its owners; 0 is the first.
    pub owner_rank: Option<i32>,
}

impl SectorReport {
    pub(super) fn new(sector: &SectorFigures, last_hour: &BTreeMap<&str, Moves>) -> Self {
        let moves = last_hour.get(sector.name.as_ref()).copied().unwrap_or_default();
        let holder = sector.control.as_ref().and_then(Control::holder);
        let callsigns = |staff: &Staff| staff.iter().map(|callsign| callsign.to_string()).collect();
        Self {
            name: sector.name.to_string(),
            occupancy: sector.occupancy,
            capacity: sector.capacity,
            entered_last_hour: moves.entered,
            left_last_hour: moves.left,
            staffed: sector.is_staffed(),
            staffed_by: sector.staff.as_ref().map(callsigns),
            control: sector.control.as_ref().map(Control::as_str),
            controlled_by: holder.and_then(|it| it.callsign.as_deref()).map(str::to_owned),
            owner_rank: holder.map(|it| it.rank),
        }
    }
}
