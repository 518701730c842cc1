//! The picture of the airspace: its lines from the [`Chart`], colours and aircraft from the report.

use maud::{Markup, html};

use super::{Chart, chart::SectorShape, sectors::Load};
use crate::{
    poller::status::{Aircraft, SectorReport, StatusReport},
    web::shown,
};

/// A dart that points up, around the place of the aircraft.
const DART: &str = "M0-9 6 7 0 4-6 7z";
/// More ids than these would hide the picture.
const MOST_LABELS: usize = 60;

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
            @if chart.sectors.len() <= MOST_LABELS {
                @for shape in &chart.sectors { (label(shape)) }
            }
            g.traffic {
                @for aircraft in report.aircraft.iter() { (mark(aircraft, chart)) }
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
                @if let Some(sector) = figures { ": " (shown::total(sector.occupancy)) " aircraft" }
            }
        }
    }
}

fn label(shape: &SectorShape) -> Markup {
    let (x, y) = shape.label;
    let (class, below) = if shape.is_wide { ("wide", "0.35em") } else { ("small", "1em") };
    html! {
        text.(class) x=(format!("{x:.0}")) y=(format!("{y:.0}")) dy=(below) { (shape.id) }
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

/// What the mark says when it is pointed at.
pub fn told(aircraft: &Aircraft) -> String {
    let altitude = shown::count(aircraft.altitude_ft);
    let mut told = format!("{}, {altitude} ft", aircraft.callsign);
    if let Some(speed) = aircraft.groundspeed_kt {
        told += &format!(", {} kt", shown::count(speed));
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
