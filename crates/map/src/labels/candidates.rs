//! The places at which a label can stand.

use super::{LINE_HEIGHT, Lettering, Spot};
use crate::{Bounds, Point, Shape, interior::chords};

/// The gap between a shape and its label.
const GAP: f64 = 2.0;
/// The number of lines through a shape on which its label may be placed.
const LINES: u32 = 17;
/// The places inside a shape that are kept for each letter size.
const KEPT: usize = 6;

/// The places completely inside a shape for a text: in the middle unless the shape is narrow there. Best
/// first, the largest letters before smaller ones.
pub fn inside(shape: &Shape, id: &str, lettering: Lettering) -> Vec<Spot> {
    let sizes = [lettering.largest, lettering.smallest].into_iter();
    let spots = sizes.flat_map(|size| {
        let places = places(shape, extent(id, size));
        places.into_iter().take(KEPT).map(move |at| Spot { at, size })
    });
    spots.collect()
}

fn places(shape: &Shape, (width, height): (f64, f64)) -> Vec<Point> {
    let around = shape.bounds();
    if around.width() < width || around.height() < height {
        return Vec::new();
    }
    let (middle, size) = (shape.pole(), around.width().max(around.height()));
    let rows = (1..LINES).map(|line| f64::from(line) / f64::from(LINES));
    let rows = rows.map(|part| around.south + around.height() * part).chain([middle.1]);
    let mut found = Vec::new();
    for y in rows {
        for (left, right) in chords(shape.rings(), y) {
            let Some((left, right)) = all_through(shape.rings(), (left, right), y, height) else {
                continue;
            };
            let room = right - left - width;
            let steps = [0.0, 0.25, -0.25].map(|step| f64::midpoint(left, right) + step * room);
            for x in steps.into_iter().filter(|_| room >= 0.0) {
                let edge = (x - left).min(right - x) - width / 2.0;
                let off = (x - middle.0).hypot(y - middle.1) / size;
                found.push(((edge / width).min(1.0) - 2.0 * off, (x, y)));
            }
        }
    }
    found.sort_by(|a: &(f64, Point), b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, at)| at).collect()
}

/// The part of a chord that is inside over the whole height of a line of letters.
fn all_through(rings: &[Vec<Point>], chord: Point, y: f64, height: f64) -> Option<Point> {
    let middle = f64::midpoint(chord.0, chord.1);
    [y - height / 2.0, y + height / 2.0].into_iter().try_fold(chord, |chord, edge| {
        let mut chords = chords(rings, edge).into_iter();
        let (left, right) = chords.find(|(left, right)| (*left..=*right).contains(&middle))?;
        Some((chord.0.max(left), chord.1.min(right)))
    })
}

/// Whether a label is hardly larger than its shape, so that it may be placed over it.
pub(super) fn is_nearly_as_large(around: &Bounds, (width, height): (f64, f64)) -> bool {
    around.width() >= 0.6 * width && around.height() >= 0.8 * height
}

/// The places around a shape: close to it, then further away with a line to it.
pub(super) fn beside(
    shape: &Shape,
    (width, height): (f64, f64),
) -> Vec<(Point, Option<(Point, Point)>)> {
    const SIDES: [(f64, f64); 8] = [
        (0.0, 1.0),
        (0.0, -1.0),
        (1.0, 0.0),
        (-1.0, 0.0),
        (1.0, 1.0),
        (-1.0, 1.0),
        (1.0, -1.0),
        (-1.0, -1.0),
    ];
    let around = shape.bounds();
    let (x, y) = around.middle();
    let mut found = Vec::new();
    for steps in 0..3 {
        let off = GAP + f64::from(steps) * height;
        for (right, down) in SIDES {
            let at = (
                x + right * (around.width() / 2.0 + width / 2.0 + off),
                y + down * (around.height() / 2.0 + height / 2.0 + off),
            );
            let near = (at.0 - right * width / 2.0, at.1 - down * height / 2.0);
            found.push((at, (steps > 0).then_some((shape.pole(), near))));
        }
    }
    found
}

/// Width and height of a label.
pub(super) fn extent(id: &str, size: f64) -> (f64, f64) {
    (id.chars().map(width).sum::<f64>() * size, LINE_HEIGHT * size)
}

/// The width of a letter and its space; generous, because the reader's font is unknown.
fn width(letter: char) -> f64 {
    match letter {
        'M' | 'W' => 1.06,
        '0'..='9' => 0.71,
        '-' | '_' => 0.57,
        _ if letter.is_ascii() => 0.83,
        _ => 1.1,
    }
}
