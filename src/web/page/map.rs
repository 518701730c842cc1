//! The map: lines from the [`Chart`], colours and aircraft from the report.

use maud::{Markup, html};

use super::{
    Chart,
    chart::{Label, SectorShape},
    sectors::Load,
};
use crate::{
    status::{Aircraft, SectorReport, StatusReport},
    web::format,
};

/// A dart that points up, centred on the aircraft.
const DART: &str = "M0-9 6 7 0 4-6 7z";
/// From this number of aircraft, marks of normal size would overlap.
const CROWD: usize = 400;
/// The class of each lettering. The style sheet hides one of them.
const WIDTHS: [&str; 2] = ["wide", "narrow"];

pub fn section(report: &StatusReport, chart: &Chart) -> Markup {
    html! {
        section.map aria-labelledby="map" {
            h2 #map { "Airspace" }
            @if chart.is_empty() {
                p { "The airspace has no lines to draw." }
            } @else {
                (drawing(report, chart))
                (legend(report))
            }
        }
    }
}

fn drawing(report: &StatusReport, chart: &Chart) -> Markup {
    let view = format!("0 0 {:.0} {:.0}", chart.width(), chart.height);
    let of = |id: &str| report.sectors.iter().find(|sector| sector.name == id);
    html! {
        svg viewBox=(view) role="img" aria-labelledby="map-title" {
            title #map-title { "Map of the airspace: sectors by their aircraft, and each aircraft" }
            path.graticule d=(chart.graticule) {}
            @if !chart.boundary.is_empty() { path.boundary d=(chart.boundary) {} }
            @for shape in &chart.sectors { (sector(shape, of(&shape.id))) }
            g.traffic.crowd[report.aircraft.len() >= CROWD] {
                @for aircraft in report.aircraft.iter() { (mark(aircraft, chart)) }
            }
            @for (labels, width) in chart.labels.iter().zip(WIDTHS) {
                g.ids.(width) aria-hidden="true" { @for id in labels { (label(id)) } }
            }
        }
    }
}

fn sector(shape: &SectorShape, figures: Option<&SectorReport>) -> Markup {
    let load = figures.map_or(Load::Unknown, |sector| Load::of(sector.occupancy));
    let staffed = figures.and_then(|sector| sector.staffed);
    let staffed_class = match staffed {
        Some(true) => "staffed",
        _ => "unstaffed",
    };
    html! {
        path.sector.(load.class()).(staffed_class) d=(shape.path) fill-rule="evenodd" {
            title {
                (shape.id) " " (shape.name)
                @if let Some(sector) = figures { ": " (format::total(sector.occupancy)) " aircraft" }
            }
        }
    }
}

/// The id of a sector, with a line to it where it stands outside.
pub fn label(label: &Label) -> Markup {
    let (x, y) = label.at;
    html! {
        @if let Some(((from_x, from_y), (to_x, to_y))) = label.leader {
            path d=(format!("M{from_x:.0} {from_y:.0}L{to_x:.0} {to_y:.0}")) {}
        }
        text font-size=(label.size) x=(format!("{x:.0}")) y=(format!("{y:.0}")) dy="0.35em" {
            (label.id)
        }
    }
}

fn mark(aircraft: &Aircraft, chart: &Chart) -> Markup {
    let position = (aircraft.longitude, aircraft.latitude);
    let (x, y) = chart.place(position);
    let heading = aircraft.heading_deg.map(f64::from);
    let place = match heading.map(|heading| chart.turn(position, heading)) {
        Some(turn) => format!("translate({x:.1} {y:.1}) rotate({turn:.0})"),
        None => format!("translate({x:.1} {y:.1})"),
    };
    html! {
        g.aircraft transform=(place) {
            title { (told(aircraft)) }
            @if heading.is_some() { path d=(DART) {} } @else { circle r="5" {} }
        }
    }
}

/// The tooltip of an aircraft.
pub fn told(aircraft: &Aircraft) -> String {
    let altitude = format::count(aircraft.altitude_ft);
    let mut told = format!("{}, {altitude} ft", aircraft.callsign);
    if let Some(speed) = aircraft.groundspeed_kt {
        told += &format!(", {} kt", format::count(speed));
    }
    match &aircraft.sector {
        Some(sector) => told + ", in " + sector,
        None => told,
    }
}

fn legend(report: &StatusReport) -> Markup {
    html! {
        ul.legend aria-label="Legend" {
            @for load in Load::KNOWN {
                li { span.key.(load.class()) aria-hidden="true" {} (load.words()) }
            }
            li { span.key.line.staffed aria-hidden="true" {} "staffed" }
        }
        @if report.airspace.approximate {
            p.small { "The lines are approximate." }
        }
    }
}
