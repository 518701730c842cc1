//! Several drawings of one shape.

use std::ops::ControlFlow;

use geo::{Coord, LineString, MultiPolygon, Polygon, unary_union};
use rstar::{PointDistance as _, RTree, primitives::GeomWithData};

use sectorwatch_core::meetings::{Effort, Tangled, meetings};

use super::{TANGLED, contacts::sides};
use crate::import::draft::{Line, Outline};

/// Degrees by which a united outline may be beside the points that it is made of: the union is computed on a grid.
const GRID: f64 = 1e-6;
/// Drawings that cross one another more often are no parts of one shape, and their union takes long.
const MOST_CROSSINGS: usize = 200_000;

/// The union of polygons. Its points are those of the polygons, and where their sides cross.
///
/// # Errors
///
/// Says so when it takes too long.
pub(super) fn united(outlines: &[Outline], effort: &mut Effort) -> Result<Vec<Outline>, String> {
    check(outlines, effort)?;
    let points = outlines.iter().flat_map(|it| it.holes.iter().chain([&it.exterior])).flatten();
    let points = points.map(|point| GeomWithData::new([point.x, point.y], *point)).collect();
    let drawn: RTree<GeomWithData<[f64; 2], Coord>> = RTree::bulk_load(points);
    let as_drawn = |line: &LineString| -> Line {
        let snap = |point: &Coord| {
            let at = [point.x, point.y];
            let nearest = drawn.nearest_neighbor(&at).filter(|it| it.distance_2(&at) < GRID * GRID);
            nearest.map_or(*point, |it| it.data)
        };
        line.0.iter().map(snap).collect()
    };
    let united: MultiPolygon = unary_union(&outlines.iter().map(polygon).collect::<Vec<Polygon>>());
    let outline = |polygon: &Polygon| Outline {
        exterior: as_drawn(polygon.exterior()),
        holes: polygon.interiors().iter().map(as_drawn).collect(),
    };
    Ok(united.iter().map(outline).collect())
}

fn check(outlines: &[Outline], effort: &mut Effort) -> Result<(), String> {
    let rings = outlines.iter().flat_map(|it| it.holes.iter().chain([&it.exterior]));
    let mut crossings = 0;
    let too_many = meetings(&sides(rings), effort, |_, _, _| {
        crossings += 1;
        if crossings > MOST_CROSSINGS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match too_many {
        Ok(None) => Ok(()),
        Ok(Some(())) => Err(format!("its parts cross more than {MOST_CROSSINGS} times")),
        Err(Tangled) => Err(TANGLED.to_owned()),
    }
}

fn polygon(outline: &Outline) -> Polygon {
    let line = |line: &Line| LineString::new(line.clone());
    Polygon::new(line(&outline.exterior), outline.holes.iter().map(line).collect())
}
