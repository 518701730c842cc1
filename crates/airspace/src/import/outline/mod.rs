//! From raw rings to polygons that the profile can hold.
//!
//! A ring is closed, its repeated points are dropped, it is unwrapped where it crosses ±180°, and led over the pole
//! where it goes round one. A polygon whose rings meet where they should not becomes the polygons that hold the same
//! points by the even-odd rule. Nothing else about a shape is changed.

mod contacts;
mod even_odd;
mod ring;
#[cfg(test)]
mod tests;
mod unite;
mod validity;

use geo::LineString;
use sectorwatch_core::{
    geometry::signed_area,
    meetings::{Effort, Tangled},
};

use super::{
    Findings,
    draft::{DraftVolume, Line, Outline},
};
pub(super) use ring::Edges;
pub(super) use validity::count;

use ring::Mended;

/// What is said of a shape that takes too long.
const TANGLED: &str = "its lines are so tangled that it takes too long to tell where they meet";

/// The repaired shape of a volume.
///
/// # Errors
///
/// Says what is wrong with the shape.
pub(super) fn repaired(
    volume: &DraftVolume,
    edges: Edges,
    findings: &mut Findings,
) -> Result<Vec<Outline>, String> {
    let mut mended = Mended::default();
    let mut outlines = Vec::new();
    for outline in &volume.outlines {
        outlines.extend(polygons(outline, edges, &mut mended, &mut findings.mending)?);
    }
    if volume.unite && outlines.len() > 1 {
        outlines = unite::united(&outlines, &mut findings.mending)?;
    }
    if let Some(what) = mended.summary() {
        findings.repair(&volume.element, what);
    }
    for outline in &mut outlines {
        turn(&mut outline.exterior, true);
        outline.holes.iter_mut().for_each(|hole| turn(hole, false));
    }
    match outlines.is_empty() {
        true => Err("has no area".to_owned()),
        false => Ok(outlines),
    }
}

fn polygons(
    outline: &Outline,
    edges: Edges,
    mended: &mut Mended,
    effort: &mut Effort,
) -> Result<Vec<Outline>, String> {
    let exterior = ring::read(&outline.exterior, edges, mended)?;
    let mut holes = Vec::with_capacity(outline.holes.len());
    for (index, hole) in outline.holes.iter().enumerate() {
        let hole = ring::read(hole, edges, mended).map_err(|why| format!("hole {index}: {why}"))?;
        holes.push(ring::beside(hole, &exterior));
    }
    let rings = std::iter::once(&exterior).chain(&holes);
    if !contacts::any(rings, effort).map_err(|Tangled| TANGLED.to_owned())? {
        return Ok(vec![Outline { exterior, holes }]);
    }
    mended.crossing += 1;
    even_odd::polygons(std::iter::once(exterior).chain(holes).collect(), effort)
}

/// The right-hand rule of GeoJSON: exteriors run counter-clockwise, holes clockwise.
fn turn(ring: &mut Line, counter_clockwise: bool) {
    let line = LineString::new(std::mem::take(ring));
    let is_counter_clockwise = signed_area(&line) > 0.0;
    *ring = line.into_inner();
    if is_counter_clockwise != counter_clockwise {
        ring.reverse();
    }
}
