//! Where the sides of rings meet in other ways than by an end that both have.

use std::collections::HashSet;

use geo::{
    Coord, Line,
    line_intersection::{LineIntersection, line_intersection},
};
use rstar::{
    RTree, RTreeObject as _,
    primitives::{GeomWithData, Rectangle},
};

/// Each two of `sides` that meet other than at an end of both, by their places in the list, the lesser first, and
/// where. In the order of the list.
pub fn meetings(sides: &[Line]) -> impl Iterator<Item = (usize, usize, LineIntersection<f64>)> {
    let boxed = |(place, side): (usize, &Line)| {
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

fn meeting(a: Line, b: Line) -> Option<LineIntersection<f64>> {
    line_intersection(a, b).filter(|meeting| match meeting {
        LineIntersection::Collinear { .. } => true,
        LineIntersection::SinglePoint { intersection, .. } => {
            let is_end = |side: Line| [side.start, side.end].contains(intersection);
            !(is_end(a) && is_end(b))
        }
    })
}

/// The vertices through which a closed ring comes again before it closes.
pub fn revisited(ring: &[Coord]) -> impl Iterator<Item = Coord> {
    let mut seen = HashSet::new();
    ring.iter().copied().skip(1).filter(move |vertex| !seen.insert(bits(*vertex)))
}

/// A point as something to look up by; a zero is the same with either sign.
pub fn bits(point: Coord) -> [u64; 2] {
    [point.x + 0.0, point.y + 0.0].map(f64::to_bits)
}
