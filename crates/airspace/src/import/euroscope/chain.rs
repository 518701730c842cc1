//! Borders: lines that are joined end to end.

use geo::Coord;

use crate::import::Line;

/// Ends that are no further apart than this, in degrees, are the same; a bit more for the last digit of a double.
const SAME: f64 = 1e-6 + 1e-12;

/// The closed line that the lines of a border make, each after the one before it, turned where that is needed.
///
/// # Errors
///
/// Says which ends do not meet.
pub(super) fn ring(lines: &[(&str, &[Coord])]) -> Result<Line, String> {
    // Which way round the first one goes, the second one says; and where it does not, the last one.
    match chain(lines, false) {
        Ok(ring) => Ok(ring),
        Err(reason) => match lines {
            [_] => Err(reason),
            _ => chain(lines, true).map_err(|_| reason),
        },
    }
}

fn chain(lines: &[(&str, &[Coord])], turn_first: bool) -> Result<Line, String> {
    let mut ring = Line::new();
    let mut last = "";
    for (index, &(name, points)) in lines.iter().enumerate() {
        let turned = match (points.first(), points.last(), ring.last()) {
            (Some(_), Some(_), None) => turn_first,
            (Some(&start), _, Some(&end)) if meet(start, end) => false,
            (_, Some(&start), Some(&end)) if meet(start, end) => true,
            _ => return Err(format!("lines {last} and {name} do not meet")),
        };
        // Where two lines meet, the end of the first is the start of the second.
        let skipped = usize::from(index > 0);
        match turned {
            false => ring.extend(points.iter().skip(skipped)),
            true => ring.extend(points.iter().rev().skip(skipped)),
        }
        last = name;
    }
    let first = lines.first().map_or("", |&(name, _)| name);
    match (ring.first().copied(), ring.last_mut()) {
        (Some(start), Some(end)) if meet(start, *end) => {
            *end = start;
            Ok(ring)
        }
        _ if lines.len() == 1 => Err(format!("line {first} is not closed")),
        _ => Err(format!("lines {last} and {first} do not meet")),
    }
}

fn meet(one: Coord, other: Coord) -> bool {
    let east = (one.x - other.x).abs();
    (one.y - other.y).abs() <= SAME && (east <= SAME || (360.0 - east).abs() <= SAME)
}
