//! The table of sectors.

use maud::{Markup, html};

use super::{leaf, load::Scale};
use crate::{
    status::{SectorReport, StatusReport},
    web::format,
};

/// A table of more sectors than these leaves out those in which nothing happens.
const LONG: usize = 100;

pub fn section(report: &StatusReport) -> Markup {
    let span = if report.is_first_hour() { " since the start" } else { " in the last hour" };
    let rows = rows(&report.sectors);
    let left_out = report.sectors.len() - rows.len();
    let scale = Scale::of(&report.sectors);
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
                @if left_out > 0 {
                    p.small {
                        "The busiest first. Left out: " (format::total(left_out as u64))
                        " sectors without aircraft, moves and controllers."
                    }
                }
                @if !rows.is_empty() { (table(&rows, span, scale)) }
            }
        }
    }
}

/// The sectors of the table, each with its index in the status: all in the order of the file, or of a long
/// list those in which something happens, the busiest first.
fn rows(sectors: &[SectorReport]) -> Vec<(usize, &SectorReport)> {
    let rows = sectors.iter().enumerate();
    if sectors.len() <= LONG {
        return rows.collect();
    }
    let is_staffed = |sector: &SectorReport| sector.staffed == Some(true);
    let happens = |sector: &SectorReport| {
        let moves = sector.entered_last_hour + sector.left_last_hour;
        sector.occupancy > 0 || moves > 0 || is_staffed(sector)
    };
    let mut rows: Vec<_> = rows.filter(|(_, sector)| happens(sector)).collect();
    rows.sort_by_key(|(_, sector)| std::cmp::Reverse(sector.occupancy));
    rows
}

/// Why the table is empty.
fn none(report: &StatusReport) -> &'static str {
    match report.outlines.sectors.is_empty() {
        true => "The airspace has no sectors.",
        false => "Not known before the first cycle.",
    }
}

fn table(rows: &[(usize, &SectorReport)], span: &str, scale: Scale) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "sector" }
                    th.number scope="col" { "now" }
                    th.number scope="col" { "entered" span.long { (span) } }
                    th.number scope="col" { "left" span.long { (span) } }
                    th scope="col" { "controlled by" }
                }
            }
            tbody {
                @for (index, sector) in rows { (row(*index, sector, scale)) }
            }
        }
    }
}

fn row(index: usize, sector: &SectorReport, scale: Scale) -> Markup {
    let at = |field: &str| format!("/sectors/{index}/{field}");
    let load = scale.load(sector);
    html! {
        tr {
            th scope="row" {
                span.key.(load.class()) aria-hidden="true" {}
                (leaf(at("name"), &sector.name))
            }
            td.number {
                (leaf(at("occupancy"), format::total(sector.occupancy)))
                @if let Some(capacity) = sector.capacity {
                    " of " (leaf(at("capacity"), format::total(capacity.into())))
                }
            }
            td.number { (leaf(at("entered_last_hour"), format::total(sector.entered_last_hour))) }
            td.number { (leaf(at("left_last_hour"), format::total(sector.left_last_hour))) }
            td { (control(index, sector)) }
        }
    }
}

/// Who controls a sector, as which of its owners, and who else is on one.
fn control(index: usize, sector: &SectorReport) -> Markup {
    let at = |field: &str| format!("/sectors/{index}/{field}");
    let staff = sector.staffed_by.as_deref().unwrap_or_default();
    let others = staff.iter().any(|callsign| sector.controlled_by.as_ref() != Some(callsign));
    html! {
        @match (&sector.controlled_by, sector.owner_rank) {
            (Some(callsign), Some(rank)) => {
                (leaf(at("controlled_by"), html! { bdi { (callsign) } }))
                " · "
                span.small.rank { (leaf(at("owner_rank"), format::ordinal(rank))) " of its owners" }
            }
            _ => (leaf(at("control"), format::known(sector.control, str::to_owned))),
        }
        @if others {
            span.small.staff { "staffed by " (leaf(at("staffed_by"), callsigns(staff))) }
        }
    }
}

/// A callsign is not broken at its hyphens.
fn callsigns(callsigns: &[String]) -> Markup {
    html! {
        @for (index, callsign) in callsigns.iter().enumerate() {
            @if index > 0 { ", " }
            bdi { (callsign) }
        }
    }
}
