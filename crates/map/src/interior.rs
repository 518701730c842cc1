//! Where inside a shape there is room.

use crate::{Bounds, Point, line::distance_to};

/// The columns and rows of a grid that is laid over a shape.
const CELLS: u32 = 12;
/// How often the best cell is looked at more closely.
const CLOSER: u32 = 3;

/// Whether the rings, an exterior and its holes, have the point inside.
pub(crate) fn contains(rings: &[Vec<Point>], (x, y): Point) -> bool {
    chords(rings, y).iter().any(|(left, right)| (*left..=*right).contains(&x))
}

/// The parts of a horizontal line that are inside the rings.
pub(crate) fn chords(rings: &[Vec<Point>], y: f64) -> Vec<(f64, f64)> {
    let sides = rings.iter().flat_map(|ring| ring.windows(2));
    let mut crossed: Vec<f64> = sides
        .filter(|side| (side[0].1 > y) != (side[1].1 > y))
        .map(|side| {
            let ((x0, y0), (x1, y1)) = (side[0], side[1]);
            x0 + (x1 - x0) * (y - y0) / (y1 - y0)
        })
        .collect();
    crossed.sort_by(f64::total_cmp);
    crossed.chunks_exact(2).map(|inside| (inside[0], inside[1])).collect()
}

/// The point inside the rings that is farthest from all of them (the pole of inaccessibility), nearly; `None`
/// for a shape without an inside.
pub(crate) fn pole(rings: &[Vec<Point>], around: &Bounds) -> Option<Point> {
    let mut best = farthest(rings, around)?;
    let (mut width, mut height) = (around.width(), around.height());
    for _ in 0..CLOSER {
        (width, height) = (width * 2.0 / f64::from(CELLS), height * 2.0 / f64::from(CELLS));
        let closer = farthest(rings, &Bounds::about(best.1, (width, height)));
        best = closer.filter(|closer| closer.0 > best.0).unwrap_or(best);
    }
    Some(best.1)
}

/// The best of the grid's points inside the rings, with its distance to them.
fn farthest(rings: &[Vec<Point>], around: &Bounds) -> Option<(f64, Point)> {
    let part = |cell: u32| (f64::from(cell) + 0.5) / f64::from(CELLS);
    let inside = (0..CELLS).flat_map(|row| {
        let y = around.south + around.height() * part(row);
        let chords = chords(rings, y);
        let points = (0..CELLS).map(move |column| (around.west + around.width() * part(column), y));
        let inside = points
            .filter(move |(x, _)| chords.iter().any(|(left, right)| (*left..=*right).contains(x)));
        inside.collect::<Vec<_>>()
    });
    let distance = |point: Point| {
        let sides = rings.iter().flat_map(|ring| ring.windows(2));
        sides.map(|side| distance_to(point, side[0], side[1])).fold(f64::MAX, f64::min)
    };
    inside.map(|point| (distance(point), point)).max_by(|a, b| a.0.total_cmp(&b.0))
}
