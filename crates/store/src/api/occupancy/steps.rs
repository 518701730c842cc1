//! What happened in each step. Pure: times in, figures out.

use chrono::{TimeDelta, Timelike as _};
use sectorwatch_core::Time;

use super::OccupancyStep;

/// The maximum of steps.
pub const MOST_STEPS: i64 = 2_000;

/// A visit.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    /// When the flight entered.
    pub entry: Time,
    /// When it left; `None` while it is inside.
    pub exit: Option<Time>,
    /// When it was last seen, where an open visit ends. Of no meaning after the exit.
    pub last_seen: Time,
}

impl Stay {
    fn end(&self) -> Time {
        self.exit.unwrap_or(self.last_seen)
    }

    /// Whether it is inside at the mark itself, which belongs to the last step.
    fn is_inside_at(&self, mark: Time) -> bool {
        self.entry <= mark && self.exit.is_none_or(|exit| exit > mark) && self.end() >= mark
    }
}

/// An interval of control that is known.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its begin.
    pub from: Time,
    /// Its end.
    pub to: Time,
    /// Whether somebody controlled the sector, or nobody.
    pub is_controlled: bool,
}

/// The begin of the step that holds this time. Steps are aligned to UTC.
pub fn aligned(at: Time, step: TimeDelta) -> Time {
    let since_midnight = i64::from(at.num_seconds_from_midnight()) * 1_000_000
        + i64::from(at.timestamp_subsec_micros() % 1_000_000);
    let step_us = step.num_microseconds().unwrap_or(i64::MAX).max(1);
    at - TimeDelta::microseconds(since_midnight % step_us)
        - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos() % 1_000))
}

/// How many steps there are from one time to another.
pub fn number_of_steps(from: Time, to: Time, step: TimeDelta) -> i64 {
    let seconds = step.num_seconds().max(1);
    let whole = to - aligned(from, step);
    whole.num_seconds() / seconds
        + i64::from(whole.num_seconds() % seconds > 0 || whole.subsec_nanos() > 0)
}

/// The steps from `from` to `to`, which is not after the mark. Each visit and each interval costs the steps that it
/// touches, and no more.
pub fn steps(
    (from, to): (Time, Time),
    step: TimeDelta,
    mark: Time,
    stays: &[Stay],
    known: &[Known],
) -> Vec<OccupancyStep> {
    let mut sums = empty((from, to), step);
    for stay in stays {
        add(&mut sums, stay.entry, stay.end(), |sum, seconds| sum.inside += seconds);
        if let Some(sum) = holding(&mut sums, stay.entry, mark) {
            sum.entries += 1;
        }
        if let Some(sum) = stay.exit.and_then(|exit| holding(&mut sums, exit, mark)) {
            sum.exits += 1;
        }
    }
    for part in known {
        add(&mut sums, part.from, part.to, |sum, seconds| match part.is_controlled {
            true => sum.controlled += seconds,
            false => sum.uncontrolled += seconds,
        });
    }
    peaks(&mut sums, stays);
    if let Some(last) = sums.last_mut().filter(|last| last.to == mark) {
        let now = stays.iter().filter(|stay| stay.is_inside_at(mark)).count() as i64;
        last.peak = last.peak.max(now);
    }
    sums.into_iter().map(OccupancyStep::from).collect()
}

/// What is added up of a step.
struct Sum {
    from: Time,
    to: Time,
    inside: f64,
    peak: i64,
    entries: i64,
    exits: i64,
    controlled: f64,
    uncontrolled: f64,
}

fn empty((from, to): (Time, Time), step: TimeDelta) -> Vec<Sum> {
    let mut sums = Vec::new();
    let mut begin = aligned(from, step);
    while begin < to {
        let (from, to) = (begin.max(from), (begin + step).min(to));
        let (inside, controlled, uncontrolled) = (0.0, 0.0, 0.0);
        let (peak, entries, exits) = (0, 0, 0);
        sums.push(Sum { from, to, inside, peak, entries, exits, controlled, uncontrolled });
        begin += step;
    }
    sums
}

/// Adds to each step the seconds that a span has in common with it.
fn add(sums: &mut [Sum], since: Time, until: Time, to: impl Fn(&mut Sum, f64)) {
    let first = sums.partition_point(|sum| sum.to <= since);
    for sum in sums[first..].iter_mut().take_while(|sum| sum.from < until) {
        let common = until.min(sum.to) - since.max(sum.from);
        to(sum, common.max(TimeDelta::zero()).as_seconds_f64());
    }
}

/// The step that holds this moment. The mark belongs to the step that ends at it.
fn holding(sums: &mut [Sum], at: Time, mark: Time) -> Option<&mut Sum> {
    let index = sums.partition_point(|sum| sum.to <= at && !(at == mark && sum.to == mark));
    sums.get_mut(index).filter(|sum| sum.from <= at)
}

/// The greatest number of visits at once in each step. Who leaves at a moment is not inside any more with who enters
/// then.
fn peaks(sums: &mut [Sum], stays: &[Stay]) {
    let mut changes: Vec<(Time, i64)> = stays
        .iter()
        .filter(|stay| stay.entry < stay.end())
        .flat_map(|stay| [(stay.entry, 1), (stay.end(), -1)])
        .collect();
    changes.sort_unstable();
    let (mut changes, mut inside) = (changes.into_iter().peekable(), 0);
    for sum in sums {
        while let Some((_, change)) = changes.next_if(|(at, _)| *at <= sum.from) {
            inside += change;
        }
        sum.peak = inside;
        while let Some((_, change)) = changes.next_if(|(at, _)| *at < sum.to) {
            inside += change;
            sum.peak = sum.peak.max(inside);
        }
    }
}

impl From<Sum> for OccupancyStep {
    fn from(sum: Sum) -> Self {
        let Sum { from, to, inside, peak, entries, exits, controlled, uncontrolled } = sum;
        let (length, known) = ((to - from).as_seconds_f64(), controlled + uncontrolled);
        Self {
            from,
            to,
            mean: inside / length,
            peak,
            entries,
            exits,
            controlled: (known > 0.0).then(|| controlled / known),
            known: known / length,
        }
    }
}
