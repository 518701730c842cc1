//! The frame of a page: its head, the control of its span and time zone, and what is said of missing data.

use maud::{DOCTYPE, Markup, html};

use super::{
    figure::Clock,
    links::{bounds, with},
    notes::Reach,
    view::{SPANS, View},
};
use crate::web::page::style_sheet;

/// A page without its frame.
pub struct Document<'a> {
    /// What it is of.
    pub title: String,
    /// Its path.
    pub path: &'a str,
    /// How it is looked at.
    pub view: &'a View,
    /// What it was read at.
    pub reach: Reach,
    /// Whether its span can be chosen.
    pub has_span: bool,
    /// The answers of the API that it shows.
    pub sources: Vec<String>,
    /// The sections.
    pub body: Markup,
}

impl Document<'_> {
    /// The whole document.
    pub fn markup(&self) -> Markup {
        let clock = self.view.clock;
        let notes = if self.has_span { self.reach.notes(clock) } else { Vec::new() };
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    (meta())
                    title { (self.title) " · sectorwatch" }
                    (style_sheet())
                    @for source in &self.sources {
                        link rel="alternate" type="application/json" href=(source);
                    }
                }
                body {
                    header {
                        div.name { h1 { (self.title) } (places()) }
                        p.clock { (standing(self.reach, clock)) " Times are of " (clock.0.name()) "." }
                    }
                    main {
                        (self.control())
                        @for note in &notes { p.notice { (note) } }
                        (self.body)
                    }
                    footer {
                        p { "The same for programs, as the API answers it:" }
                        ul.alternates {
                            @for source in &self.sources { li { a href=(source) { code { (source) } } } }
                        }
                        p.small { "Not affiliated with VATSIM; not for navigation." }
                    }
                }
            }
        }
    }

    /// Links to spans, and a form for any other span and for the time zone.
    fn control(&self) -> Markup {
        let zone = self.view.zone();
        let given = bounds(self.reach.span);
        let value = |name: &str| given.iter().find(|(n, _)| *n == name).map(|(_, it)| it.as_str());
        let link = |span: &str| {
            let zone = Some(("tz", zone.clone())).filter(|(_, zone)| zone != "UTC");
            let parameters: Vec<_> = [("span", span.to_owned())].into_iter().chain(zone).collect();
            with(self.path, &parameters)
        };
        html! {
            nav.spans aria-label="Span and time zone" {
                @if self.has_span {
                    ul {
                        @for (span, words, _) in SPANS {
                            li {
                                @if self.view.span == Some(span) { strong aria-current="true" { (words) } }
                                @else { a href=(link(span)) { (words) } }
                            }
                        }
                    }
                }
                form.level {
                    @if self.has_span {
                        @for (name, words) in [("from", "From"), ("to", "To")] {
                            label for=(name) { (words) }
                            input id=(name) name=(name) required value=[value(name)];
                        }
                    }
                    label for="tz" { "Time zone" }
                    input #tz name="tz" required value=(zone);
                    button { "Show" }
                }
            }
        }
    }
}

/// The mark in words.
fn standing(reach: Reach, clock: Clock) -> String {
    match reach.mark {
        Some(mark) => format!("As of {}.", clock.second(mark)),
        None => "Nothing is stored yet.".to_owned(),
    }
}

/// What stands in the head of each page.
pub fn meta() -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="dark light";
        link rel="icon" href="data:,";
    }
}

/// Links to all pages that need no id.
pub fn places() -> Markup {
    html! {
        nav.places aria-label="Pages" {
            a href="/" { "Status" } " · "
            a href="/sectors" { "Sectors" } " · "
            a href="/controllers" { "Controllers" } " · "
            a href="/coverage" { "Coverage" } " · "
            a href="/api/docs" { "API" }
        }
    }
}
