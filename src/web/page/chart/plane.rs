//! Projects positions on the globe to a plane, north up.

use std::f64::consts::PI;

use crate::status::Position;

/// A map projection.
#[derive(Debug, Clone, Copy)]
pub enum Projection {
    /// Degrees unchanged, relative to a meridian: for regions that span most of the globe.
    Plain { longitude: f64 },
    /// Lambert's azimuthal equal-area projection around a point, which distorts a region little.
    Azimuthal { longitude: f64, latitude: f64 },
}

impl Default for Projection {
    fn default() -> Self {
        Projection::Plain { longitude: 0.0 }
    }
}

impl Projection {
    /// The suitable projection for a region.
    pub fn over(degrees: &Bounds) -> Self {
        let (longitude, latitude) = degrees.middle();
        match degrees.width() > 180.0 {
            true => Projection::Plain { longitude },
            false => Projection::Azimuthal { longitude, latitude },
        }
    }

    /// Projects a position to a point: right, up.
    pub fn project(self, (longitude, latitude): Position) -> (f64, f64) {
        match self {
            Projection::Plain { longitude: middle } => {
                let east = longitude - middle;
                (if east.abs() > 180.0 { east - nearest_turn(east) } else { east }, latitude)
            }
            Projection::Azimuthal { longitude: east, latitude: north } => {
                let (sin0, cos0) = (north * PI / 180.0).sin_cos();
                let (sin, cos) = (latitude * PI / 180.0).sin_cos();
                let (sin_east, cos_east) = ((longitude - east) * PI / 180.0).sin_cos();
                // 0 only at the antipode, which is in no region of half a globe.
                let nearness = (1.0 + sin0 * sin + cos0 * cos * cos_east).max(1e-6);
                let k = (2.0 / nearness).sqrt();
                (k * cos * sin_east, k * (cos0 * sin - sin0 * cos * cos_east))
            }
        }
    }
}

/// The degrees that rings cover together. A ring may be written a turn away from its neighbours, on the other
/// side of the antimeridian; each is counted where it is nearest to the largest.
pub fn degrees_of(rings: &[&Vec<Position>]) -> Option<Bounds> {
    let each = rings.iter().filter_map(|ring| Bounds::of(ring.iter().copied()));
    let each: Vec<Bounds> = each.collect();
    let largest = each.iter().max_by(|a, b| a.size().total_cmp(&b.size()))?.middle().0;
    let near = each.into_iter().map(|ring| {
        let turn = nearest_turn(ring.middle().0 - largest);
        Bounds { west: ring.west - turn, east: ring.east - turn, ..ring }
    });
    near.reduce(Bounds::around)
}

/// A multiple of 360°.
fn nearest_turn(degrees: f64) -> f64 {
    (degrees / 360.0).round() * 360.0
}

/// A rectangle of degrees or of the drawing. `north` is the larger number in both, which is below in the
/// drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub west: f64,
    pub east: f64,
    pub south: f64,
    pub north: f64,
}

impl Bounds {
    /// The bounds of all points; `None` without points.
    pub fn of(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let at = |(x, y)| Self { west: x, east: x, south: y, north: y };
        points.into_iter().map(at).reduce(Self::around)
    }

    /// Bounds with a width and a height around a middle.
    pub fn about((x, y): (f64, f64), (width, height): (f64, f64)) -> Self {
        let (right, up) = (width / 2.0, height / 2.0);
        Self { west: x - right, east: x + right, south: y - up, north: y + up }
    }

    fn around(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            east: self.east.max(other.east),
            south: self.south.min(other.south),
            north: self.north.max(other.north),
        }
    }

    pub fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.west, self.east), f64::midpoint(self.south, self.north))
    }

    pub fn width(&self) -> f64 {
        self.east - self.west
    }

    pub fn height(&self) -> f64 {
        self.north - self.south
    }

    pub fn size(&self) -> f64 {
        self.width() * self.height()
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.west < other.east
            && other.west < self.east
            && self.south < other.north
            && other.south < self.north
    }

    pub fn holds(&self, other: &Self) -> bool {
        self.west <= other.west
            && other.east <= self.east
            && self.south <= other.south
            && other.north <= self.north
    }
}
