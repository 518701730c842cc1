//! Where the sides of rings meet in other ways than by an end that both have.

use std::collections::HashSet;

use geo::{
    Coord, Line as Side,
    line_intersection::{LineIntersection, line_intersection},
};
use rstar::{
    RTree, RTreeObject as _,
    primitives::{GeomWithData, Rectangle},
};

use crate::import::draft::Line;

/// The sides of all rings, one ring after the other.
pub(super) fn sides(rings: &[Line]) -> Vec<Side> {
    rings.iter().flat_map(|ring| ring.windows(2)).map(|ends| Side::new(ends[0], ends[1])).collect()
}

/// Whether the rings must be split: two sides meet, or one ring comes twice through a point.
pub(super) fn any(rings: &[Line]) -> bool {
    let twice = |ring: &Line| {
        let mut seen = HashSet::new();
        !ring.iter().skip(1).all(|point| seen.insert(key(*point)))
    };
    rings.iter().any(twice) || meetings(&sides(rings)).next().is_some()
}

/// Each two sides that meet other than at an end of both, by their places in the list, the lesser first, and where.
pub(super) fn meetings(
    sides: &[Side],
) -> impl Iterator<Item = (usize, usize, LineIntersection<f64>)> + '_ {
    let boxed = |(place, side): (usize, &Side)| {
        let corner = |end: Coord| [end.x, end.y];
        GeomWithData::new(Rectangle::from_corners(corner(side.start), corner(side.end)), place)
    };
    let index = RTree::bulk_load(sides.iter().enumerate().map(boxed).collect());
    sides.iter().enumerate().flat_map(move |(place, &side)| {
        let around = boxed((place, &side)).geom().envelope();
        let others = index.locate_in_envelope_intersecting(&around).map(|other| other.data);
        let meet = |other: usize| Some((place, other, meeting(side, sides[other])?));
        let mut met: Vec<_> = others.filter(|&other| other > place).filter_map(meet).collect();
        met.sort_unstable_by_key(|(_, other, _)| *other);
        met
    })
}

fn meeting(a: Side, b: Side) -> Option<LineIntersection<f64>> {
    line_intersection(a, b).filter(|meeting| match meeting {
        LineIntersection::Collinear { .. } => true,
        LineIntersection::SinglePoint { intersection, .. } => {
            let is_end = |side: Side| [side.start, side.end].contains(intersection);
            !(is_end(a) && is_end(b))
        }
    })
}

/// A point as something to look up by.
pub(super) fn key(point: Coord) -> [u64; 2] {
    [point.x.to_bits(), point.y.to_bits()]
}
