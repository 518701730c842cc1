//! Rings and polygons in the plane of longitude and latitude, including their edges.
//!
//! Edges are straight lines in degrees. The predicates are exact (`geo`'s robust kernel), so that two sectors
//! with a common line never leave a point between them.

mod bands;
mod enclosed;

use std::ops::ControlFlow;

use geo::{
    BoundingRect, Coord, Intersects, Kernel as _, Line, LineString, Orientation, Rect,
    coordinate_position::CoordPos, kernels::RobustKernel, line_intersection::LineIntersection,
};

use super::meetings::{Effort, Tangled, meetings, revisited};
use bands::Bands;

/// A closed ring that encloses some area. Its longitudes are continuous: a ring across the
/// antimeridian runs on beyond ±180°.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    line: LineString,
    bounds: Rect,
    bands: Bands,
    area: f64,
    touches_itself: bool,
}

/// Why vertices make no ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRing {
    /// They enclose nothing.
    NoArea,
    /// It takes too long to tell what they enclose.
    Tangled,
}

impl From<Tangled> for NoRing {
    fn from(_: Tangled) -> Self {
        Self::Tangled
    }
}

impl Ring {
    /// Creates a ring through `vertices` (x = longitude, y = latitude), closed if necessary. Returns `None`
    /// when it encloses nothing, or is too tangled to tell.
    ///
    /// The enclosed area follows the non-zero rule: everything that the ring goes round, so both lobes of a
    /// bow-tie, and what it goes round twice only once.
    pub fn new(vertices: Vec<Coord>) -> Option<Self> {
        Self::within(vertices, &mut Effort::default()).ok()
    }

    /// The same, with a bound on the effort that may be shared with other rings.
    ///
    /// # Errors
    ///
    /// Says why it is no ring.
    pub fn within(vertices: Vec<Coord>, effort: &mut Effort) -> Result<Self, NoRing> {
        let mut line = LineString::new(vertices);
        line.close();
        let bounds = line.bounding_rect().ok_or(NoRing::NoArea)?;
        let contacts = self_contacts(&line, effort)?;
        let touches_itself = !contacts.is_empty();
        let area = match touches_itself {
            true => enclosed::area(&line, contacts, effort)?,
            false => signed_area(&line).abs(),
        };
        let bands = Bands::of(&line.0, &bounds);
        let ring = Self { line, bounds, bands, area, touches_itself };
        if area > 0.0 { Ok(ring) } else { Err(NoRing::NoArea) }
    }

    /// The same ring in the other direction.
    pub fn reversed(mut self) -> Self {
        self.line.0.reverse();
        self.bands = Bands::of(&self.line.0, &self.bounds);
        self
    }

    /// The vertices, with the first one again at the end.
    pub fn vertices(&self) -> &[Coord] {
        &self.line.0
    }

    /// The vertices as a line.
    pub fn line(&self) -> &LineString {
        &self.line
    }

    /// The enclosed area in square degrees.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// Whether two edges of the ring cross or touch, except for neighbours at their vertex.
    pub fn touches_itself(&self) -> bool {
        self.touches_itself
    }

    /// The bounding box of the ring.
    pub fn bounds(&self) -> Rect {
        self.bounds
    }

    /// Tries one turn to either side too, because −180° is 180° and a ring may continue beyond both.
    fn position(&self, latitude: f64, longitude: f64) -> CoordPos {
        [0.0, 360.0, -360.0]
            .into_iter()
            .map(|turn| Coord { x: longitude + turn, y: latitude })
            .filter(|point| self.bounds.intersects(point))
            .map(|point| self.position_of(point))
            .find(|position| *position != CoordPos::Outside)
            .unwrap_or(CoordPos::Outside)
    }

    fn position_of(&self, point: Coord) -> CoordPos {
        let vertices = self.vertices();
        match self.bands.at(point.y) {
            None => position(point, vertices.windows(2)),
            Some(places) => {
                position(point, places.iter().map(|&at| &vertices[at as usize..at as usize + 2]))
            }
        }
    }
}

/// Where a point is, seen from a ring of which all sides are given that its latitude meets: by the winding number.
fn position<'a>(point: Coord, sides: impl Iterator<Item = &'a [Coord]>) -> CoordPos {
    let mut winding = 0;
    for side in sides {
        let (start, end) = (side[0], side[1]);
        let is_upward = start.y <= point.y;
        let is_beside = if is_upward { end.y < point.y } else { end.y > point.y };
        // To the west of the point no side counts.
        if is_beside || (start.x < point.x && end.x < point.x) {
            continue;
        }
        let orientation = match (start.x > point.x && end.x > point.x, is_upward) {
            (true, true) => Orientation::CounterClockwise,
            (true, false) => Orientation::Clockwise,
            (false, _) => RobustKernel::orient2d(start, end, point),
        };
        match orientation {
            Orientation::CounterClockwise if is_upward && end.y != point.y => winding += 1,
            Orientation::Clockwise if !is_upward => winding -= 1,
            Orientation::Collinear if is_between(point.x, start.x, end.x) => {
                return CoordPos::OnBoundary;
            }
            _ => {}
        }
    }
    if winding == 0 { CoordPos::Outside } else { CoordPos::Inside }
}

fn is_between(value: f64, a: f64, b: f64) -> bool {
    a.min(b) <= value && value <= a.max(b)
}

/// An exterior ring without its holes, including the edges of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The ring around the inside.
    pub exterior: Ring,
    /// The rings around holes.
    pub holes: Vec<Ring>,
}

impl Polygon {
    /// Whether the point is inside, on an edge or on a vertex. False for NaN.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.exterior.position(latitude, longitude) != CoordPos::Outside
            && !self.holes.iter().any(|hole| hole.position(latitude, longitude) == CoordPos::Inside)
    }

    /// The area in square degrees: the exterior without its holes.
    pub fn area(&self) -> f64 {
        self.exterior.area - self.holes.iter().map(Ring::area).sum::<f64>()
    }
}

/// The area inside a closed line in square degrees, positive when it runs counter-clockwise. Meaningless for
/// a line that crosses itself.
pub fn signed_area(line: &LineString) -> f64 {
    let Some(origin) = line.0.first().copied() else {
        return 0.0;
    };
    // Relative to the first vertex, the products and their rounding errors stay small.
    let double: f64 = line
        .lines()
        .map(|side| {
            let (a, b) = (side.start - origin, side.end - origin);
            a.x * b.y - b.x * a.y
        })
        .sum();
    double / 2.0
}

/// The latitudes at which two edges meet that should not: crossings, touches and doubled edges.
fn self_contacts(line: &LineString, effort: &mut Effort) -> Result<Vec<f64>, Tangled> {
    let sides: Vec<Line> = line.lines().collect();
    let mut met = Vec::new();
    meetings(&sides, effort, |_, _, meeting| {
        met.push(match meeting {
            LineIntersection::SinglePoint { intersection, .. } => intersection.y,
            LineIntersection::Collinear { intersection } => intersection.start.y,
        });
        ControlFlow::<()>::Continue(())
    })?;
    met.extend(revisited(&line.0).map(|vertex| vertex.y));
    Ok(met)
}

#[cfg(test)]
mod tests;
