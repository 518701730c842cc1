//! The drawing of a sector: its volumes, and where its label can stand.

use std::sync::Arc;

use sectorwatch_map::{
    Frame, Shape,
    labels::{Lettering, Spot, Subject, inside},
};

use crate::{
    status::{SectorOutline, VolumeOutline},
    web::level::FlightLevel,
};

/// The drawing of a sector.
#[derive(Debug)]
pub struct SectorShape {
    id: Arc<str>,
    name: String,
    volumes: Vec<VolumeShape>,
}

#[derive(Debug)]
struct VolumeShape {
    /// The limits; its lines are drawn.
    limits: VolumeOutline,
    parts: Vec<Part>,
    path: String,
}

/// A polygon of a volume.
#[derive(Debug)]
struct Part {
    shape: Shape,
    /// The places for the label inside it, for each width of a page.
    inside: [Vec<Spot>; 3],
}

/// What is drawn of a sector at a level.
#[derive(Debug)]
pub struct DrawnSector<'a> {
    /// The id of the sector in the status.
    pub id: &'a Arc<str>,
    /// The displayed name.
    pub name: &'a str,
    /// `d` of its path, which is to be filled by the rule `nonzero`.
    pub path: String,
    /// In square units of the sheet.
    pub area: f64,
    /// The largest part, which is labelled.
    largest: &'a Part,
}

impl SectorShape {
    pub(super) fn of(sector: &SectorOutline, frame: &Frame, letterings: &[Lettering; 3]) -> Self {
        let volume = |volume: &VolumeOutline| {
            let shapes = volume.polygons.iter().flat_map(|polygon| Shape::drawn(frame, polygon));
            let part = |shape| Part {
                inside: letterings.map(|lettering| inside(&shape, &sector.id, lettering)),
                shape,
            };
            let parts: Vec<Part> = shapes.map(part).collect();
            let mut path = String::new();
            parts.iter().for_each(|part| part.shape.add_to(&mut path));
            let limits = VolumeOutline { polygons: Vec::new(), ..*volume };
            VolumeShape { limits, parts, path }
        };
        Self {
            id: Arc::clone(&sector.id),
            name: sector.name.clone(),
            volumes: sector.volumes.iter().map(volume).collect(),
        }
    }

    /// What is drawn at a level, or of all levels; `None` if that is nothing.
    pub(super) fn at(&self, level: Option<FlightLevel>) -> Option<DrawnSector<'_>> {
        let holds =
            |volume: &&VolumeShape| level.is_none_or(|level| volume.limits.holds(level.level()));
        let mut volumes: Vec<&VolumeShape> = Vec::new();
        for volume in self.volumes.iter().filter(holds) {
            // Volumes above each other often have one shape.
            if !volumes.iter().any(|other| other.path == volume.path) {
                volumes.push(volume);
            }
        }
        let parts = || volumes.iter().flat_map(|volume| &volume.parts);
        let largest = parts().max_by(|a, b| a.shape.area().total_cmp(&b.shape.area()))?;
        Some(DrawnSector {
            id: &self.id,
            name: &self.name,
            path: volumes.iter().map(|volume| volume.path.as_str()).collect(),
            area: parts().map(|part| part.shape.area()).sum(),
            largest,
        })
    }
}

impl DrawnSector<'_> {
    /// What is labelled, on the page of a width.
    pub(super) fn subject(&self, width: usize) -> Subject<'_> {
        let inside = self.largest.inside.get(width).map_or(&[][..], Vec::as_slice);
        Subject { id: self.id, shape: &self.largest.shape, inside }
    }

    /// The part that is labelled.
    #[cfg(test)]
    pub(super) fn shape(&self) -> &Shape {
        &self.largest.shape
    }
}
