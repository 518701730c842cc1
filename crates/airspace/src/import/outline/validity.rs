//! How many shapes a file holds, and how many of them are valid as they stand.

use std::ops::ControlFlow;

use geo::{
    BoundingRect as _, LineString,
    coordinate_position::{CoordPos, coord_pos_relative_to_ring},
    line_intersection::LineIntersection,
};
use rstar::{
    RTree, RTreeObject as _,
    primitives::{GeomWithData, Rectangle},
};
use sectorwatch_core::meetings::{Effort, Tangled, meetings};

use super::contacts::{any, sides};
use crate::import::{
    Findings, MOST_POINTS,
    draft::{Line, Outline},
};

/// Counts the polygons, vertices and unclosed rings of one geometry of a file, and the geometry when it is invalid by
/// the rules of OGC once its rings are closed. One that takes too long to judge counts as invalid.
pub(in crate::import) fn count(findings: &mut Findings, outlines: &[Outline]) {
    let rings: Vec<&Line> =
        outlines.iter().flat_map(|it| std::iter::once(&it.exterior).chain(&it.holes)).collect();
    let unclosed = rings.iter().filter(|ring| ring.first() != ring.last()).count();
    findings.count("polygons", outlines.len());
    findings.count("vertices", rings.iter().map(|ring| ring.len()).sum());
    findings.count("unclosed", unclosed);
    // Of more points than this nothing is imported.
    let is_too_much = findings.found.get("vertices").is_some_and(|it| *it > MOST_POINTS as u64);
    let is_invalid = !is_too_much && !is_valid(outlines, &mut findings.judging).unwrap_or(false);
    findings.count("invalid", usize::from(is_invalid));
}

fn is_valid(outlines: &[Outline], effort: &mut Effort) -> Result<bool, Tangled> {
    let closed: Vec<(Line, Vec<Line>)> = outlines
        .iter()
        .map(|outline| (closed(&outline.exterior), outline.holes.iter().map(closed).collect()))
        .collect();
    let rings: Vec<&Line> =
        closed.iter().flat_map(|(first, holes)| holes.iter().chain([first])).collect();
    for ring in &rings {
        if ring.len() < 4 || any([*ring], effort)? {
            return Ok(false);
        }
    }
    let is_single = rings.len() == 1;
    Ok(is_single || (are_apart(&rings, effort)? && are_nested(&closed, effort)?))
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
fn are_apart(rings: &[&Line], effort: &mut Effort) -> Result<bool, Tangled> {
    let sides = sides(rings.iter().copied());
    let met = meetings(&sides, effort, |_, _, meeting| match meeting {
        LineIntersection::SinglePoint { is_proper: false, .. } => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    })?;
    Ok(met.is_none())
}

/// Whether each hole is in its exterior, and no polygon in another.
fn are_nested(polygons: &[(Line, Vec<Line>)], effort: &mut Effort) -> Result<bool, Tangled> {
    let exteriors: Vec<LineString> =
        polygons.iter().map(|(exterior, _)| LineString::new(exterior.clone())).collect();
    for ((_, holes), exterior) in polygons.iter().zip(&exteriors) {
        for hole in holes {
            if side_of(hole, exterior, effort)? == Some(CoordPos::Outside) {
                return Ok(false);
            }
        }
    }
    let boxed = |(place, line): (usize, &LineString)| {
        let bounds = line.bounding_rect()?;
        let corners = [bounds.min(), bounds.max()].map(|corner| [corner.x, corner.y]);
        Some(GeomWithData::new(Rectangle::from_corners(corners[0], corners[1]), place))
    };
    let boxes: Vec<_> = exteriors.iter().enumerate().filter_map(boxed).collect();
    let index = RTree::bulk_load(boxes.clone());
    for inner in boxes {
        let exterior = &polygons[inner.data].0;
        for other in index.locate_in_envelope_intersecting(&inner.envelope()).map(|it| it.data) {
            effort.spend(1)?;
            if other != inner.data
                && side_of(exterior, &exteriors[other], effort)? == Some(CoordPos::Inside)
                && !is_in_a_hole(exterior, &polygons[other].1, effort)?
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn is_in_a_hole(ring: &Line, holes: &[Line], effort: &mut Effort) -> Result<bool, Tangled> {
    for hole in holes {
        if side_of(ring, &LineString::new(hole.clone()), effort)? == Some(CoordPos::Inside) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// On which side of a ring another is that does not cross it; `None` when it has no point beside it.
fn side_of(
    ring: &Line,
    around: &LineString,
    effort: &mut Effort,
) -> Result<Option<CoordPos>, Tangled> {
    for point in ring {
        effort.spend(around.0.len())?;
        let side = coord_pos_relative_to_ring(*point, around);
        if side != CoordPos::OnBoundary {
            return Ok(Some(side));
        }
    }
    Ok(None)
}
