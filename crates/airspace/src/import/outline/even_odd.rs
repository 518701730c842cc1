//! Rings that cross, read by the even-odd rule: a point is inside when a ray from it meets the lines an odd number of
//! times.

use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
};

use geo::{
    BoundingRect as _, Coord, Line as Side, LineString,
    coordinate_position::{CoordPos, coord_pos_relative_to_ring},
    line_intersection::LineIntersection,
};
use rstar::{
    PointDistance as _, RTree,
    primitives::{GeomWithData, Rectangle},
};
use sectorwatch_core::{
    geometry::signed_area,
    meetings::{Effort, Tangled, bits, meetings},
};

use super::{TANGLED, contacts::sides};
use crate::import::draft::{Line, Outline};

/// A crossing is rounded to a number, so splitting there can make another; in practice two rounds suffice.
const MOST_ROUNDS: usize = 20;
/// Degrees within which crossings are one point: where three sides meet, each two of them are rounded to another number.
const ONE_POINT: f64 = 1e-11;
/// A scribble with more crossings is no airspace, and takes long to split.
const MOST_CROSSINGS: usize = 20_000;
/// What a crossing costs, in tests of two boxes.
const CROSSING: usize = 500;
/// What it costs to hold a ring that is around another.
const RING_AROUND: usize = 32;

/// The polygons that hold exactly the points that are inside `rings` by the even-odd rule. None of their rings crosses
/// or touches itself, but rings may touch one another at a vertex.
pub(super) fn polygons(rings: Vec<Line>, effort: &mut Effort) -> Result<Vec<Outline>, String> {
    let mut pieces = sides(&rings);
    let vertices = pieces.iter().map(|side| [side.start.x, side.start.y]).collect();
    let mut points = RTree::bulk_load(vertices);
    for _ in 0..MOST_ROUNDS {
        let cuts = cuts(&pieces, &mut points, effort)?;
        if cuts.is_empty() {
            return nested(loops(&once(pieces)), effort).map_err(|Tangled| TANGLED.to_owned());
        }
        pieces = split(&pieces, cuts);
    }
    Err("crosses itself in a way that cannot be split".to_owned())
}

/// The points at which each side must be split. They are added to the known `points`, unless one of them is there.
fn cuts(
    sides: &[Side],
    points: &mut RTree<[f64; 2]>,
    effort: &mut Effort,
) -> Result<BTreeMap<usize, Vec<Coord>>, String> {
    let mut all = Vec::new();
    let too_many = meetings(sides, effort, |a, b, meeting| {
        all.push((a, b, meeting));
        if all.len() > MOST_CROSSINGS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let spent = effort.spend(all.len() * CROSSING);
    match (too_many, spent) {
        (Ok(Some(())), _) => {
            return Err(format!("crosses itself more than {MOST_CROSSINGS} times"));
        }
        (Err(Tangled), _) | (_, Err(Tangled)) => return Err(TANGLED.to_owned()),
        (Ok(None), Ok(())) => {}
    }
    let mut cuts: BTreeMap<usize, Vec<Coord>> = BTreeMap::new();
    for (a, b, meeting) in all {
        let met = match meeting {
            LineIntersection::SinglePoint { intersection, .. } => vec![intersection],
            LineIntersection::Collinear { intersection } => {
                vec![intersection.start, intersection.end]
            }
        };
        let met: Vec<Coord> = met.into_iter().map(|point| known(point, points)).collect();
        for side in [a, b] {
            let ends = [sides[side].start, sides[side].end];
            let inner: Vec<Coord> = met.iter().copied().filter(|it| !ends.contains(it)).collect();
            if !inner.is_empty() {
                cuts.entry(side).or_default().extend(inner);
            }
        }
    }
    Ok(cuts)
}

/// The known point at this place, which it becomes when there is none.
fn known(point: Coord, points: &mut RTree<[f64; 2]>) -> Coord {
    let at = [point.x + 0.0, point.y + 0.0];
    let near =
        points.nearest_neighbor(&at).filter(|it| it.distance_2(&at) <= ONE_POINT * ONE_POINT);
    let [x, y] = near.copied().unwrap_or_else(|| {
        points.insert(at);
        at
    });
    Coord { x, y }
}

fn split(sides: &[Side], mut cuts: BTreeMap<usize, Vec<Coord>>) -> Vec<Side> {
    let mut pieces = Vec::with_capacity(sides.len() + cuts.len());
    for (place, side) in sides.iter().enumerate() {
        let mut points = cuts.remove(&place).unwrap_or_default();
        let along = |point: &Coord| {
            let (way, whole) = (*point - side.start, side.delta());
            way.x * whole.x + way.y * whole.y
        };
        points.sort_by(|a, b| along(a).total_cmp(&along(b)));
        points.insert(0, side.start);
        points.push(side.end);
        points.dedup();
        pieces.extend(points.windows(2).map(|ends| Side::new(ends[0], ends[1])));
    }
    pieces
}

/// Pieces that are there an even number of times have the same on both sides of them.
fn once(pieces: Vec<Side>) -> Vec<Side> {
    let name = |side: &Side| {
        let (a, b) = (bits(side.start), bits(side.end));
        if a <= b { (a, b) } else { (b, a) }
    };
    let mut times: HashMap<_, usize> = HashMap::new();
    for piece in &pieces {
        *times.entry(name(piece)).or_default() += 1;
    }
    // The first of each odd number, so that the order of the file is kept.
    pieces
        .into_iter()
        .filter(|piece| times.remove(&name(piece)).is_some_and(|it| it % 2 == 1))
        .collect()
}

/// Rings made of all pieces, which cross neither themselves nor one another.
///
/// An even number of pieces meets at each point. Walking in by one and out by its neighbour on the left never crosses
/// another walk, when the pieces round a point are taken in pairs of neighbours.
fn loops(pieces: &[Side]) -> Vec<Line> {
    let partner = partners(pieces);
    let mut is_walked = vec![false; pieces.len()];
    let mut loops = Vec::new();
    for start in 0..pieces.len() {
        if is_walked[start] {
            continue;
        }
        let (mut piece, mut at) = (start, pieces[start].start);
        let mut walk = vec![at];
        while !is_walked[piece] {
            is_walked[piece] = true;
            let side = pieces[piece];
            at = if side.start == at { side.end } else { side.start };
            walk.push(at);
            match partner.get(&(piece, bits(at))) {
                Some(&next) => piece = next,
                None => break,
            }
        }
        loops.extend(simple(walk));
    }
    loops
}

/// The piece by which a walk goes on that comes to a point by another.
fn partners(pieces: &[Side]) -> HashMap<(usize, [u64; 2]), usize> {
    let mut round: BTreeMap<[u64; 2], Vec<(f64, usize)>> = BTreeMap::new();
    for (place, side) in pieces.iter().enumerate() {
        for (from, to) in [(side.start, side.end), (side.end, side.start)] {
            let way = to - from;
            round.entry(bits(from)).or_default().push((way.y.atan2(way.x), place));
        }
    }
    let mut partners = HashMap::new();
    for (point, mut ways) in round {
        ways.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in ways.chunks_exact(2) {
            partners.insert((pair[0].1, point), pair[1].1);
            partners.insert((pair[1].1, point), pair[0].1);
        }
    }
    partners
}

/// A walk that comes through a point twice is two rings that touch there.
fn simple(walk: Line) -> Vec<Line> {
    let mut rings = Vec::new();
    let mut open: Line = Vec::new();
    let mut seen: HashMap<[u64; 2], usize> = HashMap::new();
    for point in walk {
        if let Some(&place) = seen.get(&bits(point)) {
            let mut ring = open.split_off(place);
            for left in &ring {
                seen.remove(&bits(*left));
            }
            ring.push(point);
            rings.push(ring);
        }
        seen.insert(bits(point), open.len());
        open.push(point);
    }
    rings.retain(|ring| ring.len() > 3 && area(ring) > 0.0);
    rings
}

fn area(ring: &Line) -> f64 {
    signed_area(&LineString::new(ring.clone())).abs()
}

/// Rings that nobody crosses are exteriors and holes by turns, from outside to inside.
fn nested(loops: Vec<Line>, effort: &mut Effort) -> Result<Vec<Outline>, Tangled> {
    let lines: Vec<LineString> = loops.into_iter().map(LineString::new).collect();
    let boxed = |(place, line): (usize, &LineString)| {
        let bounds = line.bounding_rect()?;
        let corners = [bounds.min(), bounds.max()].map(|corner| [corner.x, corner.y]);
        Some(GeomWithData::new(Rectangle::from_corners(corners[0], corners[1]), place))
    };
    let boxes = RTree::bulk_load(lines.iter().enumerate().filter_map(boxed).collect());
    let mut around: Vec<Vec<usize>> = Vec::with_capacity(lines.len());
    for (inner, line) in lines.iter().enumerate() {
        // No side of one runs along a side of another, so a middle is inside or outside.
        let (start, end) = (line.0[0], line.0[1]);
        let middle = Coord { x: start.x.midpoint(end.x), y: start.y.midpoint(end.y) };
        let mut outer = Vec::new();
        for place in boxes.locate_all_at_point(&[middle.x, middle.y]).map(|it| it.data) {
            let line = &lines[place];
            effort.spend(RING_AROUND + line.0.len())?;
            if place != inner && coord_pos_relative_to_ring(middle, line) == CoordPos::Inside {
                outer.push(place);
            }
        }
        around.push(outer);
    }
    let mut outlines: BTreeMap<usize, Outline> = BTreeMap::new();
    for (place, line) in
        lines.iter().enumerate().filter(|(it, _)| around[*it].len().is_multiple_of(2))
    {
        outlines.insert(place, Outline::solid(line.0.clone()));
    }
    for (place, line) in
        lines.iter().enumerate().filter(|(it, _)| !around[*it].len().is_multiple_of(2))
    {
        // The innermost ring around a hole is the one that most rings are around.
        let exterior = around[place].iter().max_by_key(|&&it| around[it].len());
        if let Some(outline) = exterior.and_then(|exterior| outlines.get_mut(exterior)) {
            outline.holes.push(line.0.clone());
        }
    }
    Ok(outlines.into_values().collect())
}
