//! Places the labels of sectors: no overlaps, each in its sector or close to it.

use std::sync::Arc;

use super::plane::Bounds;

/// A point of the drawing.
type Point = (f64, f64);

/// The letter sizes in units of the drawing: for a wide page, and for a narrow one on which the drawing is a
/// third as large.
pub const LETTERINGS: [Lettering; 2] =
    [Lettering { inside: 24.0, beside: 17.0 }, Lettering { inside: 42.0, beside: 36.0 }];
/// More labels than these would hide the map.
const MOST: usize = 60;
/// The line height in letter sizes.
const LINE_HEIGHT: f64 = 1.2;
/// The gap between a sector and its label.
const GAP: f64 = 2.0;
/// The number of lines through a sector on which its label may be placed.
const LINES: u32 = 17;

/// The sizes of letters.
#[derive(Debug, Clone, Copy)]
pub struct Lettering {
    /// For sectors with enough room for their label.
    pub inside: f64,
    pub beside: f64,
}

/// A sector to be labelled.
#[derive(Debug)]
pub struct Subject<'a> {
    pub id: &'a Arc<str>,
    /// The largest part of its drawing.
    pub ring: &'a [Point],
    pub bounds: Bounds,
}

/// A placed label.
#[derive(Debug, Clone)]
pub struct Label {
    /// The sector's id.
    pub id: Arc<str>,
    pub at: Point,
    /// The letter size.
    pub size: f64,
    /// The line from the sector to a label that is not close enough to it.
    pub leader: Option<(Point, Point)>,
}

impl Label {
    pub fn bounds(&self) -> Bounds {
        Bounds::about(self.at, extent(&self.id, self.size))
    }
}

/// Places the labels in the order of the subjects. A label without room is omitted; the sector's title and
/// the table still name it.
pub fn place(subjects: &[Subject<'_>], lettering: Lettering, sheet: &Bounds) -> Vec<Label> {
    let mut placed: Vec<Label> = Vec::new();
    for subject in subjects.iter().take(MOST) {
        let others = || subjects.iter().filter(|other| other.id != subject.id);
        let middle = subject.bounds.middle();
        let is_within_another = others().any(|other| contains(other.ring, middle));
        let free = candidates(subject, lettering).into_iter().enumerate().filter(|(_, label)| {
            let bounds = label.bounds();
            sheet.holds(&bounds)
                && !placed.iter().any(|other| other.bounds().overlaps(&bounds))
                // There it would seem to belong to the neighbour.
                && (is_within_another || !others().any(|other| contains(other.ring, label.at)))
        });
        // A less suitable place is better than hiding a small sector.
        let small: Vec<_> = others().filter(|other| is_small(other, subject, lettering)).collect();
        let best = free.min_by_key(|(rank, label)| {
            let bounds = label.bounds();
            rank + 100 * small.iter().filter(|other| other.bounds.overlaps(&bounds)).count()
        });
        placed.extend(best.map(|(_, label)| label));
    }
    placed
}

/// Whether a label could hide the sector, or the sector lies inside the labelled one.
fn is_small(other: &Subject<'_>, subject: &Subject<'_>, lettering: Lettering) -> bool {
    let is_within = contains(subject.ring, other.bounds.middle());
    let (_, line) = extent("", lettering.beside);
    other.bounds.height() < 2.0 * line || is_within && other.bounds.size() < subject.bounds.size()
}

/// The possible places of a label, best first.
fn candidates(subject: &Subject<'_>, lettering: Lettering) -> Vec<Label> {
    let label = |at, size, leader| Label { id: Arc::clone(subject.id), at, size, leader };
    let inside = [lettering.inside, lettering.beside].into_iter().flat_map(|size| {
        let places = inside(subject, extent(subject.id, size));
        places.into_iter().map(move |at| label(at, size, None))
    });
    let size = lettering.beside;
    let beside = beside(&subject.bounds, extent(subject.id, size));
    inside.chain(beside.into_iter().map(|(at, leader)| label(at, size, leader))).collect()
}

/// The places completely inside: in the middle unless the sector is narrow there.
fn inside(subject: &Subject<'_>, (width, height): (f64, f64)) -> Vec<Point> {
    let around = &subject.bounds;
    let (middle, size) = (around.middle(), around.width().max(around.height()));
    let mut found = Vec::new();
    for line in 1..LINES {
        let y = around.south + around.height() * f64::from(line) / f64::from(LINES);
        for (left, right) in chords(subject.ring, y) {
            let Some((left, right)) = all_through(subject.ring, (left, right), y, height) else {
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
fn all_through(ring: &[Point], chord: Point, y: f64, height: f64) -> Option<Point> {
    let middle = f64::midpoint(chord.0, chord.1);
    [y - height / 2.0, y + height / 2.0].into_iter().try_fold(chord, |chord, edge| {
        let mut chords = chords(ring, edge).into_iter();
        let (left, right) = chords.find(|(left, right)| (*left..=*right).contains(&middle))?;
        Some((chord.0.max(left), chord.1.min(right)))
    })
}

fn contains(ring: &[Point], (x, y): Point) -> bool {
    chords(ring, y).iter().any(|(left, right)| (*left..=*right).contains(&x))
}

/// The parts of a horizontal line that are inside a ring.
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

/// The places around a sector: close to it, then further away with a line to it.
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
    // A label that is hardly larger than its sector may be placed over it.
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

/// Width and height of a label.
fn extent(id: &str, size: f64) -> (f64, f64) {
    (id.chars().map(width).sum::<f64>() * size, LINE_HEIGHT * size)
}

/// The width of a letter and its space; generous, because the reader's font is unknown.
fn width(letter: char) -> f64 {
    match letter {
        'M' | 'W' => 1.06,
        '0'..='9' => 0.71,
        '-' | '_' => 0.57,
        _ => 0.83,
    }
}

#[cfg(test)]
mod tests;
