//! A sector: what the airspace says of it, and its state.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use sectorwatch_core::airspace::{Airspace, Sector, Volume};
use sectorwatch_store::api::{Control, SectorState};

/// A sector. What is configured of it is null where the airspace in force does not state it, or has no such sector.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SectorRow {
    /// Its id.
    pub sector_name: String,
    /// The name that people read.
    pub display_name: Option<String>,
    /// What the file puts it with.
    pub group: Option<String>,
    /// The lowest limit of its volumes in feet; null where one has none.
    pub floor_ft: Option<f64>,
    /// The highest limit of its volumes in feet; null where one has none.
    pub ceiling_ft: Option<f64>,
    /// The aircraft that it is meant to hold at most.
    pub capacity: Option<u32>,
    /// The positions that own it, in order: the first that is staffed controls it.
    pub owners: Vec<String>,
    /// Flights inside: its open visits.
    pub occupancy: i64,
    /// Who controls it.
    pub control: Control,
}

impl SectorRow {
    /// Joins the state of a sector with what is configured of it.
    pub fn of(state: SectorState, sector: Option<&Sector>) -> Self {
        let SectorState { sector_name, occupancy, control } = state;
        let limit = |of: fn(&Volume) -> Option<f64>, outer: fn(f64, f64) -> f64| {
            let limits = sector.iter().flat_map(|sector| &sector.volumes).map(of);
            // One volume without a limit has none.
            let limits: Option<Vec<f64>> = limits.collect();
            limits.and_then(|limits| limits.into_iter().reduce(outer))
        };
        Self {
            sector_name,
            display_name: sector.map(|sector| sector.name.clone()),
            group: sector.and_then(|sector| sector.group.clone()),
            floor_ft: limit(|volume| volume.floor_ft, f64::min),
            ceiling_ft: limit(|volume| volume.ceiling_ft, f64::max),
            capacity: sector.and_then(|sector| sector.capacity),
            owners: sector.map(owners).unwrap_or_default(),
            occupancy,
            control,
        }
    }
}

/// The owners of a sector; where the file names none, the callsigns that can staff it.
fn owners(sector: &Sector) -> Vec<String> {
    match sector.owners.is_empty() {
        true => sector.callsigns.clone(),
        false => sector.owners.clone(),
    }
}

/// The sectors of the airspace and those with a state, by name.
pub fn joined(airspace: &Airspace, states: Vec<SectorState>) -> Vec<SectorRow> {
    let configured = airspace.sectors().iter().map(|sector| empty(&sector.id));
    let all = configured.chain(states).map(|state| (state.sector_name.clone(), state));
    // The later of two is the stored one.
    let by_name: BTreeMap<String, SectorState> = all.collect();
    let rows = by_name.into_iter();
    rows.map(|(name, state)| SectorRow::of(state, airspace.sector(&name))).collect()
}

/// The state of a sector of which nothing is stored.
pub fn empty(id: &str) -> SectorState {
    SectorState { sector_name: id.to_owned(), occupancy: 0, control: Control::unknown() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volume(floor_ft: Option<f64>, ceiling_ft: Option<f64>) -> Volume {
        Volume { floor_ft, ceiling_ft, ..Volume::default() }
    }

    fn sector(id: &str, volumes: Vec<Volume>) -> Sector {
        Sector {
            id: id.into(),
            name: format!("The {id}"),
            callsigns: vec!["B_CTR".into()],
            volumes,
            ..Sector::default()
        }
    }

    fn airspace() -> Airspace {
        let b = sector("B", vec![volume(Some(500.0), Some(900.0)), volume(Some(100.0), None)]);
        let mut a = sector("A", vec![volume(Some(0.0), Some(9.0)), volume(None, Some(99.0))]);
        a.owners = vec!["SY".into(), "ML".into()];
        a.group = Some("East".into());
        a.capacity = Some(12);
        Airspace::new(Vec::new(), vec![b, a], "revision".into(), false)
    }

    #[test]
    fn configured_and_stored_sectors_are_joined_by_name() {
        let control = Control {
            state: "controlled".into(),
            controller_callsign: Some("SY_CTR".into()),
            owner_rank: Some(0),
            from_timestamp: None,
        };
        let inside = |name: &str, occupancy| SectorState {
            occupancy,
            control: control.clone(),
            ..empty(name)
        };
        let rows = joined(&airspace(), vec![inside("GONE", 1), inside("B", 3)]);
        let brief: Vec<_> = rows
            .iter()
            .map(|row| (&*row.sector_name, row.display_name.as_deref(), row.occupancy))
            .collect();
        let expected = [("A", Some("The A"), 0), ("B", Some("The B"), 3), ("GONE", None, 1)];
        assert_eq!(brief, expected);
        assert_eq!(rows[0].control, Control::unknown());
        assert_eq!(rows[1].control, control);
    }

    #[test]
    fn limits_are_the_outermost_and_owners_those_that_control() {
        let rows = joined(&airspace(), vec![empty("GONE")]);
        let limits: Vec<_> = rows.iter().map(|row| (row.floor_ft, row.ceiling_ft)).collect();
        assert_eq!(limits, [(None, Some(99.0)), (Some(100.0), None), (None, None)]);
        let owners: Vec<_> = rows.iter().map(|row| row.owners.join(",")).collect();
        assert_eq!(owners, ["SY,ML", "B_CTR", ""]);
        assert_eq!((rows[0].group.as_deref(), rows[0].capacity), (Some("East"), Some(12)));
        assert_eq!((rows[1].group.as_deref(), rows[1].capacity), (None, None));
    }
}
