//! Figures: values with their places in the answer that their section is of.

use std::fmt::Display;

use chrono_tz::Tz;
use maud::{Markup, html};
use sectorwatch_core::Time;

pub use crate::web::page::leaf;
use crate::web::{
    format::{self, UNKNOWN},
    pages::links::instant,
};

/// The clock of a page: its time zone.
#[derive(Debug, Clone, Copy)]
pub struct Clock(pub Tz);

impl Clock {
    /// A time to the second.
    pub fn second(self, time: Time) -> String {
        time.with_timezone(&self.0).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// A time to the minute.
    pub fn minute(self, time: Time) -> String {
        time.with_timezone(&self.0).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The hour and minute.
    pub fn hour(self, time: Time) -> String {
        time.with_timezone(&self.0).format("%H:%M").to_string()
    }

    /// The day, short.
    pub fn day(self, time: Time) -> String {
        time.with_timezone(&self.0).format("%-d %b").to_string()
    }
}

/// A time.
pub fn time(pointer: impl Display, time: Option<Time>, clock: Clock) -> Markup {
    match time {
        Some(at) => {
            html! { time data-leaf=(pointer) datetime=(instant(at)) { (clock.second(at)) } }
        }
        None => leaf(pointer, UNKNOWN),
    }
}

/// A count.
pub fn count(pointer: impl Display, figure: impl Into<i64>) -> Markup {
    leaf(pointer, format::count(figure))
}

/// A number that need not be whole.
pub fn mean(pointer: impl Display, figure: f64) -> Markup {
    leaf(pointer, format!("{figure:.2}"))
}

/// A share of 1.
pub fn share(pointer: impl Display, figure: Option<f64>) -> Markup {
    leaf(pointer, format::known(figure, format::share))
}

/// A duration in hours and minutes.
pub fn duration(pointer: impl Display, seconds: f64) -> Markup {
    leaf(pointer, hours(seconds))
}

/// Seconds as hours and minutes, rounded down.
pub fn hours(seconds: f64) -> String {
    let minutes = (seconds.max(0.0) / 60.0).floor() as i64;
    format!("{}:{:02} h", format::count(minutes / 60), minutes % 60)
}

/// A text that may be absent.
pub fn text(pointer: impl Display, text: Option<&str>) -> Markup {
    leaf(pointer, text.unwrap_or(UNKNOWN))
}

/// A whole number that may be absent.
pub fn number(pointer: impl Display, figure: Option<impl Into<i64>>) -> Markup {
    leaf(pointer, format::known(figure, format::count))
}

/// A table that is as wide as it needs to be, and scrolls where the page is narrower.
pub fn wide(label: &str, table: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="group" aria-label=(label) { (table) } }
}
