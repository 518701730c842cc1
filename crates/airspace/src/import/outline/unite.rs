//! Several drawings of one shape.

use geo::{Coord, LineString, MultiPolygon, Polygon, unary_union};
use rstar::{PointDistance as _, RTree, primitives::GeomWithData};

use crate::import::draft::{Line, Outline};

/// Degrees by which a united outline may be beside the points that it is made of: the union is computed on a grid.
const GRID: f64 = 1e-6;

/// The union of polygons. Its points are those of the polygons, and where their sides cross.
pub(super) fn united(outlines: &[Outline]) -> Vec<Outline> {
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
    united.iter().map(outline).collect()
}

fn polygon(outline: &Outline) -> Polygon {
    let line = |line: &Line| LineString::new(line.clone());
    Polygon::new(line(&outline.exterior), outline.holes.iter().map(line).collect())
}
