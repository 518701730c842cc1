//! One ring: checked, then repaired, then read.

use geo::{Coord, LineString};
use geojson::Position;

use super::error::RingFault;
use crate::domain::geometry::{Ring, signed_area};

/// What was mended in one feature.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Repairs {
    closed: usize,
    duplicates: usize,
    touching: usize,
    turned: usize,
    unwrapped: usize,
}

impl Repairs {
    /// One line, or none when the feature was clean.
    pub fn summary(&self) -> Option<String> {
        let kinds = [
            (self.closed, "ring(s) closed"),
            (self.duplicates, "repeated point(s) dropped"),
            (
                self.touching,
                "ring(s) that cross or touch themselves, all that they go round is inside (non-zero rule)",
            ),
            (self.turned, "ring(s) turned (exterior counter-clockwise, holes clockwise)"),
            (self.unwrapped, "ring(s) led across the antimeridian"),
        ];
        let done: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        (!done.is_empty()).then(|| done.join("; "))
    }
}

/// Reads a ring as the file has it, noting what had to be mended.
pub(super) fn read(
    positions: &[Position],
    is_exterior: bool,
    repairs: &mut Repairs,
) -> Result<Ring, RingFault> {
    if positions.len() < 4 {
        return Err(RingFault::TooFew { found: positions.len() });
    }
    let mut vertices = Vec::with_capacity(positions.len() + 1);
    for (index, position) in positions.iter().enumerate() {
        vertices.push(vertex(index, position)?);
    }
    if vertices.first() != vertices.last() {
        vertices.push(vertices[0]);
        repairs.closed += 1;
    }
    let before = vertices.len();
    vertices.dedup();
    repairs.duplicates += before - vertices.len();

    let unwrapped = unwrapped(&vertices);
    let is_whole = unwrapped.first() == unwrapped.last();
    // A ring drawn along both edges of the map has its jumps there, and unwrapped falls to nothing.
    let (mut vertices, ring) = match Ring::new(unwrapped.clone()).filter(|_| is_whole) {
        Some(ring) => {
            repairs.unwrapped += usize::from(unwrapped != vertices);
            (unwrapped, ring)
        }
        None if jumps_between_edges(&vertices) => {
            let ring = Ring::new(vertices.clone()).ok_or(RingFault::NoArea)?;
            (vertices, ring)
        }
        None if is_whole => return Err(RingFault::NoArea),
        None => return Err(RingFault::RoundAPole),
    };
    repairs.touching += usize::from(ring.touches_itself());
    // Only for order's sake: the non-zero rule reads a ring the same either way.
    let counter_clockwise = signed_area(&LineString::new(vertices.clone())) > 0.0;
    if counter_clockwise == is_exterior || ring.touches_itself() {
        return Ok(ring);
    }
    repairs.turned += 1;
    vertices.reverse();
    Ring::new(vertices).ok_or(RingFault::NoArea)
}

fn vertex(index: usize, position: &Position) -> Result<Coord, RingFault> {
    let &[x, y, ..] = position.as_slice() else {
        return Err(RingFault::ShortPosition { position: index });
    };
    for (axis, value, limit) in [("longitude", x, 180.0), ("latitude", y, 90.0)] {
        if !(-limit..=limit).contains(&value) {
            return Err(RingFault::OffTheGlobe { axis, value, position: index, limit });
        }
    }
    Ok(Coord { x, y })
}

/// Where two successive longitudes are more than half a turn apart, the short way is meant.
fn unwrapped(vertices: &[Coord]) -> Vec<Coord> {
    let mut turn = 0.0;
    let mut previous = vertices.first().map_or(0.0, |first| first.x);
    let follow = |vertex: &Coord| {
        if vertex.x - previous > 180.0 {
            turn -= 360.0;
        } else if previous - vertex.x > 180.0 {
            turn += 360.0;
        }
        previous = vertex.x;
        Coord { x: vertex.x + turn, y: vertex.y }
    };
    vertices.iter().map(follow).collect()
}

/// Whether every jump of more than half a turn is from one edge of the map to the other.
fn jumps_between_edges(vertices: &[Coord]) -> bool {
    let mut jumps =
        vertices.windows(2).filter(|pair| (pair[0].x - pair[1].x).abs() > 180.0).peekable();
    jumps.peek().is_some() && jumps.all(|pair| pair[0].x.abs() == 180.0 && pair[1].x.abs() == 180.0)
}
