//! Where the sectors' ids stand: no two of them over each other, each in its sector or close to it.

use std::sync::Arc;

use super::plane::Bounds;

/// A point of the drawing.
type Point = (f64, f64);

/// The sizes of the letters, in units of the drawing: for a wide page and for a narrow one, on which
/// the whole drawing is a third as large.
pub const LETTERINGS: [Lettering; 2] =
    [Lettering { inside: 24.0, beside: 17.0 }, Lettering { inside: 42.0, beside: 36.0 }];
/// More ids than these would hide the picture.
const MOST: usize = 60;
/// Of a capital with the space after it, and of a line, in sizes of the letters; generous, since the
/// reader's font is not known.
const LETTER_WIDTH: f64 = 0.86;
const LINE_HEIGHT: f64 = 1.15;
/// Between a sector and its id.
const GAP: f64 = 2.0;
/// Lines through a sector on which its id might stand.
const LINES: u32 = 17;

/// The sizes of letters.
#[derive(Debug, Clone, Copy)]
pub struct Lettering {
    /// For sectors that have room for their id.
    pub inside: f64,
    /// For the others.
    pub beside: f64,
}

/// What wants its id written.
#[derive(Debug)]
pub struct Subject<'a> {
    /// Its id.
    pub id: &'a Arc<str>,
    /// Its largest part, as drawn.
    pub ring: &'a [Point],
    /// Around that.
    pub bounds: Bounds,
}

/// An id at its place.
#[derive(Debug, Clone)]
pub struct Label {
    /// Which sector.
    pub id: Arc<str>,
    /// Its middle.
    pub at: Point,
    /// Size of the letters.
    pub size: f64,
    /// From the sector to an id that is not close enough to be taken for its own.
    pub leader: Option<(Point, Point)>,
}

impl Label {
    /// What it covers.
    pub fn bounds(&self) -> Bounds {
        Bounds::about(self.at, extent(&self.id, self.size))
    }
}

/// Writes the ids, the first subjects first. An id for which there is no place is left out: the
/// sector is still told by its title and by the table.
pub fn place(subjects: &[Subject<'_>], lettering: Lettering, sheet: &Bounds) -> Vec<Label> {
    let ways: Vec<_> = subjects.iter().map(|subject| ways(subject, lettering)).collect();
    let is_mark = |(subject, ways): &(&Subject<'_>, &Vec<Label>)| {
        ways.first().is_some_and(|way| !way.bounds().overlaps(&subject.bounds))
    };
    let marks = subjects.iter().zip(&ways).filter(is_mark);
    let marks: Vec<Bounds> = marks.map(|(subject, _)| subject.bounds).collect();
    let mut placed: Vec<Label> = Vec::new();
    for ways in ways.into_iter().take(MOST) {
        let free = ways.into_iter().enumerate().filter(|(_, label)| {
            let bounds = label.bounds();
            sheet.holds(&bounds) && !placed.iter().any(|other| other.bounds().overlaps(&bounds))
        });
        // Rather a worse place than one that hides a small sector.
        let best = free.min_by_key(|(rank, label)| {
            let bounds = label.bounds();
            rank + 100 * marks.iter().filter(|mark| mark.overlaps(&bounds)).count()
        });
        placed.extend(best.map(|(_, label)| label));
    }
    placed
}

/// Where an id may stand, the best place first.
fn ways(subject: &Subject<'_>, lettering: Lettering) -> Vec<Label> {
    let label = |at, size, leader| Label { id: Arc::clone(subject.id), at, size, leader };
    for size in [lettering.inside, lettering.beside] {
        let inside = inside(subject, extent(subject.id, size));
        if !inside.is_empty() {
            return inside.into_iter().map(|at| label(at, size, None)).collect();
        }
    }
    let size = lettering.beside;
    beside(&subject.bounds, extent(subject.id, size))
        .into_iter()
        .map(|(at, leader)| label(at, size, leader))
        .collect()
}

/// Places that lie wholly inside, where it is widest first.
fn inside(subject: &Subject<'_>, (width, height): (f64, f64)) -> Vec<Point> {
    let Bounds { south: top, north: bottom, .. } = subject.bounds;
    let mut found = Vec::new();
    for line in 1..LINES {
        let y = top + (bottom - top) * f64::from(line) / f64::from(LINES);
        let [above, below] =
            [y - height / 2.0, y + height / 2.0].map(|edge| chords(subject.ring, edge));
        for (left, right) in chords(subject.ring, y) {
            let middle = f64::midpoint(left, right);
            let around = |chords: &[Point]| {
                chords.iter().copied().find(|(left, right)| (*left..=*right).contains(&middle))
            };
            let (Some(above), Some(below)) = (around(&above), around(&below)) else { continue };
            let (left, right) = (left.max(above.0).max(below.0), right.min(above.1).min(below.1));
            let room = right - left - width;
            if room >= 0.0 {
                let middle = f64::midpoint(left, right);
                found.extend([(room, (middle, y)), (room * 0.5, (middle - room / 4.0, y))]);
                found.push((room * 0.5, (middle + room / 4.0, y)));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, at)| at).collect()
}

/// From where to where a horizontal line runs inside of a ring.
fn chords(ring: &[Point], y: f64) -> Vec<Point> {
    let crossing = ring.windows(2).filter(|side| (side[0].1 > y) != (side[1].1 > y));
    let mut crossed: Vec<f64> = crossing
        .map(|side| {
            let ((x0, y0), (x1, y1)) = (side[0], side[1]);
            x0 + (x1 - x0) * (y - y0) / (y1 - y0)
        })
        .collect();
    crossed.sort_by(f64::total_cmp);
    crossed.chunks_exact(2).map(|inside| (inside[0], inside[1])).collect()
}

/// Places around: close by, then further off with a line that leads there.
fn beside(around: &Bounds, (width, height): (f64, f64)) -> Vec<(Point, Option<(Point, Point)>)> {
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
    let (x, y) = around.middle();
    let mut found = Vec::new();
    // An id that is hardly larger than its sector may stand over it.
    if around.width() >= 0.6 * width && around.height() >= 0.8 * height {
        found.push(((x, y), None));
    }
    for steps in 0..3 {
        let off = GAP + f64::from(steps) * height;
        for (right, down) in SIDES {
            let at = (
                x + right * (around.width() / 2.0 + width / 2.0 + off),
                y + down * (around.height() / 2.0 + height / 2.0 + off),
            );
            let near = (at.0 - right * width / 2.0, at.1 - down * height / 2.0);
            found.push((at, (steps > 0).then_some(((x, y), near))));
        }
    }
    found
}

/// Width and height of an id.
fn extent(id: &str, size: f64) -> (f64, f64) {
    (id.chars().count() as f64 * LETTER_WIDTH * size, LINE_HEIGHT * size)
}

#[cfg(test)]
mod tests;
