//! The table of sectors.

use maud::{Markup, html};

use super::leaf;
use crate::{
    status::{SectorReport, StatusReport},
    web::format,
};

/// How busy a sector is, in the steps of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Before the first cycle.
    Unknown,
    /// No flight.
    Empty,
    /// 1 to 4.
    Few,
    /// 5 to 9.
    Some,
    /// 10 to 19.
    Many,
    /// 20 and more.
    Most,
}

impl Load {
    /// The steps of the legend.
    pub const KNOWN: [Load; 5] = [Load::Empty, Load::Few, Load::Some, Load::Many, Load::Most];

    /// The load for a number of aircraft inside.
    pub fn of(occupancy: u64) -> Self {
        match occupancy {
            0 => Load::Empty,
            1..=4 => Load::Few,
            5..=9 => Load::Some,
            10..=19 => Load::Many,
            _ => Load::Most,
        }
    }

    /// The class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Load::Unknown => "load-unknown",
            Load::Empty => "load-empty",
            Load::Few => "load-few",
            Load::Some => "load-some",
            Load::Many => "load-many",
            Load::Most => "load-most",
        }
    }

    /// The text in the legend.
    pub fn words(self) -> &'static str {
        match self {
            Load::Unknown => "not known",
            Load::Empty => "empty",
            Load::Few => "1 to 4 aircraft",
            Load::Some => "5 to 9",
            Load::Many => "10 to 19",
            Load::Most => "20 and more",
        }
    }
}

pub fn section(report: &StatusReport) -> Markup {
    let span = if report.is_first_hour() { " since the start" } else { " in the last hour" };
    html! {
        section.sectors aria-labelledby="sectors" {
            h2 #sectors { "Sectors" }
            @if report.sectors.is_empty() {
                p { (none(report)) }
            } @else {
                @if report.is_first_hour() {
                    p.small.since {
                        "Entered and left are counted since the start: "
                        (leaf("/airspace/moves_since", format::time(report.airspace.moves_since)))
                    }
                }
                table {
                    thead {
                        tr {
                            th scope="col" { "sector" }
                            th.number scope="col" { "now" }
                            th.number scope="col" { "entered" span.long { (span) } }
                            th.number scope="col" { "left" span.long { (span) } }
                            th scope="col" { "staffed by" }
                        }
                    }
                    tbody {
                        @for (index, sector) in report.sectors.iter().enumerate() {
                            (row(index, sector))
                        }
                    }
                }
            }
        }
    }
}

/// Why the table is empty.
fn none(report: &StatusReport) -> &'static str {
    match report.outlines.sectors.is_empty() {
        true => "The airspace has no sectors.",
        false => "Not known before the first cycle.",
    }
}

fn row(index: usize, sector: &SectorReport) -> Markup {
    let at = |field: &str| format!("/sectors/{index}/{field}");
    let load = Load::of(sector.occupancy);
    html! {
        tr {
            th scope="row" {
                span.key.(load.class()) aria-hidden="true" {}
                (leaf(at("name"), &sector.name))
            }
            td.number { (leaf(at("occupancy"), format::total(sector.occupancy))) }
            td.number { (leaf(at("entered_last_hour"), format::total(sector.entered_last_hour))) }
            td.number { (leaf(at("left_last_hour"), format::total(sector.left_last_hour))) }
            td { (leaf(at("staffed_by"), staff(sector.staffed_by.as_deref()))) }
        }
    }
}

/// Who staffs a sector. A callsign is not broken at its hyphens.
fn staff(callsigns: Option<&[String]>) -> Markup {
    html! {
        @match callsigns {
            None => (format::UNKNOWN),
            Some([]) => "nobody",
            Some(callsigns) => {
                @for (index, callsign) in callsigns.iter().enumerate() {
                    @if index > 0 { ", " }
                    bdi { (callsign) }
                }
            }
        }
    }
}
