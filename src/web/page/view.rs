//! What a reader chose on the page, and the control and links that change it.

use maud::{Markup, html};

use crate::web::level::FlightLevel;

/// What a reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Whether the page refreshes itself.
    pub refreshes: bool,
    /// The level whose sectors are drawn; `None` for all.
    pub level: Option<FlightLevel>,
}

impl View {
    /// The link to this view, relative to the page.
    pub fn href(self) -> String {
        let refresh = if self.refreshes { "" } else { "&refresh=off" };
        match self.level {
            Some(level) => format!("?format=html&fl={}{refresh}", level.number()),
            None => format!("?format=html{refresh}"),
        }
    }
}

/// The control of the level: a form, which needs no script.
pub fn level_control(view: View) -> Markup {
    let number = view.level.map(FlightLevel::number);
    html! {
        form.level {
            input type="hidden" name="format" value="html";
            @if !view.refreshes { input type="hidden" name="refresh" value="off"; }
            label for="fl" { "Flight level" }
            input #fl type="number" name="fl" min="0" max=(FlightLevel::HIGHEST) step="1"
                value=[number] placeholder="all";
            button { "Show" }
            @match number {
                Some(number) => {
                    span { "Drawn: the sectors that contain FL " (number) ", smaller ones above. " }
                    a href=(View { level: None, ..view }.href()) { "All levels" }
                }
                None => span { "Drawn: all levels, smaller sectors above larger ones." }
            }
        }
    }
}
