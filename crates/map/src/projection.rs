//! Projects positions on the globe to a plane, north up.

use crate::{Bounds, Position};

/// Regions that are wider than this are drawn as the whole globe.
const GLOBE_DEGREES: f64 = 330.0;
/// How near to the middle a position must be for its line to be drawn: near the antipode, an azimuthal
/// projection tears neighbours apart. 2 is the middle, 0 the antipode.
const NEAREST: f64 = 0.2;

/// A map projection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Projection {
    /// Degrees unchanged, relative to a meridian: for regions that span most of the globe.
    Plain {
        /// The meridian in the middle.
        longitude: f64,
    },
    /// Lambert's azimuthal equal-area projection around a point, which distorts a region little.
    Azimuthal {
        /// The longitude of the point.
        longitude: f64,
        /// The latitude of the point.
        latitude: f64,
    },
}

impl Default for Projection {
    fn default() -> Self {
        Projection::Plain { longitude: 0.0 }
    }
}

impl Projection {
    /// The suitable projection for a region, and the region that it then draws.
    pub fn over(degrees: Bounds) -> (Self, Bounds) {
        let (longitude, latitude) = degrees.middle();
        if degrees.width() > GLOBE_DEGREES {
            let globe = Bounds { west: -180.0, east: 180.0, ..degrees };
            return (Projection::Plain { longitude: 0.0 }, globe);
        }
        match degrees.width() > 180.0 {
            true => (Projection::Plain { longitude }, degrees),
            false => (Projection::Azimuthal { longitude, latitude }, degrees),
        }
    }

    /// Projects a position to a point: right, up. A longitude and the same one a turn further are one place.
    pub fn project(self, (longitude, latitude): Position) -> (f64, f64) {
        match self {
            Projection::Plain { longitude: middle } => {
                let east = longitude - middle;
                (if east.abs() > 180.0 { east - nearest_turn(east) } else { east }, latitude)
            }
            Projection::Azimuthal { longitude: east, latitude: north } => {
                let (sin0, cos0) = north.to_radians().sin_cos();
                let (sin, cos) = latitude.to_radians().sin_cos();
                let (sin_east, cos_east) = (longitude - east).to_radians().sin_cos();
                // 0 only at the antipode, which is in no region of half a globe.
                let nearness = (1.0 + sin0 * sin + cos0 * cos * cos_east).max(1e-6);
                let k = (2.0 / nearness).sqrt();
                (k * cos * sin_east, k * (cos0 * sin - sin0 * cos * cos_east))
            }
        }
    }

    /// Projects a position of a line that may go on beyond the edge of the map, by as many degrees east.
    pub(crate) fn project_moved(self, (longitude, latitude): Position, by: f64) -> (f64, f64) {
        match self {
            Projection::Plain { longitude: middle } => (longitude + by - middle, latitude),
            Projection::Azimuthal { .. } => self.project((longitude + by, latitude)),
        }
    }

    /// Whether neighbours at this place stay neighbours on the map.
    pub(crate) fn is_near(self, (longitude, latitude): Position) -> bool {
        let Projection::Azimuthal { longitude: east, latitude: north } = self else { return true };
        let (sin0, cos0) = north.to_radians().sin_cos();
        let (sin, cos) = latitude.to_radians().sin_cos();
        1.0 + sin0 * sin + cos0 * cos * (longitude - east).to_radians().cos() > NEAREST
    }
}

/// The degrees that rings cover together. A ring may be written a turn away from its neighbours, on the other
/// side of the antimeridian; each is counted where it is nearest to the largest.
pub(crate) fn degrees_of(rings: &[&[Position]]) -> Option<Bounds> {
    let each = rings.iter().filter_map(|ring| Bounds::of(ring.iter().copied()));
    let each: Vec<Bounds> = each.collect();
    let largest = each.iter().max_by(|a, b| a.size().total_cmp(&b.size()))?.middle().0;
    let near = each.into_iter().map(|ring| {
        let turn = nearest_turn(ring.middle().0 - largest);
        ring.moved_east(-turn)
    });
    near.reduce(Bounds::around)
}

/// A multiple of 360°.
fn nearest_turn(degrees: f64) -> f64 {
    (degrees / 360.0).round() * 360.0
}
