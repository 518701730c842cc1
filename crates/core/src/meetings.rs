//! Where the sides of rings meet in other ways than by an end that both have.

use std::{collections::HashSet, ops::ControlFlow};

use geo::{
    Coord, Kernel as _, Line, Orientation,
    kernels::RobustKernel,
    line_intersection::{LineIntersection, line_intersection},
};
use rstar::{AABB, RTree, RTreeObject};

/// Sides that follow one another and share a box.
const SIDES_OF_A_RUN: usize = 8;
/// What an exact test costs, in tests of boxes.
const EXACT: usize = 30;

/// How much may still be spent on finding where sides meet, in tests of two boxes. Sides that run beside one another
/// in the thousands are tested each with each, so without a bound a file could take for ever.
#[derive(Debug, Clone)]
pub struct Effort(usize);

/// The shapes are so tangled that it takes too long to tell where their sides meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tangled;

impl Effort {
    /// An effort of so many tests.
    pub fn of(tests: usize) -> Self {
        Self(tests)
    }

    /// Spends a part of it.
    ///
    /// # Errors
    ///
    /// When it is used up.
    pub fn spend(&mut self, tests: usize) -> Result<(), Tangled> {
        match self.0.checked_sub(tests) {
            Some(left) => self.0 = left,
            None => {
                self.0 = 0;
                return Err(Tangled);
            }
        }
        Ok(())
    }
}

/// Enough for every file that people drew, and about a second.
impl Default for Effort {
    fn default() -> Self {
        Self(400_000_000)
    }
}

/// Gives each two of `sides` that meet other than at an end of both: by their places in the list, the lesser first, and
/// where. Goes on until `each` breaks, and returns what it breaks with.
///
/// # Errors
///
/// When the effort is used up.
pub fn meetings<B>(
    sides: &[Line],
    effort: &mut Effort,
    mut each: impl FnMut(usize, usize, LineIntersection<f64>) -> ControlFlow<B>,
) -> Result<Option<B>, Tangled> {
    let runs = RTree::bulk_load(Run::all(sides));
    for (a, b) in runs.intersection_candidates_with_other_tree(&runs) {
        // Each two of them come twice.
        if a.first > b.first {
            continue;
        }
        for first in a.first..a.end {
            let bounds = bounds(&sides[first]);
            let others = b.first.max(first + 1)..b.end;
            effort.spend(1 + others.len())?;
            for second in others {
                if !meet(bounds, self::bounds(&sides[second])) {
                    continue;
                }
                effort.spend(EXACT)?;
                if let Some(meeting) = meeting(sides[first], sides[second])
                    && let ControlFlow::Break(found) = each(first, second, meeting)
                {
                    return Ok(Some(found));
                }
            }
        }
    }
    Ok(None)
}

/// Some sides, each of which begins where the one before it ends.
struct Run {
    first: usize,
    end: usize,
    bounds: Bounds,
}

/// West, south, east, north.
type Bounds = [f64; 4];

impl Run {
    fn all(sides: &[Line]) -> Vec<Self> {
        let mut runs: Vec<Self> = Vec::with_capacity(sides.len() / SIDES_OF_A_RUN + 1);
        for (place, side) in sides.iter().enumerate() {
            let [west, south, east, north] = bounds(side);
            match runs.last_mut() {
                Some(run)
                    if run.end - run.first < SIDES_OF_A_RUN
                        && sides[place - 1].end == side.start =>
                {
                    let all = run.bounds;
                    run.end += 1;
                    run.bounds =
                        [all[0].min(west), all[1].min(south), all[2].max(east), all[3].max(north)];
                }
                _ => runs.push(Self {
                    first: place,
                    end: place + 1,
                    bounds: [west, south, east, north],
                }),
            }
        }
        runs
    }
}

impl RTreeObject for Run {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        let [west, south, east, north] = self.bounds;
        AABB::from_corners([west, south], [east, north])
    }
}

fn bounds(Line { start, end }: &Line) -> Bounds {
    [start.x.min(end.x), start.y.min(end.y), start.x.max(end.x), start.y.max(end.y)]
}

fn meet(a: Bounds, b: Bounds) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

fn meeting(a: Line, b: Line) -> Option<LineIntersection<f64>> {
    if part_at_an_end(a, b) {
        return None;
    }
    line_intersection(a, b).filter(|meeting| match meeting {
        LineIntersection::Collinear { .. } => true,
        LineIntersection::SinglePoint { intersection, .. } => {
            let is_end = |side: Line| [side.start, side.end].contains(intersection);
            !(is_end(a) && is_end(b))
        }
    })
}

/// Whether two sides have an end in common and go different ways from there: what most that are close to one another
/// do.
fn part_at_an_end(a: Line, b: Line) -> bool {
    let [ends, others] = [a, b].map(|side| [(side.start, side.end), (side.end, side.start)]);
    let mut pairs = ends.into_iter().flat_map(|end| others.map(|other| (end, other)));
    pairs.find(|((end, _), (other, _))| end == other).is_some_and(|((common, from), (_, to))| {
        RobustKernel::orient2d(from, common, to) != Orientation::Collinear
    })
}

/// The vertices through which a closed ring comes again before it closes.
pub fn revisited(ring: &[Coord]) -> impl Iterator<Item = Coord> {
    let mut seen = HashSet::new();
    ring.iter().copied().skip(1).filter(move |vertex| !seen.insert(bits(*vertex)))
}

/// A point as something to look up by; a zero is the same with either sign.
pub fn bits(point: Coord) -> [u64; 2] {
    [point.x + 0.0, point.y + 0.0].map(f64::to_bits)
}

#[cfg(test)]
mod tests;
