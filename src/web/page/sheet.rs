//! The chart of an airspace as a file of its own, which needs nothing else: `check-airspace --svg`.

use maud::{Markup, html};

use super::{Chart, chart::DrawnSector, map};
use crate::{
    status::{Outlines, Position},
    web::format,
};
use sectorwatch_core::airspace::{Airspace, Sector, Volume};

/// The colours of the page for people who like light ones.
const STYLE: &str = "\
svg { background: #eaf0f3; font-family: sans-serif; }\n\
.graticule { fill: none; stroke: #dbe4e9; }\n\
.boundary { fill: none; stroke: #8ba0ad; stroke-width: 2.5; }\n\
.sector { fill: #fff; fill-opacity: .45; stroke: #6d8693; stroke-width: 1.2; stroke-linejoin: round; }\n\
.coast { fill: none; stroke: #6f828d; pointer-events: none; }\n\
.sector:hover { fill: #ffe9a8; }\n\
.ids { pointer-events: none; }\n\
.ids text { fill: #14212b; text-anchor: middle; paint-order: stroke; stroke: #fff; stroke-width: .24em; stroke-opacity: .85; }\n\
.ids path { fill: none; stroke: #53646f; }\n\
.point { fill: #c22; stroke: #fff; stroke-width: 2; }\n";

/// A point to mark, and what is said of it.
pub type MarkedPoint = (Position, String);

/// The document: sectors with their limits and owners as titles, the largest first, coasts, ids, and points. Empty
/// for an airspace without lines.
pub fn svg(airspace: &Airspace, points: &[MarkedPoint]) -> String {
    let Some(chart) = Chart::of(&Outlines::of(airspace)) else { return String::new() };
    let frame = chart.frame();
    let size = (format!("{:.0}", frame.width()), format!("{:.0}", frame.height()));
    let sectors = chart.sectors(None);
    // Nobody flies in a file, so that the largest have their labels first.
    let [labels, ..] = chart.labels(&sectors, |_| 0);
    let view = format!("0 0 {} {}", size.0, size.1);
    let drawing = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(view) width=(size.0) height=(size.1) {
            title { "Airspace " (airspace.revision()) }
            style { (STYLE) }
            path.graticule d=(map::verbatim(&chart.graticule)) {}
            @if !chart.boundary.is_empty() { path.boundary d=(map::verbatim(&chart.boundary)) { title { "boundary" } } }
            @for shape in &sectors { (sector(shape, airspace.sector(shape.id))) }
            path.coast d=(map::verbatim(&chart.coast)) {}
            g.ids font-size=(labels.size) { @for id in &labels.labels { (map::label(id, &labels)) } }
            @for (position, title) in points { (point(chart.place(*position), title)) }
        }
    };
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", drawing.into_string());
    // An id may have any letter that no control character is; two of them are none in XML.
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn sector(shape: &DrawnSector<'_>, sector: Option<&Sector>) -> Markup {
    html! {
        path.sector d=(map::verbatim(&shape.path)) {
            title {
                (shape.id) " " (shape.name)
                @for volume in sector.map_or(&[][..], |sector| &sector.volumes) { "\n" (limits(volume)) }
                @if let Some(sector) = sector.filter(|it| !it.owners.is_empty()) {
                    "\nowners " (sector.owners.join(" "))
                }
            }
        }
    }
}

fn limits(volume: &Volume) -> String {
    let feet = |limit: Option<f64>| match limit {
        // Beyond 2^63 feet the largest number will do.
        Some(feet) => format!("{} ft", format::count(feet.round() as i64)),
        None => "unlimited".to_owned(),
    };
    let limits = format!("{} to {}", feet(volume.floor_ft), feet(volume.ceiling_ft));
    match &volume.active_when {
        Some(when) => format!("{limits} ({when})"),
        None => limits,
    }
}

fn point((x, y): (f64, f64), title: &str) -> Markup {
    html! {
        circle.point cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="5" { title { (title) } }
    }
}
