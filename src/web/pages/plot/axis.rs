//! Axes: what they reach over, and where they have labels.

use std::ops::Range;

use chrono::{NaiveTime, TimeDelta, TimeZone as _};
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use sectorwatch_core::Time;

use crate::web::{format, pages::figure::Clock};

/// The width of a letter, about, in pixels, and the room of the shortest label.
const LETTER_PIXELS: usize = 7;
const LEAST_ROOM: usize = 28;
/// The room of a tick and the space beside it.
const TICK_PIXELS: usize = 10;

/// An axis.
#[derive(Debug, Clone)]
pub struct Axis {
    range: Range<f64>,
    labels: Vec<(f64, String)>,
}

impl Axis {
    /// An axis with these labels.
    pub fn of(range: Range<f64>, labels: Vec<(f64, String)>) -> Self {
        Self { range, labels }
    }

    /// An axis from 0 for whole numbers up to this one at least, with 2 to 5 labels beside that of 0.
    pub fn of_counts(most: f64) -> Self {
        let most = if most.is_finite() { most.max(1.0).ceil() } else { 1.0 };
        let steps =
            (0..).map(|power| 10_f64.powi(power)).flat_map(|ten| [ten, 2.0 * ten, 5.0 * ten]);
        let step = steps.into_iter().find(|step| most / step <= 5.0).unwrap_or(most);
        let number = (most / step).ceil();
        let places = (0..=number as i64).map(|index| index as f64 * step);
        let labels = places.map(|at| (at, format::count(at as i64))).collect();
        Self { range: 0.0..number * step, labels }
    }

    /// The same axis with room for something below 0, which has this label.
    pub fn with_below(mut self, depth: f64, label: &str) -> Self {
        let depth = depth * self.range.end;
        self.range.start = -depth;
        self.labels.insert(0, (-depth / 2.0, label.to_owned()));
        self
    }

    /// An axis of time, with labels at hours or midnights of the clock: about one for each 70 pixels.
    pub fn of_time((from, to): (Time, Time), clock: Clock, pixels: u32) -> Self {
        let most = (pixels / 70).max(2);
        let hours = (to - from).as_seconds_f64() / 3600.0;
        let step = [1, 2, 3, 6, 12, 24, 48, 96, 168].into_iter();
        let step = step.into_iter().find(|step| hours / f64::from(*step) <= f64::from(most));
        let step = step.unwrap_or(336);
        let mut labels = Vec::new();
        let first = from.with_timezone(&clock.0).date_naive();
        let days = first.iter_days().take_while(|day| {
            clock.0.from_utc_datetime(&day.and_time(NaiveTime::MIN)) < to + TimeDelta::days(1)
        });
        for (number, day) in days.enumerate() {
            let each_day = step / 24;
            if each_day > 0 && number % each_day as usize != 0 {
                continue;
            }
            for hour in (0..24).step_by(step.min(24) as usize) {
                // An hour that the clock skips has no label, and one that it repeats has the first.
                let Some(local) = day.and_hms_opt(hour as u32, 0, 0) else { continue };
                let Some(at) = clock.0.from_local_datetime(&local).earliest() else { continue };
                let at = at.to_utc();
                if at >= from && at <= to {
                    let label = if hour == 0 { clock.day(at) } else { clock.hour(at) };
                    labels.push((Self::place(at), label));
                }
            }
        }
        Self { range: Self::place(from)..Self::place(to), labels }
    }

    /// The place of a time: its seconds.
    pub fn place(at: Time) -> f64 {
        at.timestamp_millis() as f64 / 1e3
    }

    /// The greatest value.
    pub fn end(&self) -> f64 {
        self.range.end
    }

    /// Where the labels are.
    pub fn places(&self) -> Vec<f64> {
        self.labels.iter().map(|(at, _)| *at).collect()
    }

    /// The label at a place.
    pub fn label(&self, place: f64) -> String {
        let label = self.labels.iter().find(|(at, _)| *at == place);
        label.map_or_else(String::new, |(_, label)| label.clone())
    }

    /// The pixels that the labels need beside the axis.
    pub fn room(&self) -> u32 {
        let longest = self.labels.iter().map(|(_, label)| label.chars().count()).max();
        u32::try_from((longest.unwrap_or(0) * LETTER_PIXELS + TICK_PIXELS).max(LEAST_ROOM))
            .unwrap_or(60)
    }
}

/// `plotters` has no coordinate of fractions whose labels stand at given places: that of `with_key_points` has no format.
impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let length = (self.range.end - self.range.start).max(1e-9);
        let part = (value - self.range.start) / length;
        (f64::from(limit.0) + part * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.places() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.places().into_iter().map(|at| axis.label(at)).collect()
    }

    #[test]
    fn counts_have_few_and_round_labels() {
        for (most, expected) in [
            (0.0, "0 1"),
            (f64::NAN, "0 1"),
            (1.0, "0 1"),
            (5.0, "0 1 2 3 4 5"),
            (6.0, "0 2 4 6"),
            (23.0, "0 5 10 15 20 25"),
            (41_000.0, "0 10,000 20,000 30,000 40,000 50,000"),
        ] {
            assert_eq!(labels(&Axis::of_counts(most)).join(" "), expected, "{most}");
        }
        assert_eq!(
            labels(&Axis::of_counts(2.0).with_below(0.2, "staffed")),
            ["staffed", "0", "1", "2"]
        );
    }

    #[test]
    fn times_are_those_of_the_clock() {
        let at = |text: &str| text.parse::<Time>().expect("a time");
        let sydney = Clock(chrono_tz::Australia::Sydney);
        for (from, to, pixels, clock, expected) in [
            (
                "2026-07-01T01:07:00Z",
                "2026-07-02T01:07:00Z",
                330,
                Clock(chrono_tz::UTC),
                "06:00 12:00 18:00 2 Jul",
            ),
            (
                "2026-07-01T01:00:00Z",
                "2026-07-02T01:00:00Z",
                330,
                sydney,
                "12:00 18:00 2 Jul 06:00",
            ),
            // The hour that is skipped in spring is not there.
            (
                "2026-10-03T15:00:00Z",
                "2026-10-03T18:00:00Z",
                960,
                sydney,
                "01:00 03:00 04:00 05:00",
            ),
        ] {
            let axis = Axis::of_time((at(from), at(to)), clock, pixels);
            assert_eq!(labels(&axis).join(" "), expected, "{from}");
        }
        let week = (at("2026-07-01T10:00:00Z"), at("2026-07-08T10:00:00Z"));
        let axis = Axis::of_time(week, Clock(chrono_tz::UTC), 330);
        assert_eq!(labels(&axis).join(" "), "3 Jul 5 Jul 7 Jul");
        let month = (week.0, at("2026-08-01T10:00:00Z"));
        assert!(labels(&Axis::of_time(month, Clock(chrono_tz::UTC), 960)).len() < 14);
    }
}
