//! Sectors and their volumes.

use std::sync::Arc;

use super::{geometry::Polygon, level::Level};

/// One lateral shape with its limits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Volume {
    /// Parts of the shape; a point in any of them is in the volume.
    pub polygons: Vec<Polygon>,
    /// Feet, inclusive; `None` has no lower limit.
    pub floor_ft: Option<f64>,
    /// Feet, inclusive; `None` has no upper limit.
    pub ceiling_ft: Option<f64>,
    /// When the volume holds, in the words of the file. The feed does not tell, so it always does.
    pub active_when: Option<String>,
}

impl Volume {
    /// Whether the shape holds the point, whatever the altitude.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.polygons.iter().any(|polygon| polygon.contains(latitude, longitude))
    }

    /// Whether the limits hold the level, whatever the point, when each is moved outwards by
    /// `margin_ft`.
    pub fn holds(&self, level: Level, margin_ft: f64) -> bool {
        level.is_between(self.floor_ft, self.ceiling_ft, margin_ft)
    }
}

/// One sector: all the volumes of one id. Moving between them is no transition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sector {
    /// What `sector_name` and every label hold.
    pub id: Arc<str>,
    /// The name that people read.
    pub name: String,
    /// Ids of positions, in order: the first that is staffed controls the sector. Each is known and there once.
    pub owners: Vec<String>,
    /// What it is of: `CTR`, `APP`, `TWR`, …
    pub kind: Option<String>,
    /// Its aerodromes, as information only.
    pub airports: Vec<String>,
    /// Aircraft that it is meant to hold at most.
    pub capacity: Option<u32>,
    /// Controllers who can staff it, where the file names no owners.
    pub callsigns: Vec<String>,
    /// As the file states it.
    pub frequency: Option<String>,
    /// What the file puts it with, for display.
    pub group: Option<String>,
    /// What the sector covers; at least one volume.
    pub volumes: Vec<Volume>,
}

impl Sector {
    /// Square degrees of all volumes together; what two of them share counts twice.
    pub fn area(&self) -> f64 {
        self.volumes.iter().flat_map(|volume| &volume.polygons).map(Polygon::area).sum()
    }

    /// Whether one of the volumes holds the point, whatever the altitude.
    pub fn covers(&self, latitude: f64, longitude: f64) -> bool {
        self.volumes.iter().any(|volume| volume.contains(latitude, longitude))
    }

    /// Whether one of the volumes holds point and level, its limits moved outwards by `margin_ft`.
    pub fn holds(&self, latitude: f64, longitude: f64, level: Level, margin_ft: f64) -> bool {
        let holds = |volume: &Volume| {
            volume.holds(level, margin_ft) && volume.contains(latitude, longitude)
        };
        self.volumes.iter().any(holds)
    }
}
