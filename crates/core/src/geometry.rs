//! Rings and polygons on the plane of longitude and latitude, whose edges belong to them.
//!
//! Sides are straight lines in degrees. The predicates are exact (`geo`'s robust kernel), so that
//! two sectors drawn with the same line never leave a point between them.

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
    /// A ring through `vertices` (x = longitude, y = latitude), closed when it is not. `None` when
    /// it encloses nothing.
    ///
    /// What a ring encloses is read by the non-zero rule: all that it goes round, so both lobes of
    /// a bow-tie, and once what it covers twice.
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

    /// The vertices, the first one again at the end.
    pub fn vertices(&self) -> &[Coord] {
        &self.line.0
    }

    /// The area that the ring encloses, in square degrees.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// Whether two sides of the ring cross or touch, other than neighbours at their vertex.
    pub fn touches_itself(&self) -> bool {
        self.touches_itself
    }

    /// The box around the ring.
    pub fn bounds(&self) -> Rect {
        self.bounds
    }

    /// Tried one turn to either side as well: −180° is 180°, and a ring may run on beyond both.
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

/// An exterior ring without its holes; the edges of both belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The ring around what is inside.
    pub exterior: Ring,
    /// Rings around what is not inside.
    pub holes: Vec<Ring>,
}

impl Polygon {
    /// Whether the point is inside, on an edge or on a vertex. False for a point that is no number.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.exterior.position(latitude, longitude) != CoordPos::Outside
            && !self.holes.iter().any(|hole| hole.position(latitude, longitude) == CoordPos::Inside)
    }

    /// Square degrees: the exterior less its holes.
    pub fn area(&self) -> f64 {
        self.exterior.area - self.holes.iter().map(Ring::area).sum::<f64>()
    }
}

/// Square degrees of a closed line, positive when it runs counter-clockwise. Meaningless in sign
/// and size when the line crosses itself.
pub fn signed_area(line: &LineString) -> f64 {
    let Some(origin) = line.0.first().copied() else {
        return 0.0;
    };
    // Seen from the first vertex the products stay small, and so does their rounding.
    let double: f64 = line
        .lines()
        .map(|side| {
            let (a, b) = (side.start - origin, side.end - origin);
            a.x * b.y - b.x * a.y
        })
        .sum();
    double / 2.0
}

/// Latitudes at which two sides meet that should not: crossings, touches and doubled sides.
fn self_contacts(line: &LineString) -> Vec<f64> {
    let sides: Vec<Line> = line.lines().collect();
    let met = meetings(&sides).map(|(_, _, meeting)| match meeting {
        LineIntersection::SinglePoint { intersection, .. } => intersection.y,
        LineIntersection::Collinear { intersection } => intersection.start.y,
    });
    met.chain(revisited(&line.0).map(|vertex| vertex.y)).collect()
}

/// Square degrees inside a line that meets itself at `contacts`, by the non-zero rule. Between two
/// successive latitudes of vertices and contacts no sides cross, so each strip is made of trapezia.
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

/// Degrees of longitude inside the line along one latitude that holds none of its vertices.
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
