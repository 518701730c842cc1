//! The load of a sector over time: the greatest number of flights at once in each step, their mean, and below them
//! whether the sector was staffed.

use maud::Markup;
use plotters::prelude::*;
use sectorwatch_core::Time;
use sectorwatch_store::api::OccupancyStep;

use super::{Axis, Chart, Drawn, Sheet, Titles, block, ink::Ink, plot};
use crate::web::pages::figure::Clock;

/// The part of the height that the staffing has below 0.
const DEPTH: f64 = 0.22;

/// Draws the steps, of which those without data are left out by the caller.
pub fn load(
    sheets: &[Sheet],
    titles: &Titles,
    span: (Time, Time),
    clock: Clock,
    steps: &[OccupancyStep],
) -> Markup {
    let most = steps.iter().map(|step| step.peak).max().unwrap_or(0) as f64;
    let axes = |sheet: Sheet| {
        let y = Axis::of_counts(most).with_below(DEPTH, "staffed");
        (Axis::of_time(span, clock, sheet.width), y)
    };
    let end = Axis::of_counts(most).end();
    plot(sheets, titles, axes, |chart| {
        figures(chart, steps)?;
        chart.draw_series(staffing(steps, end))?;
        Ok(())
    })
}

/// The outline of a figure of each step.
fn outline(steps: &[OccupancyStep], figure: impl Fn(&OccupancyStep) -> f64) -> Vec<(f64, f64)> {
    let mut outline: Vec<(f64, f64)> = Vec::with_capacity(2 * steps.len());
    for step in steps {
        let (from, to) = (Axis::place(step.from), Axis::place(step.to));
        let height = figure(step);
        match outline.last_mut() {
            // A step of the same height goes on.
            Some(last) if last.1 == height && last.0 == from => last.0 = to,
            _ => outline.extend([(from, height), (to, height)]),
        }
    }
    outline
}

fn figures(chart: &mut Chart<'_, '_>, steps: &[OccupancyStep]) -> Drawn {
    if steps.is_empty() {
        return Ok(());
    }
    let peak = Ink::Peak.colour();
    let peaks = outline(steps, |step| step.peak as f64);
    chart.draw_series(AreaSeries::new(peaks, 0.0, peak.mix(0.3)).border_style(peak))?;
    let means = outline(steps, |step| step.mean);
    chart.draw_series(LineSeries::new(means, Ink::Mean.colour()))?;
    Ok(())
}

/// A block for each run of steps that were staffed, as high as there is room, and a low one for those that were not.
/// What is not known has none.
fn staffing(steps: &[OccupancyStep], end: f64) -> Vec<Rectangle<(f64, f64)>> {
    let mut runs: Vec<(f64, f64, bool)> = Vec::new();
    for step in steps {
        let Some(controlled) = step.controlled.filter(|_| step.known >= 0.5) else { continue };
        let is_staffed = controlled >= 0.5;
        let (from, to) = (Axis::place(step.from), Axis::place(step.to));
        match runs.last_mut() {
            Some((_, end, same)) if *end == from && *same == is_staffed => *end = to,
            _ => runs.push((from, to, is_staffed)),
        }
    }
    let block = |(from, to, is_staffed)| {
        let (top, ink) = if is_staffed { (0.2, Ink::Staffed) } else { (0.85, Ink::Unstaffed) };
        let (low, high) = (-DEPTH * end, -DEPTH * end * top);
        block((from, to), (low, high.max(low)), ink.colour())
    };
    runs.into_iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::web::pages::plot::SMALL;

    fn steps(figures: &[(i64, Option<f64>)]) -> Vec<OccupancyStep> {
        let each = figures.iter().zip(0..);
        let step = |(&(peak, controlled), index): (&(i64, Option<f64>), i32)| {
            let from = Time::UNIX_EPOCH + TimeDelta::minutes(15) * index;
            let (to, known) = (from + TimeDelta::minutes(15), f64::from(controlled.is_some()));
            let mean = peak as f64 / 2.0;
            OccupancyStep { from, to, mean, peak, entries: 0, exits: 0, controlled, known }
        };
        each.map(step).collect()
    }

    #[test]
    fn steps_of_the_same_height_are_one_line() {
        let steps = steps(&[(2, None), (2, None), (5, None), (0, None)]);
        let expected =
            [(0.0, 2.0), (1800.0, 2.0), (1800.0, 5.0), (2700.0, 5.0), (2700.0, 0.0), (3600.0, 0.0)];
        assert_eq!(outline(&steps, |step| step.peak as f64), expected);
        assert_eq!(outline(&[], |step| step.mean), []);
    }

    #[test]
    fn staffing_is_drawn_where_it_is_known() {
        let some =
            steps(&[(1, Some(1.0)), (1, Some(0.6)), (1, None), (1, Some(0.0)), (1, Some(1.0))]);
        assert_eq!(
            staffing(&some, 10.0).len(),
            3,
            "two steps in one, none, and two of different kinds"
        );
        assert_eq!(staffing(&steps(&[(9, None)]), 10.0).len(), 0);
    }

    #[test]
    fn an_empty_plot_has_its_axes_alone() {
        let span = (Time::UNIX_EPOCH, Time::UNIX_EPOCH + TimeDelta::days(1));
        let draw = |steps: &[OccupancyStep]| {
            load(&[SMALL], &Titles::default(), span, Clock(chrono_tz::UTC), steps).into_string()
        };
        let (empty, full) = (draw(&[]), draw(&steps(&[(3, Some(1.0)), (0, Some(0.0))])));
        for (ink, is_in_full) in
            [("--link", true), ("--staffed", true), ("--ok", true), ("--critical", true)]
        {
            assert!(!empty.contains(ink), "{empty}");
            assert_eq!(full.contains(ink), is_in_full, "{ink}: {full}");
        }
        assert!(empty.contains(">12:00<") || empty.contains("12:00\n"), "{empty}");
    }
}
