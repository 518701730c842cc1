//! Rings and polygons in the plane of longitude and latitude, including their edges.
//!
//! Edges are straight lines in degrees. The predicates are exact (`geo`'s robust kernel), so that two sectors
//! with a common line never leave a point between them.

use geo::{
    BoundingRect, Coord, Intersects, Line, LineString, Rect,
    coordinate_position::{CoordPos, coord_pos_relative_to_ring},
    line_intersection::LineIntersection,
};

use super::contacts::{meetings, revisited};

/// A closed ring that encloses some area. Its longitudes are continuous: a ring across the
/// antimeridian runs on beyond ±180°.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    line: LineString,
    bounds: Rect,
    area: f64,
    touches_itself: bool,
}

impl Ring {
    /// Creates a ring through `vertices` (x = longitude, y = latitude), closed if necessary. Returns `None`
    /// when it encloses nothing.
    ///
    /// The enclosed area follows the non-zero rule: everything that the ring goes round, so both lobes of a
    /// bow-tie, and what it goes round twice only once.
    pub fn new(vertices: Vec<Coord>) -> Option<Self> {
        let mut line = LineString::new(vertices);
        line.close();
        let bounds = line.bounding_rect()?;
        let contacts = self_contacts(&line);
        let touches_itself = !contacts.is_empty();
        let area =
            if touches_itself { enclosed_area(&line, contacts) } else { signed_area(&line).abs() };
        (area > 0.0).then_some(Self { line, bounds, area, touches_itself })
    }

    /// The vertices, with the first one again at the end.
    pub fn vertices(&self) -> &[Coord] {
        &self.line.0
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
            .map(|point| coord_pos_relative_to_ring(point, &self.line))
            .find(|position| *position != CoordPos::Outside)
            .unwrap_or(CoordPos::Outside)
    }
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
fn self_contacts(line: &LineString) -> Vec<f64> {
    let sides: Vec<Line> = line.lines().collect();
    let met = meetings(&sides).map(|(_, _, meeting)| match meeting {
        LineIntersection::SinglePoint { intersection, .. } => intersection.y,
        LineIntersection::Collinear { intersection } => intersection.start.y,
    });
    met.chain(revisited(&line.0).map(|vertex| vertex.y)).collect()
}

/// The area inside a line that meets itself at `contacts`, in square degrees, by the non-zero rule. No edges
/// cross between successive latitudes of vertices and contacts, so that each strip consists of trapezia.
fn enclosed_area(line: &LineString, contacts: Vec<f64>) -> f64 {
    let mut latitudes = contacts;
    latitudes.extend(line.0.iter().map(|vertex| vertex.y));
    latitudes.sort_by(f64::total_cmp);
    latitudes.dedup();
    latitudes
        .windows(2)
        .map(|strip| (strip[1] - strip[0]) * width_at(line, strip[0].midpoint(strip[1])))
        .sum()
}

/// The degrees of longitude inside the line along a latitude without vertices.
fn width_at(line: &LineString, latitude: f64) -> f64 {
    let mut crossings: Vec<(f64, i32)> = line
        .lines()
        .filter(|side| (side.start.y > latitude) != (side.end.y > latitude))
        .map(|side| {
            let along = (latitude - side.start.y) / side.dy();
            (side.start.x + along * side.dx(), if side.dy() > 0.0 { 1 } else { -1 })
        })
        .collect();
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut winding = 0;
    let mut width = 0.0;
    for pair in crossings.windows(2) {
        winding += pair[0].1;
        if winding != 0 {
            width += pair[1].0 - pair[0].0;
        }
    }
    width
}

#[cfg(test)]
mod tests;
