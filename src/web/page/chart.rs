//! The chart below the aircraft: boundary, sectors and graticule as SVG paths, drawn once.

mod labels;
mod plane;

use std::{fmt::Write as _, sync::Arc};

pub use labels::Label;

use labels::{LETTERINGS, Subject};
use plane::{Bounds, Projection, degrees_of};

use crate::status::{Outlines, PolygonLines, Position};

/// The width of the drawing in its own units. The height follows within limits.
const WIDTH: f64 = 1000.0;
const HEIGHTS: (f64, f64) = (220.0, 900.0);
const MARGIN: f64 = 14.0;
/// Edges are straight in degrees and curved on the chart, so they are drawn in steps.
const STEP_DEGREES: f64 = 2.0;
const GRATICULE_DEGREES: i32 = 10;

/// The part of the map that never changes.
#[derive(Debug, Default)]
pub struct Chart {
    projection: Projection,
    scale: f64,
    /// The middle of the projected lines.
    middle: (f64, f64),
    /// The height in units of the drawing.
    pub height: f64,
    /// `d` of the boundary's path; empty when the sectors together are the boundary.
    pub boundary: String,
    /// `d` of the meridians and parallels.
    pub graticule: String,
    /// The sectors, largest first, so that smaller ones are drawn above.
    pub sectors: Vec<SectorShape>,
    /// The labels for a wide page and for a narrow one.
    pub labels: [Vec<Label>; 2],
}

/// The drawing of a sector.
#[derive(Debug)]
pub struct SectorShape {
    /// The id of the sector in the status.
    pub id: Arc<str>,
    /// The displayed name.
    pub name: String,
    /// `d` of its path.
    pub path: String,
    /// The largest part of the drawing.
    ring: Vec<(f64, f64)>,
    bounds: Bounds,
}

impl Chart {
    /// Draws the lines. [`Chart::is_empty`] is true without any.
    pub fn of(outlines: &Outlines) -> Self {
        let shapes = outlines.sectors.iter().flat_map(|sector| &sector.polygons);
        let exteriors: Vec<&Vec<Position>> =
            outlines.boundary.iter().chain(shapes).filter_map(|polygon| polygon.first()).collect();
        let Some(degrees) = degrees_of(&exteriors) else { return Self::default() };
        let projection = Projection::over(&degrees);
        let lines = exteriors.iter().flat_map(|ring| in_steps(ring));
        let Some(bounds) = Bounds::of(lines.map(|position| projection.project(position))) else {
            return Self::default();
        };
        let room = (WIDTH - 2.0 * MARGIN, HEIGHTS.1 - 2.0 * MARGIN);
        let scale = (room.0 / bounds.width().max(1e-9)).min(room.1 / bounds.height().max(1e-9));
        let height = (bounds.height() * scale + 2.0 * MARGIN).max(HEIGHTS.0);
        let middle = bounds.middle();
        let mut chart = Self { projection, scale, middle, height, ..Self::default() };
        chart.boundary = chart.path(&outlines.boundary);
        chart.graticule = chart.lines_of(&degrees);
        chart.sectors = (outlines.sectors.iter())
            .filter_map(|sector| chart.shape(&sector.id, &sector.name, &sector.polygons))
            .collect();
        chart.sectors.sort_by(|a, b| b.bounds.size().total_cmp(&a.bounds.size()));
        chart.labels = LETTERINGS.map(|lettering| {
            let subjects: Vec<_> = chart.sectors.iter().map(SectorShape::subject).collect();
            labels::place(&subjects, lettering, &chart.sheet())
        });
        chart
    }

    /// Whether the airspace has no lines.
    pub fn is_empty(&self) -> bool {
        self.scale == 0.0
    }

    /// The width in units of the drawing.
    pub fn width(&self) -> f64 {
        WIDTH
    }

    /// The place of a position on the drawing, from its upper left corner.
    pub fn place(&self, position: Position) -> (f64, f64) {
        let (x, y) = self.projection.project(position);
        let (right, down) = ((x - self.middle.0) * self.scale, (self.middle.1 - y) * self.scale);
        (WIDTH / 2.0 + right, self.height / 2.0 + down)
    }

    fn sheet(&self) -> Bounds {
        Bounds { west: 0.0, east: WIDTH, south: 0.0, north: self.height }
    }

    /// The clockwise rotation that turns an upward mark to a heading, because meridians are not vertical
    /// everywhere.
    pub fn turn(&self, (longitude, latitude): Position, heading_deg: f64) -> f64 {
        const AHEAD_DEGREES: f64 = 0.01;
        let heading = heading_deg.to_radians();
        let parallel = latitude.to_radians().cos().max(0.01);
        let ahead = (
            longitude + AHEAD_DEGREES * heading.sin() / parallel,
            latitude + AHEAD_DEGREES * heading.cos(),
        );
        let (from, to) = (self.place((longitude, latitude)), self.place(ahead));
        (to.0 - from.0).atan2(from.1 - to.1).to_degrees()
    }

    fn shape(&self, id: &Arc<str>, name: &str, polygons: &[PolygonLines]) -> Option<SectorShape> {
        // The largest of several parts is labelled.
        let rings = polygons.iter().filter_map(|polygon| polygon.first());
        let drawn = rings.map(|ring| -> Vec<_> {
            in_steps(ring).into_iter().map(|position| self.place(position)).collect()
        });
        let boxed = drawn.filter_map(|ring| Some((Bounds::of(ring.iter().copied())?, ring)));
        let (bounds, ring) = boxed.max_by(|a, b| a.0.size().total_cmp(&b.0.size()))?;
        let (id, name, path) = (Arc::clone(id), name.to_owned(), self.path(polygons));
        Some(SectorShape { id, name, path, ring, bounds })
    }

    fn path(&self, polygons: &[PolygonLines]) -> String {
        let mut path = String::new();
        for ring in polygons.iter().flatten() {
            self.line(&mut path, &in_steps(ring));
            path.push('z');
        }
        path
    }

    fn lines_of(&self, degrees: &Bounds) -> String {
        let step = GRATICULE_DEGREES;
        let beyond = f64::from(step);
        let lines = |from: f64, to: f64| {
            let first = (from / beyond).floor() as i32;
            let last = (to / beyond).ceil() as i32;
            (first..=last).map(move |index| f64::from(index * step))
        };
        let (south, north) = (degrees.south.max(-89.0), degrees.north.min(89.0));
        let mut path = String::new();
        for meridian in lines(degrees.west, degrees.east) {
            let ends =
                [(meridian, (south - beyond).max(-89.0)), (meridian, (north + beyond).min(89.0))];
            self.line(&mut path, &in_steps(&ends));
        }
        for parallel in lines(south, north).filter(|parallel| parallel.abs() < 90.0) {
            let ends = [(degrees.west - beyond, parallel), (degrees.east + beyond, parallel)];
            self.line(&mut path, &in_steps(&ends));
        }
        path
    }

    fn line(&self, path: &mut String, positions: &[Position]) {
        let mut command = 'M';
        for position in positions {
            let (x, y) = self.place(*position);
            // Writing to a string cannot fail.
            let _ = write!(path, "{command}{x:.1} {y:.1}");
            command = 'L';
        }
    }
}

impl SectorShape {
    fn subject(&self) -> Subject<'_> {
        Subject { id: &self.id, ring: &self.ring, bounds: self.bounds }
    }
}

/// Positions along a line, at small distances.
fn in_steps(line: &[Position]) -> Vec<Position> {
    let mut steps: Vec<Position> = line.first().copied().into_iter().collect();
    for side in line.windows(2) {
        let [(x0, y0), (x1, y1)] = [side[0], side[1]];
        let count = ((x1 - x0).abs().max((y1 - y0).abs()) / STEP_DEGREES).ceil().max(1.0);
        steps.extend((1..=count as u32).map(|step| {
            let part = f64::from(step) / count;
            (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
        }));
    }
    steps
}

#[cfg(test)]
mod tests;
