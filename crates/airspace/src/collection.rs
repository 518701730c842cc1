//! One file: a feature collection and its own members.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use serde::Deserialize;
use serde_json::value::{RawValue, Value};

use super::{
    crs::{self, Crs},
    error::{AirspaceError, FeatureFault},
    feature::{self, Role, SectorPart},
    positions,
    report::Notes,
};
use sectorwatch_core::{
    airspace::{Sector, Volume},
    geometry::Polygon,
    meetings::Effort,
    positions::{PositionFile, normal as position},
};

/// The highest transition altitude that can be stated, in feet.
const HIGHEST_TRANSITION_FT: f64 = 60_000.0;

/// Lists and objects of a file; each point is a list. More than a hundred times as many as those of all the world's
/// airspace, and what can be held in memory.
const MOST_ELEMENTS: usize = 3_000_000;

/// The contents of a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Empty when no feature is the boundary.
    pub boundary: Vec<Polygon>,
    pub sectors: Vec<Sector>,
    /// One for each file.
    pub positions: Vec<PositionFile>,
    pub transition_altitude_ft: Option<f64>,
    pub is_approximate: bool,
    pub notes: Notes,
}

impl Contents {
    /// Parses the text of one file.
    pub fn read(text: &str) -> Result<Self, AirspaceError> {
        let elements = text.bytes().filter(|byte| matches!(byte, b'[' | b'{'));
        if elements.count() > MOST_ELEMENTS {
            return Err(AirspaceError::TooMuch { most: MOST_ELEMENTS });
        }
        let collection = Collection::read(text)?;
        let mut contents = Self {
            transition_altitude_ft: collection.transition_altitude_ft()?,
            is_approximate: collection.approximate,
            ..Self::default()
        };
        contents.positions.push(collection.position_file()?);
        let crs = crs::read(collection.crs.as_ref());
        if crs.map_err(|found| AirspaceError::Crs { found })? == Crs::Epsg4326 {
            contents.notes.warnings.push(crs::LATITUDE_FIRST.to_owned());
        }
        let mut reading = Reading::default();
        for (index, raw) in collection.features.iter().enumerate() {
            contents.add(index, raw, &mut reading)?;
        }
        match contents.boundary.is_empty() && contents.sectors.is_empty() {
            true => Err(AirspaceError::Empty),
            false => Ok(contents),
        }
    }

    /// Adds a feature.
    fn add(
        &mut self,
        index: usize,
        raw: &RawValue,
        reading: &mut Reading,
    ) -> Result<(), AirspaceError> {
        let feature = feature::read(index, raw)?;
        let shapes = feature.shapes(&mut reading.effort)?;
        let of_feature = |line: String| format!("{}: {line}", feature.label);
        self.notes.counts.add(&shapes.polygons);
        self.notes.repairs.extend(shapes.repairs.summary().map(of_feature));
        self.notes.warnings.extend(shapes.warnings().into_iter().map(of_feature));
        match (feature.role, reading.boundary) {
            (Role::Sector(part), _) => {
                add_volume(&mut self.sectors, &mut reading.known, *part, shapes.polygons);
            }
            (Role::Boundary, Some(first)) => {
                let fault = FeatureFault::SecondBoundary { first };
                return Err(AirspaceError::Feature { feature: feature.label, fault });
            }
            (Role::Boundary, None) => {
                reading.boundary = Some(index);
                self.boundary = shapes.polygons;
            }
        }
        Ok(())
    }
}

/// What is known while the features of a file are read one after the other.
#[derive(Default)]
struct Reading {
    /// The index of the boundary's feature.
    boundary: Option<usize>,
    known: Known,
    effort: Effort,
}

/// A feature collection whose features are left raw, so that one that cannot be read is named by its index.
#[derive(Deserialize)]
pub(super) struct Collection<'a> {
    #[serde(borrow)]
    pub features: Vec<&'a RawValue>,
    #[serde(default)]
    pub approximate: bool,
    #[serde(default)]
    pub cut_hyphen: bool,
    #[serde(borrow)]
    pub dataset: Option<&'a RawValue>,
    #[serde(borrow)]
    pub positions: Option<&'a RawValue>,
    transition_altitude_ft: Option<Value>,
    crs: Option<Value>,
}

impl<'a> Collection<'a> {
    /// Reads the text of a file.
    pub fn read(text: &'a str) -> Result<Self, AirspaceError> {
        #[derive(Deserialize)]
        struct Kind {
            #[serde(rename = "type")]
            kind: String,
        }
        let text = text.trim_start_matches('\u{feff}');
        let _: &RawValue = serde_json::from_str(text).map_err(AirspaceError::NotJson)?;
        let kind = serde_json::from_str(text).map(|Kind { kind }| kind);
        if kind.is_ok_and(|kind| kind == "FeatureCollection") {
            serde_json::from_str(text).map_err(AirspaceError::Collection)
        } else {
            Err(AirspaceError::NotFeatureCollection)
        }
    }

    /// Feet, where the file states them.
    pub fn transition_altitude_ft(&self) -> Result<Option<f64>, AirspaceError> {
        let Some(stated) = &self.transition_altitude_ft else {
            return Ok(None);
        };
        match stated.as_f64().filter(|ft| (0.0..=HIGHEST_TRANSITION_FT).contains(ft)) {
            Some(ft) => Ok(Some(ft)),
            None => Err(AirspaceError::TransitionAltitude { found: stated.to_string() }),
        }
    }

    /// The positions of the file. The first that cannot be read is an error.
    fn position_file(&self) -> Result<PositionFile, AirspaceError> {
        let positions::Read { positions, mut faults, .. } = self.positions()?;
        match faults.pop() {
            Some((id, reason)) => Err(AirspaceError::Position { id, reason }),
            None => {
                let positions = positions.into_iter().map(|position| position.into()).collect();
                Ok(PositionFile { positions, cut_hyphen: self.cut_hyphen })
            }
        }
    }

    /// The positions that controllers log on to, in the order of the file, and what in them cannot be read.
    pub fn positions(&self) -> Result<positions::Read<'a>, AirspaceError> {
        self.positions.map_or(Ok(positions::Read::default()), positions::read)
    }
}

/// Adds a volume. Features with the same id are volumes of one sector; a later one may add what the first
/// omits.
fn add_volume(
    sectors: &mut Vec<Sector>,
    known: &mut Known,
    part: SectorPart,
    polygons: Vec<Polygon>,
) {
    let SectorPart { floor_ft, ceiling_ft, active_when, .. } = part;
    let volume = Volume { polygons, floor_ft, ceiling_ft, active_when };
    let place = known.place(&part.id);
    if place == sectors.len() {
        let name = part.id.clone();
        sectors.push(Sector { id: Arc::from(&*part.id), name, ..Sector::default() });
    }
    let sector = &mut sectors[place];
    if let Some(name) = part.name.filter(|_| *sector.name == *sector.id) {
        sector.name = name;
    }
    sector.owners.extend(known.unlisted(place, "owners", part.owners));
    sector.airports.extend(known.unlisted(place, "airports", part.airports));
    sector.callsigns.extend(known.unlisted_as(place, "callsigns", part.callsigns, position));
    sector.kind = sector.kind.take().or(part.kind);
    sector.capacity = sector.capacity.or(part.capacity);
    sector.frequency = sector.frequency.take().or(part.frequency);
    sector.group = sector.group.take().or(part.group);
    sector.volumes.push(volume);
}

/// The sectors of a file by their ids, and what each of them lists already: a file may have very many of both.
#[derive(Debug, Default)]
pub(super) struct Known {
    places: HashMap<String, usize>,
    listed: HashSet<(usize, &'static str, String)>,
}

impl Known {
    /// The place of a sector, which is the next one where its id is new.
    pub fn place(&mut self, id: &str) -> usize {
        let next = self.places.len();
        match self.places.get(id) {
            Some(&place) => place,
            None => *self.places.entry(id.to_owned()).or_insert(next),
        }
    }

    /// The items that the list of a sector does not have yet, each once.
    pub fn unlisted(
        &mut self,
        sector: usize,
        list: &'static str,
        items: Vec<String>,
    ) -> impl Iterator<Item = String> {
        self.unlisted_as(sector, list, items, str::to_owned)
    }

    /// The same where items are equal that have the same form.
    fn unlisted_as(
        &mut self,
        sector: usize,
        list: &'static str,
        items: Vec<String>,
        form: fn(&str) -> String,
    ) -> impl Iterator<Item = String> {
        items.into_iter().filter(move |item| self.listed.insert((sector, list, form(item))))
    }
}
