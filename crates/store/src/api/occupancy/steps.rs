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

/// The steps from `from` to `to`, which is not after the mark.
pub fn steps(
    (from, to): (Time, Time),
    step: TimeDelta,
    mark: Time,
    stays: &[Stay],
    known: &[Known],
) -> Vec<OccupancyStep> {
    let mut steps = Vec::new();
    let mut begin = aligned(from, step);
    while begin < to {
        let (since, until) = (begin.max(from), (begin + step).min(to));
        steps.push(step_of(since, until, until == mark, stays, known));
        begin += step;
    }
    steps
}

fn step_of(from: Time, to: Time, has_end: bool, stays: &[Stay], known: &[Known]) -> OccupancyStep {
    let holds = |at: Time| from <= at && (at < to || has_end && at == to);
    let count = |is: &dyn Fn(&Stay) -> bool| stays.iter().filter(|stay| is(stay)).count() as i64;
    let length = (to - from).as_seconds_f64();
    let inside: f64 = stays.iter().map(|stay| overlap((stay.entry, stay.end()), (from, to))).sum();
    let seconds = |is_controlled| -> f64 {
        let of_kind = known.iter().filter(|part| part.is_controlled == is_controlled);
        of_kind.map(|part| overlap((part.from, part.to), (from, to))).sum()
    };
    let (controlled, uncontrolled) = (seconds(true), seconds(false));
    let at_end = if has_end { count(&|stay| stay.is_inside_at(to)) } else { 0 };
    OccupancyStep {
        from,
        to,
        mean: inside / length,
        peak: peak(from, to, stays).max(at_end),
        entries: count(&|stay| holds(stay.entry)),
        exits: count(&|stay| stay.exit.is_some_and(holds)),
        controlled: (controlled + uncontrolled > 0.0)
            .then(|| controlled / (controlled + uncontrolled)),
        known: (controlled + uncontrolled) / length,
    }
}

/// Seconds that two spans have in common.
fn overlap((a, b): (Time, Time), (from, to): (Time, Time)) -> f64 {
    (b.min(to) - a.max(from)).max(TimeDelta::zero()).as_seconds_f64()
}

/// The greatest number of visits at once. Who leaves at a moment is not inside any more with who enters then.
fn peak(from: Time, to: Time, stays: &[Stay]) -> i64 {
    let mut changes: Vec<(Time, i64)> = stays
        .iter()
        .map(|stay| (stay.entry.max(from), stay.end().min(to)))
        .filter(|(entry, end)| entry < end)
        .flat_map(|(entry, end)| [(entry, 1), (end, -1)])
        .collect();
    changes.sort_unstable();
    let (mut inside, mut most) = (0, 0);
    for (_, change) in changes {
        inside += change;
        most = most.max(inside);
    }
    most
}
