//! The chart under the aircraft: boundary, sectors and graticule as paths of an SVG, drawn once.

use std::{f64::consts::PI, fmt::Write as _, sync::Arc};

use crate::poller::status::{Outlines, PolygonLines, Position};

/// Width of the drawing in its own units; the height follows.
const WIDTH: f64 = 1000.0;
const MARGIN: f64 = 14.0;
/// Sides are straight in degrees and bent on the chart, so each is drawn in steps.
const STEP_DEGREES: f64 = 2.0;
const GRATICULE_DEGREES: i32 = 10;

/// What never changes of the map. Cheap to keep, and to draw from.
#[derive(Debug, Default)]
pub struct Chart {
    projection: Projection,
    scale: f64,
    west: f64,
    north: f64,
    /// In units of the drawing.
    pub height: f64,
    /// `d` of the boundary's path; empty when the sectors together are the boundary.
    pub boundary: String,
    /// `d` of the meridians and parallels.
    pub graticule: String,
    /// The largest first, so that each smaller one lies above.
    pub sectors: Vec<SectorShape>,
}

/// One sector as drawn.
#[derive(Debug)]
pub struct SectorShape {
    /// Which sector of the status.
    pub id: Arc<str>,
    /// For display.
    pub name: String,
    /// `d` of its path.
    pub path: String,
    /// Where its id is written.
    pub label: (f64, f64),
    /// Whether the label lies inside; a small sector has it below.
    pub is_wide: bool,
    size: f64,
}

impl Chart {
    /// Draws the lines. Without any there is nothing to see: see [`Chart::is_empty`].
    pub fn of(outlines: &Outlines) -> Self {
        let shapes = outlines.sectors.iter().flat_map(|sector| &sector.polygons);
        let exteriors: Vec<&Vec<Position>> =
            outlines.boundary.iter().chain(shapes).filter_map(|polygon| polygon.first()).collect();
        let Some(degrees) = Bounds::of(exteriors.iter().flat_map(|ring| ring.iter().copied()))
        else {
            return Self::default();
        };
        let projection = Projection::over(&degrees);
        let lines = exteriors.iter().flat_map(|ring| in_steps(ring));
        let Some(bounds) = Bounds::of(lines.map(|position| projection.project(position))) else {
            return Self::default();
        };
        let scale = (WIDTH - 2.0 * MARGIN) / (bounds.east - bounds.west).max(1e-9);
        let height = (bounds.north - bounds.south) * scale + 2.0 * MARGIN;
        let (west, north) = (bounds.west, bounds.north);
        let mut chart = Self { projection, scale, west, north, height, ..Self::default() };
        chart.boundary = chart.path(&outlines.boundary);
        chart.graticule = chart.lines_of(&degrees);
        chart.sectors = (outlines.sectors.iter())
            .filter_map(|sector| chart.shape(&sector.id, &sector.name, &sector.polygons))
            .collect();
        chart.sectors.sort_by(|a, b| b.size.total_cmp(&a.size));
        chart
    }

    /// Whether the airspace has no lines.
    pub fn is_empty(&self) -> bool {
        self.scale == 0.0
    }

    /// In units of the drawing.
    pub fn width(&self) -> f64 {
        WIDTH
    }

    /// Where a position lies on the drawing, from its upper left corner.
    pub fn place(&self, position: Position) -> (f64, f64) {
        let (x, y) = self.projection.project(position);
        ((x - self.west) * self.scale + MARGIN, (self.north - y) * self.scale + MARGIN)
    }

    /// How far a mark that points up is turned clockwise to point to a heading: meridians are not
    /// upright everywhere.
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
        const WIDE: f64 = 130.0;
        // Of several parts the largest is labelled.
        let rings = polygons.iter().filter_map(|polygon| polygon.first());
        let drawn = rings.map(|ring| -> Vec<_> {
            in_steps(ring).into_iter().map(|position| self.place(position)).collect()
        });
        let boxed = drawn.filter_map(|ring| Some((Bounds::of(ring.iter().copied())?, ring)));
        let (bounds, ring) = boxed.max_by(|a, b| a.0.size().total_cmp(&b.0.size()))?;
        let is_wide = bounds.east - bounds.west >= WIDE;
        // `north` is the larger number here, and the drawing's numbers grow downwards.
        let label =
            if is_wide { widest(&ring, &bounds) } else { (bounds.middle().0, bounds.north) };
        let (id, name, path) = (Arc::clone(id), name.to_owned(), self.path(polygons));
        Some(SectorShape { id, name, path, label, is_wide, size: bounds.size() })
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
            // Writing to a text does not fail.
            let _ = write!(path, "{command}{x:.1} {y:.1}");
            command = 'L';
        }
    }
}

/// The middle of the ring where it is widest, a little away from its ends.
fn widest(ring: &[(f64, f64)], bounds: &Bounds) -> (f64, f64) {
    const LINES: u32 = 15;
    let mut best = (0.0, bounds.middle());
    for line in 3..LINES - 2 {
        let part = f64::from(line) / f64::from(LINES);
        let y = bounds.south + (bounds.north - bounds.south) * part;
        let mut crossed: Vec<f64> = (ring.windows(2))
            .filter(|side| (side[0].1 > y) != (side[1].1 > y))
            .map(|side| {
                let ((x0, y0), (x1, y1)) = (side[0], side[1]);
                x0 + (x1 - x0) * (y - y0) / (y1 - y0)
            })
            .collect();
        crossed.sort_by(f64::total_cmp);
        for inside in crossed.chunks_exact(2) {
            let width = inside[1] - inside[0];
            if width > best.0 {
                best = (width, (f64::midpoint(inside[0], inside[1]), y));
            }
        }
    }
    best.1
}

/// The positions along a line, no two of them far apart.
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

/// From the globe to a plane, north up.
#[derive(Debug, Clone, Copy, Default)]
enum Projection {
    /// Degrees as they are, around a meridian: for what goes round most of the globe.
    #[default]
    Plain,
    /// Lambert's azimuthal equal-area projection around a point, which no region distorts much.
    Azimuthal { longitude: f64, latitude: f64 },
}

impl Projection {
    fn over(degrees: &Bounds) -> Self {
        if degrees.east - degrees.west > 180.0 {
            return Projection::Plain;
        }
        let (longitude, latitude) = degrees.middle();
        Projection::Azimuthal { longitude, latitude }
    }

    fn project(self, (longitude, latitude): Position) -> (f64, f64) {
        match self {
            Projection::Plain => (longitude, latitude),
            Projection::Azimuthal { longitude: east, latitude: north } => {
                let (sin0, cos0) = (north * PI / 180.0).sin_cos();
                let (sin, cos) = (latitude * PI / 180.0).sin_cos();
                let (sin_east, cos_east) = ((longitude - east) * PI / 180.0).sin_cos();
                // 0 only at the point opposite, which no region of half a globe holds.
                let nearness = (1.0 + sin0 * sin + cos0 * cos * cos_east).max(1e-6);
                let k = (2.0 / nearness).sqrt();
                (k * cos * sin_east, k * (cos0 * sin - sin0 * cos * cos_east))
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bounds {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Bounds {
    fn of(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let at = |(x, y)| Self { west: x, east: x, south: y, north: y };
        points.into_iter().map(at).reduce(|a, b| Self {
            west: a.west.min(b.west),
            east: a.east.max(b.east),
            south: a.south.min(b.south),
            north: a.north.max(b.north),
        })
    }

    fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.west, self.east), f64::midpoint(self.south, self.north))
    }

    fn size(&self) -> f64 {
        (self.east - self.west) * (self.north - self.south)
    }
}

#[cfg(test)]
mod tests;
