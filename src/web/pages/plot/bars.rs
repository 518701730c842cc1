//! Counts by hour, of two kinds, above each other.

use chrono::TimeDelta;
use maud::Markup;
use sectorwatch_core::Time;

use super::{Axis, Sheet, Titles, block, ink::Ink, plot};
use crate::web::pages::figure::Clock;

/// An hour with the counts of both kinds.
pub type Hour = (Time, u64, u64);

/// Draws the hours: the first kind below, and the second above it.
pub fn bars(
    sheets: &[Sheet],
    titles: &Titles,
    span: (Time, Time),
    clock: Clock,
    hours: &[Hour],
) -> Markup {
    let most = hours.iter().map(|(_, below, above)| below + above).max().unwrap_or(0);
    let axes =
        |sheet: Sheet| (Axis::of_time(span, clock, sheet.width), Axis::of_counts(most as f64));
    plot(sheets, titles, axes, |chart| {
        let blocks = hours.iter().flat_map(|&(begin, below, above)| {
            let end = (begin + TimeDelta::minutes(56)).min(span.1);
            let sides = (Axis::place(begin.max(span.0)), Axis::place(end));
            let (below, all) = (below as f64, (below + above) as f64);
            let parts = [(0.0, below, Ink::Peak), (below, all, Ink::Mean)];
            parts
                .into_iter()
                .filter(|(low, high, _)| high > low)
                .map(move |(low, high, ink)| block(sides, (low, high), ink.colour()))
        });
        chart.draw_series(blocks)?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::plot::WIDE;

    #[test]
    fn an_hour_without_any_has_no_bar() {
        let at = |hour: i64| Time::UNIX_EPOCH + TimeDelta::hours(hour);
        let hours = [(at(0), 3, 0), (at(1), 0, 0), (at(2), 2, 5)];
        let (titles, clock) = (Titles::default(), Clock(chrono_tz::UTC));
        let svg = bars(&[WIDE], &titles, (at(0), at(3)), clock, &hours).into_string();
        assert_eq!(svg.matches("var(--link)").count(), 2, "{svg}");
        assert_eq!(svg.matches("var(--staffed)").count(), 1, "{svg}");
    }
}
