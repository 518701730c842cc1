//! A polygon on the sheet.

use crate::{
    Bounds, Frame, Point, Position,
    interior::{contains, pole},
    line::{path_of, simplified},
};

/// What a line may be moved by, in units of the sheet: half a pixel of a page that is 1,600 pixels wide.
const TOLERANCE: f64 = 0.3;

/// A polygon on the sheet: its exterior ring, then its holes, simplified to what can be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    rings: Vec<Vec<Point>>,
    bounds: Bounds,
    area: f64,
    pole: Point,
}

impl Shape {
    /// The drawings of a polygon, an exterior ring and its holes: none out of view, two for a polygon across
    /// the edge of a map of the whole globe.
    pub fn drawn(frame: &Frame, polygon: &[Vec<Position>]) -> Vec<Self> {
        let Some((exterior, holes)) = polygon.split_first() else { return Vec::new() };
        let holes: Vec<_> = holes.iter().flat_map(|hole| frame.copies(hole)).collect();
        frame
            .copies(exterior)
            .into_iter()
            .filter_map(|exterior| Self::of(exterior, &holes))
            .collect()
    }

    fn of(exterior: Vec<Point>, holes: &[Vec<Point>]) -> Option<Self> {
        let bounds = Bounds::of(exterior.iter().copied())?;
        let own = holes.iter().filter(|hole| {
            Bounds::of(hole.iter().copied()).is_some_and(|hole| hole.overlaps(&bounds))
        });
        // The exterior clockwise and holes the other way, so that polygons that lie over each other are
        // filled as one.
        let turned = |ring: &[Point], is_clockwise: bool| {
            let mut ring = simplified(ring, TOLERANCE);
            if (signed_area(&ring) > 0.0) != is_clockwise {
                ring.reverse();
            }
            ring
        };
        let mut rings = vec![turned(&exterior, true)];
        rings.extend(own.map(|hole| turned(hole, false)).filter(|hole| hole.len() > 3));
        let area = rings.iter().map(|ring| signed_area(ring)).sum::<f64>().max(0.0);
        let pole = pole(&rings, &bounds).unwrap_or_else(|| bounds.middle());
        Some(Self { rings, bounds, area, pole })
    }

    /// Adds the shape to the text of a path, which is to be filled by the rule `nonzero`.
    pub fn add_to(&self, path: &mut String) {
        self.rings.iter().for_each(|ring| path_of(path, ring, true));
    }

    /// Its bounding box.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The area of the exterior without holes, in square units of the sheet.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// The point inside that is farthest from its lines, nearly.
    pub fn pole(&self) -> Point {
        self.pole
    }

    /// Whether the point is inside.
    pub fn contains(&self, point: Point) -> bool {
        contains(&self.rings, point)
    }

    pub(crate) fn rings(&self) -> &[Vec<Point>] {
        &self.rings
    }
}

/// The area in a closed line, positive when it runs clockwise on the sheet.
fn signed_area(ring: &[Point]) -> f64 {
    let sides = ring.windows(2);
    sides.map(|side| (side[0].0 * side[1].1 - side[1].0 * side[0].1) / 2.0).sum()
}

#[cfg(test)]
mod tests;
