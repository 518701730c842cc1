//! Lines: in steps, simplified to what a pixel shows, cut at the edge, and as the text of an SVG path.

use std::fmt::Write as _;

use crate::{Bounds, Point, Position};

/// Edges are straight in degrees and curved on the sheet, so they are drawn in steps.
const STEP_DEGREES: f64 = 2.0;

/// Positions along a line, at small distances.
pub fn in_steps(line: &[Position]) -> Vec<Position> {
    let mut steps: Vec<Position> = line.first().copied().into_iter().collect();
    for side in line.windows(2) {
        let [(x0, y0), (x1, y1)] = [side[0], side[1]];
        let count = ((x1 - x0).abs().max((y1 - y0).abs()) / STEP_DEGREES).ceil().max(1.0);
        steps.extend((1..=count as u32).map(|step| {
            let part = f64::from(step) / count;
            (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
        }));
    }
    steps
}

/// The line with as few of its points as keep it within `tolerance` (Douglas and Peucker). A ring keeps its
/// closing point; one that is smaller than the tolerance shrinks to a line.
pub fn simplified(line: &[Point], tolerance: f64) -> Vec<Point> {
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    let mut is_kept = vec![false; line.len()];
    (is_kept[0], is_kept[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let off = |at: &usize| distance_to(line[*at], line[from], line[to]);
        let farthest = (from + 1..to).max_by(|a, b| off(a).total_cmp(&off(b)));
        if let Some(at) = farthest.filter(|at| off(at) > tolerance) {
            is_kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    line.iter().zip(is_kept).filter_map(|(point, is_kept)| is_kept.then_some(*point)).collect()
}

/// The distance of a point to the line between two others.
pub(crate) fn distance_to((x, y): Point, (x0, y0): Point, (x1, y1): Point) -> f64 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((x - x0) * dx + (y - y0) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (x - x0 - along * dx).hypot(y - y0 - along * dy)
}

/// The parts of a line whose sides may be in view. `None` ends a part.
pub(crate) fn clipped(
    line: impl Iterator<Item = Option<Point>>,
    sheet: &Bounds,
) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut last: Option<Point> = None;
    let mut is_open = false;
    for point in line {
        let side = last.zip(point).filter(|(from, to)| {
            // A side along an axis has no size, so the sheet is asked with some room.
            let side = Bounds::of([*from, *to]);
            side.is_some_and(|side| {
                Bounds::about(side.middle(), (side.width() + 1.0, side.height() + 1.0))
                    .overlaps(sheet)
            })
        });
        if let Some((from, to)) = side {
            if !is_open {
                parts.push(vec![from]);
            }
            parts.last_mut().into_iter().for_each(|part| part.push(to));
        }
        (is_open, last) = (side.is_some(), point);
    }
    parts
}

/// Adds a line to the text of a path, in tenths of a unit, each point relative to the one before. A closed
/// line ends with `z`. Points that round to the one before are left out.
pub fn path_of(path: &mut String, line: &[Point], is_closed: bool) {
    let tenths = |(x, y): Point| ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
    let Some(first) = line.first().copied().map(tenths) else { return };
    path.push('M');
    number(path, first.0);
    separated(path, first.1);
    let (mut last, mut is_first) = (first, true);
    for point in line[1..].iter().copied().map(tenths) {
        let by = (point.0 - last.0, point.1 - last.1);
        let closes = is_closed && point == first;
        if by == (0, 0) || closes {
            continue;
        }
        path.push_str(if is_first { "l" } else { "" });
        if is_first {
            number(path, by.0)
        } else {
            separated(path, by.0)
        }
        separated(path, by.1);
        (last, is_first) = (point, false);
    }
    if is_first {
        // A line without a length is a dot.
        path.push_str("h0");
    }
    if is_closed {
        path.push('z');
    }
}

/// A number after another one: its sign separates them.
fn separated(path: &mut String, tenths: i64) {
    if tenths >= 0 {
        path.push(' ');
    }
    number(path, tenths);
}

fn number(path: &mut String, tenths: i64) {
    let (whole, part) = (tenths.abs() / 10, tenths.abs() % 10);
    let sign = if tenths < 0 { "-" } else { "" };
    // Writing to a string cannot fail.
    let _ = match (whole, part) {
        (whole, 0) => write!(path, "{sign}{whole}"),
        (0, part) => write!(path, "{sign}.{part}"),
        (whole, part) => write!(path, "{sign}{whole}.{part}"),
    };
}

#[cfg(test)]
mod tests;
