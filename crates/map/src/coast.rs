//! The coasts of the world, from Natural Earth.

use std::sync::LazyLock;

use crate::{
    Bounds, Frame, Position,
    line::{path_of, simplified},
};

/// What a coast may be moved by, in units of the sheet: it is a backdrop, and fjords are many.
const TOLERANCE: f64 = 0.5;
/// A smaller island is not drawn.
const SMALLEST: f64 = 1.5;

/// Natural Earth's land at 1:10,000,000, simplified to about a nautical mile; `coast/make.mjs` says how it is
/// made, and how it is coded.
static LAND: &[u8] = include_bytes!("../coast/land.bin");

static RINGS: LazyLock<Vec<Vec<Position>>> = LazyLock::new(|| decoded(LAND));

/// The rings around all land, each closed; longitudes run on beyond ±180°. The ring round the south pole is
/// closed over the pole, which is no coast.
pub fn rings() -> &'static [Vec<Position>] {
    &RINGS
}

/// The text of a path of all coasts in view.
pub fn path(frame: &Frame) -> String {
    let mut path = String::new();
    for part in rings().iter().flat_map(|ring| shores(ring)).flat_map(|shore| frame.parts(shore)) {
        let part = simplified(&part, TOLERANCE);
        let is_seen = |around: Bounds| around.width().max(around.height()) > SMALLEST;
        if Bounds::of(part.iter().copied()).is_some_and(is_seen) {
            path_of(&mut path, &part, false);
        }
    }
    path
}

/// The parts of a ring that do not lead over the pole.
fn shores(ring: &[Position]) -> impl Iterator<Item = &[Position]> {
    ring.chunk_by(|a, b| a.1 > -90.0 && b.1 > -90.0).filter(|shore| shore.len() > 1)
}

fn decoded(bytes: &[u8]) -> Vec<Vec<Position>> {
    let mut numbers = Numbers(bytes.iter());
    let mut rings = Vec::new();
    while let Some(count) = numbers.next() {
        let (mut x, mut y) = (0, 0);
        let positions = (0..count).map_while(|_| {
            (x, y) = (x + signed(numbers.next()?), y + signed(numbers.next()?));
            Some((f64::from(x) / 100.0, f64::from(y) / 100.0))
        });
        let mut ring: Vec<Position> = positions.collect();
        ring.extend(ring.first().copied());
        rings.push(ring);
    }
    rings
}

/// Integers of 7 bits a byte, the lowest first.
struct Numbers<'a>(std::slice::Iter<'a, u8>);

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = u32::from(*self.0.next()?);
            number |= (byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
            shift += 7;
        }
    }
}

/// A zigzag-coded integer: 0, −1, 1, −2, …
fn signed(number: u32) -> i32 {
    (number >> 1) as i32 ^ -((number & 1) as i32)
}

#[cfg(test)]
mod tests;
