//! Places the labels of sectors: none over another, each in its sector or close to it.

mod candidates;

use std::sync::Arc;

use crate::{Bounds, Point, Shape};

pub use candidates::inside;

use candidates::{beside, extent, is_nearly_as_large};

/// Up to this number of shapes, a small one is labelled beside it; more would be hidden by leaders.
const FEW: usize = 60;
/// Up to this number of shapes, labels avoid the small ones.
const MANY: usize = 300;
/// The line height in letter sizes.
const LINE_HEIGHT: f64 = 1.2;

/// The sizes of letters, in units of the sheet, and the number of labels that a page can hold.
#[derive(Debug, Clone, Copy)]
pub struct Lettering {
    /// For shapes with enough room for their label.
    pub largest: f64,
    /// For all others.
    pub smallest: f64,
    /// More labels than these would hide the map.
    pub most: usize,
}

/// A place completely inside a shape, and the letter size that fits there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// The middle of the label.
    pub at: Point,
    /// The letter size.
    pub size: f64,
}

/// A shape to be labelled.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The text of the label.
    pub id: &'a Arc<str>,
    /// What is labelled.
    pub shape: &'a Shape,
    /// The places that [`inside`] found for the text in this lettering, best first.
    pub inside: &'a [Spot],
}

/// A placed label.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The text.
    pub id: Arc<str>,
    /// The middle of the text.
    pub at: Point,
    /// The letter size.
    pub size: f64,
    /// The line from the shape to a label that is not close enough to it.
    pub leader: Option<(Point, Point)>,
}

impl Label {
    /// What the label covers, generously, because the reader's font is unknown.
    pub fn bounds(&self) -> Bounds {
        Bounds::about(self.at, extent(&self.id, self.size))
    }
}

/// Places the labels, the most important subject first. A label without room is omitted.
///
/// The same subjects have the same labels. No label lies over another or beyond the sheet, and none is
/// omitted for a less important one.
pub fn place(subjects: &[Subject<'_>], lettering: Lettering, sheet: &Bounds) -> Vec<Label> {
    let mut placed: Vec<(Label, Bounds)> = Vec::new();
    for (at, subject) in subjects.iter().enumerate() {
        if placed.len() == lettering.most {
            break;
        }
        let candidates = candidates(subject, lettering, subjects.len() <= FEW);
        let free = candidates.into_iter().enumerate().filter_map(|(rank, label)| {
            let bounds = label.bounds();
            let is_free = sheet.holds(&bounds)
                && !placed.iter().any(|(_, other)| other.overlaps(&bounds))
                && !misleads(&label, at, subjects);
            is_free.then_some((rank, label, bounds))
        });
        let best = match subjects.len() <= MANY {
            // A less suitable place is better than hiding a small sector.
            true => {
                let small = small(at, subjects, lettering);
                free.min_by_key(|(rank, _, bounds)| {
                    rank + 100 * small.iter().filter(|other| other.overlaps(bounds)).count()
                })
            }
            false => { free }.next(),
        };
        placed.extend(best.map(|(_, label, bounds)| (label, bounds)));
    }
    placed.into_iter().map(|(label, _)| label).collect()
}

/// The possible places of a label, best first.
fn candidates(subject: &Subject<'_>, lettering: Lettering, are_few: bool) -> Vec<Label> {
    let label = |at, size, leader| Label { id: Arc::clone(subject.id), at, size, leader };
    let mut found: Vec<Label> =
        subject.inside.iter().map(|spot| label(spot.at, spot.size, None)).collect();
    let size = lettering.smallest;
    let extent = extent(subject.id, size);
    if !are_few || is_nearly_as_large(&subject.shape.bounds(), extent) {
        found.push(label(subject.shape.pole(), size, None));
    }
    if are_few {
        let beside = beside(subject.shape, extent).into_iter();
        found.extend(beside.map(|(at, leader)| label(at, size, leader)));
    }
    found
}

/// Whether a label would seem to belong to another of few shapes, because it stands in that one.
fn misleads(label: &Label, at: usize, subjects: &[Subject<'_>]) -> bool {
    let own = subjects[at].shape;
    // Inside its shape, it cannot mislead more than the shapes do that lie over each other.
    if subjects.len() > FEW || own.contains(label.at) {
        return false;
    }
    let others = || subjects.iter().enumerate().filter(|(other, _)| *other != at);
    let holds = |point: Point| others().any(|(_, other)| other.shape.contains(point));
    holds(label.at) && !holds(own.pole())
}

/// The bounds of the shapes that a label could hide, or that lie inside the labelled one.
fn small(at: usize, subjects: &[Subject<'_>], lettering: Lettering) -> Vec<Bounds> {
    let own = subjects[at].shape;
    let (_, line) = extent("", lettering.smallest);
    let others = subjects.iter().enumerate().filter(|(other, _)| *other != at);
    let is_small = |other: &Shape| {
        let is_smaller = other.bounds().size() < own.bounds().size();
        other.bounds().height() < 2.0 * line || is_smaller && own.contains(other.bounds().middle())
    };
    others.map(|(_, other)| other.shape).filter(|it| is_small(it)).map(Shape::bounds).collect()
}

#[cfg(test)]
mod tests;
