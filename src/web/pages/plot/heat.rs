//! Shares by day of the week and hour.

use maud::Markup;
use plotters::prelude::*;

use super::{Axis, Sheet, Titles, block, ink::Ink, plot};

/// The days of the week in the order of ISO 8601.
pub const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A cell: the day from 1, the hour, and the share.
pub type Cell = (u32, u32, f64);

/// Draws the cells. Those without a share are left out by the caller, and stay blank.
pub fn heat(sheets: &[Sheet], titles: &Titles, cells: &[Cell]) -> Markup {
    let axes = |_| {
        let hours = (0..24).step_by(3).map(|hour| (f64::from(hour) + 0.5, format!("{hour:02}")));
        // Monday is above.
        let days =
            DAYS.iter().enumerate().map(|(index, day)| (6.5 - index as f64, (*day).to_owned()));
        (Axis::of(0.0..24.0, hours.collect()), Axis::of(0.0..7.0, days.collect()))
    };
    plot(sheets, titles, axes, |chart| {
        let sides = |&(day, hour, _): &Cell| {
            let (left, low) = (f64::from(hour), 7.0 - f64::from(day));
            ((left, left + 0.96), (low + 0.03, low + 0.97))
        };
        chart.draw_series(cells.iter().map(|cell| {
            let (across, up) = sides(cell);
            block(across, up, Ink::of_share(cell.2).colour())
        }))?;
        // The colour of the least share is nearly that of the page, where nothing is known.
        chart.draw_series(cells.iter().map(|cell| {
            let ((left, right), (low, high)) = sides(cell);
            Rectangle::new([(left, low), (right, high)], Ink::Quiet.colour())
        }))?;
        Ok(())
    })
}

/// The day and the hour of a key, such as `1-07`.
pub fn cell_of(key: &str) -> Option<(u32, u32)> {
    let (day, hour) = key.split_once('-')?;
    let (day, hour) = (day.parse().ok()?, hour.parse().ok()?);
    ((1..=7).contains(&day) && hour < 24).then_some((day, hour))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::plot::NARROW;

    #[test]
    fn each_cell_has_the_colour_of_its_share() {
        let cells = [(1, 0, 0.1), (7, 23, 0.9), (3, 12, 0.9)];
        let svg = heat(&[NARROW], &Titles::default(), &cells).into_string();
        assert_eq!(svg.matches("fill=\"var(--load-empty)\"").count(), 1, "{svg}");
        assert_eq!(svg.matches("fill=\"var(--load-whole)\"").count(), 2, "{svg}");
        let rows = [
            ("1-00", Some((1, 0))),
            ("7-23", Some((7, 23))),
            ("8-00", None),
            ("1-24", None),
            ("x", None),
        ];
        for (key, cell) in rows {
            assert_eq!(cell_of(key), cell, "{key}");
        }
    }
}
