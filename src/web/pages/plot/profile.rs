//! A figure of a flight over time, as a line.

use chrono::TimeDelta;
use maud::Markup;
use plotters::prelude::*;
use sectorwatch_core::Time;

use super::{Axis, Sheet, Titles, ink::Ink, plot};
use crate::web::pages::figure::Clock;

/// Observations further apart have no line between them.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// Draws the observations, in the order of time.
pub fn profile(
    sheets: &[Sheet],
    titles: &Titles,
    clock: Clock,
    points: &[(Time, i32)],
) -> Option<Markup> {
    let span = (points.first()?.0, points.last()?.0);
    // A single observation has a place, too.
    let span = (span.0, span.1.max(span.0 + TimeDelta::minutes(1)));
    let most = points.iter().map(|(_, figure)| *figure).max().unwrap_or(0);
    let axes =
        |sheet: Sheet| (Axis::of_time(span, clock, sheet.width), Axis::of_counts(f64::from(most)));
    Some(plot(sheets, titles, axes, |chart| {
        for run in runs(points) {
            let line =
                run.iter().map(|(at, figure)| (Axis::place(*at), f64::from((*figure).max(0))));
            chart.draw_series(LineSeries::new(line, Ink::Peak.colour().stroke_width(2)))?;
        }
        Ok(())
    }))
}

/// The observations without pauses between them.
fn runs(points: &[(Time, i32)]) -> impl Iterator<Item = &[(Time, i32)]> {
    points.chunk_by(|earlier, later| later.0 - earlier.0 <= PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::plot::NARROW;

    #[test]
    fn a_pause_interrupts_the_line() {
        let at = |minute: i64| Time::UNIX_EPOCH + TimeDelta::minutes(minute);
        let points = [(at(0), 100), (at(5), 200), (at(11), 300), (at(12), -20)];
        assert_eq!(runs(&points).map(<[_]>::len).collect::<Vec<_>>(), [2, 2]);
        let (titles, clock) = (Titles::default(), Clock(chrono_tz::UTC));
        let svg = profile(&[NARROW], &titles, clock, &points).expect("a plot").into_string();
        assert_eq!(svg.matches("stroke-width=\"2\"").count(), 2, "{svg}");
        assert!(profile(&[NARROW], &titles, clock, &[]).is_none());
    }
}
