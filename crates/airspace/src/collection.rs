//! One file: a feature collection and its own members.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, Value};

use super::{
    crs::{self, Crs},
    error::{AirspaceError, FeatureFault},
    feature::{self, Role, SectorPart},
    report::Notes,
};
use sectorwatch_core::{
    airspace::{Sector, Volume},
    geometry::Polygon,
    staffing::position,
};

/// The highest transition altitude that can be stated, in feet.
const HIGHEST_TRANSITION_FT: f64 = 60_000.0;

/// The contents of a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Empty when no feature is the boundary.
    pub boundary: Vec<Polygon>,
    pub sectors: Vec<Sector>,
    pub transition_altitude_ft: Option<f64>,
    pub is_approximate: bool,
    pub notes: Notes,
}

impl Contents {
    /// Parses the text of one file.
    pub fn read(text: &str) -> Result<Self, AirspaceError> {
        let collection = collection(text)?;
        let mut contents = Self {
            transition_altitude_ft: transition_altitude_ft(&collection)?,
            is_approximate: collection.approximate,
            ..Self::default()
        };
        let crs = crs::read(collection.crs.as_ref());
        if crs.map_err(|found| AirspaceError::Crs { found })? == Crs::Epsg4326 {
            contents.notes.warnings.push(crs::LATITUDE_FIRST.to_owned());
        }
        let mut boundary = None;
        for (index, raw) in collection.features.iter().enumerate() {
            contents.add(index, raw, &mut boundary)?;
        }
        match contents.boundary.is_empty() && contents.sectors.is_empty() {
            true => Err(AirspaceError::Empty),
            false => Ok(contents),
        }
    }

    /// Adds a feature. `boundary` is the index of the boundary's feature.
    fn add(
        &mut self,
        index: usize,
        raw: &RawValue,
        boundary: &mut Option<usize>,
    ) -> Result<(), AirspaceError> {
        let feature = feature::parse(index, raw)?;
        let of_feature = |line: String| format!("{}: {line}", feature.label);
        self.notes.counts.add(&feature.shapes.polygons);
        self.notes.repairs.extend(feature.shapes.repairs.summary().map(of_feature));
        self.notes.warnings.extend(feature.shapes.warnings().into_iter().map(of_feature));
        match (feature.role, *boundary) {
            (Role::Sector(part), _) => add_volume(&mut self.sectors, part, feature.shapes.polygons),
            (Role::Boundary, Some(first)) => {
                let fault = FeatureFault::SecondBoundary { first };
                return Err(AirspaceError::Feature { feature: feature.label, fault });
            }
            (Role::Boundary, None) => {
                *boundary = Some(index);
                self.boundary = feature.shapes.polygons;
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
    #[serde(default)]
    approximate: bool,
    transition_altitude_ft: Option<Value>,
    crs: Option<Value>,
}

/// The features stay raw, so that an error can name an unreadable one by its index.
fn collection(text: &str) -> Result<Collection<'_>, AirspaceError> {
    #[derive(Deserialize)]
    struct TypeMember {
        #[serde(rename = "type")]
        kind: String,
    }
    let text = text.trim_start_matches('\u{feff}');
    let _: &RawValue = serde_json::from_str(text).map_err(AirspaceError::NotJson)?;
    let kind = serde_json::from_str(text).map(|TypeMember { kind }| kind);
    if kind.is_ok_and(|kind| kind == "FeatureCollection") {
        serde_json::from_str(text).map_err(AirspaceError::Collection)
    } else {
        Err(AirspaceError::NotFeatureCollection)
    }
}

fn transition_altitude_ft(collection: &Collection<'_>) -> Result<Option<f64>, AirspaceError> {
    let Some(stated) = &collection.transition_altitude_ft else {
        return Ok(None);
    };
    match stated.as_f64().filter(|ft| (0.0..=HIGHEST_TRANSITION_FT).contains(ft)) {
        Some(ft) => Ok(Some(ft)),
        None => Err(AirspaceError::TransitionAltitude { found: stated.to_string() }),
    }
}

/// Adds a volume. Features with the same id are volumes of one sector; a later one may add what the first
/// omits.
fn add_volume(sectors: &mut Vec<Sector>, part: SectorPart, polygons: Vec<Polygon>) {
    let volume = Volume { polygons, floor_ft: part.floor_ft, ceiling_ft: part.ceiling_ft };
    let Some(sector) = sectors.iter_mut().find(|sector| *sector.id == *part.id) else {
        let mut sector = Sector {
            name: part.name.unwrap_or_else(|| part.id.clone()),
            id: Arc::from(part.id),
            callsigns: Vec::new(),
            frequency: part.frequency,
            group: part.group,
            volumes: vec![volume],
        };
        add_callsigns(&mut sector, part.callsigns);
        sectors.push(sector);
        return;
    };
    if let Some(name) = part.name.filter(|_| *sector.name == *sector.id) {
        sector.name = name;
    }
    add_callsigns(sector, part.callsigns);
    sector.frequency = sector.frequency.take().or(part.frequency);
    sector.group = sector.group.take().or(part.group);
    sector.volumes.push(volume);
}

/// Adds callsigns. Each position is kept once, as it is first spelt.
fn add_callsigns(sector: &mut Sector, callsigns: Vec<String>) {
    for callsign in callsigns {
        let is_known = |known: &String| position(known) == position(&callsign);
        if !sector.callsigns.iter().any(is_known) {
            sector.callsigns.push(callsign);
        }
    }
}
