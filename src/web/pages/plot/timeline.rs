//! Sessions over time: a row for each callsign.

use maud::Markup;
use sectorwatch_core::Time;

use super::{Axis, Sheet, Titles, block, ink::Ink, plot};
use crate::web::pages::figure::Clock;

/// The height of a row, in pixels, and that of the axis below.
const ROW: u32 = 20;
const AXIS: u32 = 34;

/// A callsign with its sessions.
pub type Row = (String, Vec<(Time, Time)>);

/// Draws the sessions, cut to the span. The first row is above.
pub fn timeline(
    sheets: &[Sheet],
    titles: &Titles,
    span: (Time, Time),
    clock: Clock,
    rows: &[Row],
) -> Markup {
    let number = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    let sheets: Vec<Sheet> =
        sheets.iter().map(|sheet| Sheet { height: number * ROW + AXIS, ..*sheet }).collect();
    let above = |index: usize| f64::from(number) - 1.0 - index as f64;
    let axes = |sheet: Sheet| {
        let labels = rows.iter().enumerate();
        let labels = labels.map(|(index, (name, _))| (above(index) + 0.5, name.clone())).collect();
        (Axis::of_time(span, clock, sheet.width), Axis::of(0.0..f64::from(number), labels))
    };
    plot(&sheets, titles, axes, |chart| {
        let blocks = rows.iter().enumerate().flat_map(|(index, (_, sessions))| {
            sessions.iter().filter_map(move |(from, to)| {
                let (from, to) = ((*from).max(span.0), (*to).min(span.1));
                let low = above(index);
                (from < to).then(|| {
                    let sides = (Axis::place(from), Axis::place(to));
                    block(sides, (low + 0.2, low + 0.8), Ink::Staffed.colour())
                })
            })
        });
        chart.draw_series(blocks)?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::web::pages::plot::WIDE;

    #[test]
    fn sessions_stand_in_the_row_of_their_callsign_and_within_the_span() {
        let at = |hour: i64| Time::UNIX_EPOCH + TimeDelta::hours(hour);
        let rows = [
            ("ML_CTR".to_owned(), vec![(at(-5), at(2)), (at(30), at(31))]),
            ("SY_TWR".to_owned(), vec![(at(3), at(4)), (at(5), at(99))]),
        ];
        let (titles, clock) = (Titles::default(), Clock(chrono_tz::UTC));
        let svg = timeline(&[WIDE], &titles, (at(0), at(24)), clock, &rows).into_string();
        assert_eq!(svg.matches("var(--ok)").count(), 3, "one is outside of the span: {svg}");
        assert!(svg.contains("ML_CTR") && svg.contains("SY_TWR"), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 960 74\""), "{svg}");
    }
}
