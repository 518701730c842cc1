//! How many shapes a file holds, and how many of them are valid as they stand.

use geo::{
    BoundingRect as _, Coord, Intersects as _, LineString,
    coordinate_position::{CoordPos, coord_pos_relative_to_ring},
    line_intersection::LineIntersection,
};

use sectorwatch_core::contacts::meetings;

use super::contacts::{any, sides};
use crate::import::{
    Findings,
    draft::{Line, Outline},
};

/// Counts the polygons, vertices and unclosed rings of one geometry of a file, and the geometry when it is invalid by
/// the rules of OGC once its rings are closed.
pub(in crate::import) fn count(findings: &mut Findings, outlines: &[Outline]) {
    let rings: Vec<&Line> =
        outlines.iter().flat_map(|it| std::iter::once(&it.exterior).chain(&it.holes)).collect();
    let unclosed = rings.iter().filter(|ring| ring.first() != ring.last()).count();
    findings.count("polygons", outlines.len());
    findings.count("vertices", rings.iter().map(|ring| ring.len()).sum());
    findings.count("unclosed", unclosed);
    findings.count("invalid", usize::from(!is_valid(outlines)));
}

fn is_valid(outlines: &[Outline]) -> bool {
    let closed: Vec<(Line, Vec<Line>)> = outlines
        .iter()
        .map(|outline| (closed(&outline.exterior), outline.holes.iter().map(closed).collect()))
        .collect();
    let rings: Vec<&Line> =
        closed.iter().flat_map(|(first, holes)| holes.iter().chain([first])).collect();
    let is_simple = |ring: &Line| ring.len() > 3 && !any(std::slice::from_ref(ring));
    rings.iter().all(|ring| is_simple(ring)) && are_apart(&rings) && are_nested(&closed)
}

fn closed(line: &Line) -> Line {
    let mut ring = line.clone();
    if ring.first() != ring.last() {
        ring.extend(ring.first().copied());
    }
    ring.dedup();
    ring
}

/// Whether no two rings cross or share a part of a side.
fn are_apart(rings: &[&Line]) -> bool {
    let all: Vec<Line> = rings.iter().map(|ring| (*ring).clone()).collect();
    let mut meetings = meetings(&sides(&all)).collect::<Vec<_>>().into_iter();
    !meetings.any(|(_, _, meeting)| match meeting {
        LineIntersection::Collinear { .. } => true,
        LineIntersection::SinglePoint { is_proper, .. } => is_proper,
    })
}

/// Whether each hole is in its exterior, and no polygon in another.
fn are_nested(polygons: &[(Line, Vec<Line>)]) -> bool {
    let exteriors: Vec<LineString> =
        polygons.iter().map(|(exterior, _)| LineString::new(exterior.clone())).collect();
    let holes = polygons.iter().zip(&exteriors).all(|((_, holes), exterior)| {
        holes.iter().all(|hole| side_of(hole, exterior) != Some(CoordPos::Outside))
    });
    let is_alone = |place: usize, (exterior, _): &(Line, Vec<Line>)| {
        let bounds = exteriors[place].bounding_rect();
        !exteriors.iter().enumerate().any(|(other, around)| {
            let meet = bounds.zip(around.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
            let in_hole = |hole: &Line| {
                side_of(exterior, &LineString::new(hole.clone())) == Some(CoordPos::Inside)
            };
            other != place
                && meet
                && side_of(exterior, around) == Some(CoordPos::Inside)
                && !polygons[other].1.iter().any(in_hole)
        })
    };
    holes && polygons.iter().enumerate().all(|(place, polygon)| is_alone(place, polygon))
}

/// On which side of a ring another is that does not cross it; `None` when it has no point beside it.
fn side_of(ring: &Line, around: &LineString) -> Option<CoordPos> {
    let side = |point: &Coord| coord_pos_relative_to_ring(*point, around);
    ring.iter().map(side).find(|side| *side != CoordPos::OnBoundary)
}
