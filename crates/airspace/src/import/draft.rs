//! What a format says of an airspace, before it is repaired.

use geo::Coord;
use serde_json::value::RawValue;

pub use crate::positions::Position;

/// A closed line as the file draws it: `x` is the longitude and `y` the latitude, in degrees. It may be
/// unclosed, cross itself, and cross ±180° without being cut there.
pub type Line = Vec<Coord>;

/// An exterior ring and its holes.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The ring around what is inside.
    pub exterior: Line,
    /// Rings around what is not.
    pub holes: Vec<Line>,
}

impl Outline {
    /// An outline without holes.
    pub fn solid(exterior: Line) -> Self {
        Self { exterior, holes: Vec::new() }
    }
}

/// All that was read of the files of one format.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// What flights are kept in; empty when the sectors together are the boundary.
    pub boundary: Vec<Outline>,
    /// In the order of the files. Each id is there once; what the format has under one id and the same owners
    /// are volumes of one sector.
    pub sectors: Vec<DraftSector>,
    /// In the order of the files. One id may stand for several positions, one after the other.
    pub positions: Vec<Position>,
    /// Whether a callsign's stem is also cut at `-` when its positions are looked for (SimAware).
    pub cut_hyphen: bool,
    /// Feet, where the file states it.
    pub transition_altitude_ft: Option<f64>,
    /// Whether the file says of itself that it is drawn roughly.
    pub approximate: bool,
    /// Where a file of our own form says that it comes from, as it stands there.
    pub dataset: Option<Box<RawValue>>,
}

/// One sector.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DraftSector {
    /// What visits and labels hold.
    pub id: String,
    /// The name that people read; the id where the format has none.
    pub name: String,
    /// `CTR`, `APP`, `TWR`, … in upper case: what `--kinds` selects.
    pub kind: Option<String>,
    /// What `--division` selects, in VAT-Spy alone. Not written.
    pub division: Option<String>,
    /// Ids of positions; the first of them that is staffed controls the sector. Each is there once and is known.
    pub owners: Vec<String>,
    /// Aerodromes of the sector, as information only.
    pub airports: Vec<String>,
    /// Aircraft that it is meant to hold at most, where the file says so.
    pub capacity: Option<u32>,
    /// Controllers of a sector without owners, in files of our own form.
    pub callsigns: Vec<String>,
    /// As a file of our own form states it, for display.
    pub frequency: Option<String>,
    /// What a file of our own form puts it with, for display.
    pub group: Option<String>,
    /// At least one.
    pub volumes: Vec<DraftVolume>,
}

/// One shape with its limits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DraftVolume {
    /// How the report names it: `block 3 of airspace "Solway"`.
    pub element: String,
    /// Feet; `None` has no lower limit.
    pub floor_ft: Option<f64>,
    /// Feet; `None` has no upper limit.
    pub ceiling_ft: Option<f64>,
    /// When the volume holds, in the words of the format (`EGLL 27L,27R`); always, where it says nothing.
    pub active_when: Option<String>,
    /// Parts of the shape. They are united when `unite` is set; else a point in any of them is inside.
    pub outlines: Vec<Outline>,
    /// Whether the outlines are several drawings of one shape that must be united.
    pub unite: bool,
}
