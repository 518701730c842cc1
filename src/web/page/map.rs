//! The map: lines from the [`Chart`], colours and aircraft from the report.

use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};
use sectorwatch_map::{labels::Label, path_of};

use super::{
    Chart,
    chart::{DrawnSector, Labels},
    leaf,
    load::{Load, Scale},
    view::{View, level_control},
};
use crate::{
    status::{Aircraft, AircraftRadio, RadioState, SectorReport, StatusReport},
    web::format,
};

/// A dart that points up, centred on the aircraft.
const DART: &str = "M0-9 6 7 0 4-6 7z";
/// From this number of aircraft, marks of normal size would overlap.
const CROWD: usize = 400;
/// From this number of sectors, lines of normal width would hide them.
const MANY: usize = 100;
/// The class of each lettering. The style sheet shows one of them.
const WIDTHS: [&str; 3] = ["large", "medium", "narrow"];

pub fn section(report: &StatusReport, chart: Option<&Chart>, view: View) -> Markup {
    let scale = Scale::of(&report.sectors);
    html! {
        section.map aria-labelledby="map" {
            h2 #map { "Airspace" }
            @if let Some(chart) = chart {
                (level_control(view))
                (drawing(report, chart, view, scale))
                (coverage(report))
                (legend(report, scale))
            } @else {
                p { "The airspace has no lines to draw." }
            }
        }
    }
}

fn drawing(report: &StatusReport, chart: &Chart, view: View, scale: Scale) -> Markup {
    let frame = chart.frame();
    let size = format!("0 0 {:.0} {:.0}", frame.width(), frame.height());
    let figures: HashMap<&str, &SectorReport> =
        report.sectors.iter().map(|sector| (sector.name.as_str(), sector)).collect();
    let sectors = chart.sectors(view.level);
    let flights = |id: &str| figures.get(id).map_or(0, |sector| sector.occupancy);
    let all_labels = chart.labels(&sectors, flights);
    html! {
        svg.many[sectors.len() >= MANY] viewBox=(size) role="img" aria-labelledby="map-title" {
            title #map-title { "Map of the airspace: coasts, sectors by their aircraft, and each aircraft" }
            path.graticule d=(verbatim(&chart.graticule)) {}
            @if !chart.boundary.is_empty() { path.boundary d=(verbatim(&chart.boundary)) {} }
            @for sector in &sectors { (drawn(sector, figures.get(sector.id.as_ref()).copied(), scale)) }
            path.coast d=(verbatim(&chart.coast)) {}
            g.traffic.crowd[report.aircraft.len() >= CROWD] {
                @for aircraft in report.aircraft.iter() { (mark(aircraft, chart)) }
            }
            @for (labels, width) in all_labels.iter().zip(WIDTHS) {
                g.ids.(width) font-size=(labels.size) aria-hidden="true" {
                    @for id in &labels.labels { (label(id, labels)) }
                }
            }
        }
    }
}

/// A path has only letters, digits and points, and there is much of it: nothing is looked for to be escaped.
pub fn verbatim(path: &str) -> PreEscaped<&str> {
    PreEscaped(path)
}

fn drawn(sector: &DrawnSector<'_>, figures: Option<&SectorReport>, scale: Scale) -> Markup {
    let load = figures.map_or(Load::Unknown, |sector| scale.load(sector));
    let staffed_class = match figures.and_then(|sector| sector.staffed) {
        Some(true) => "staffed",
        _ => "unstaffed",
    };
    html! {
        path.sector.(load.class()).(staffed_class) d=(verbatim(&sector.path)) {
            title {
                (sector.id) " " (sector.name)
                @if let Some(figures) = figures { ": " (told_of(figures)) }
            }
        }
    }
}

/// The aircraft of a sector, its capacity, and who controls it, as text.
fn told_of(sector: &SectorReport) -> String {
    let flights = format::total(sector.occupancy);
    let told = match sector.capacity.map(u64::from) {
        None => format!("{flights} aircraft"),
        Some(capacity) => {
            let over = if sector.occupancy > capacity { ", over its capacity" } else { "" };
            format!("{flights} of {} aircraft{over}", format::total(capacity))
        }
    };
    match (&sector.controlled_by, sector.control) {
        (Some(callsign), _) => format!("{told}, controlled by {callsign}"),
        (None, Some("unknown")) => told + ", control unknown",
        (None, Some(control)) => format!("{told}, {control}"),
        (None, None) => told,
    }
}

/// The id of a sector, with a line to it where it stands outside.
pub fn label(label: &Label, labels: &Labels) -> Markup {
    let (x, y) = label.at;
    let size = (label.size != labels.size).then_some(label.size);
    html! {
        @if let Some((from, to)) = label.leader { path d=(line(from, to)) {} }
        text font-size=[size] x=(format!("{x:.0}")) y=(format!("{y:.0}")) dy="0.35em" {
            (label.id)
        }
    }
}

fn line(from: (f64, f64), to: (f64, f64)) -> String {
    let mut path = String::new();
    path_of(&mut path, &[from, to], false);
    path
}

fn mark(aircraft: &Aircraft, chart: &Chart) -> Markup {
    let position = (aircraft.longitude, aircraft.latitude);
    let (x, y) = chart.place(position);
    let heading = aircraft.heading_deg.map(f64::from);
    let place = match heading.map(|heading| chart.frame().turn(position, heading)) {
        Some(turn) => format!("translate({x:.1} {y:.1}) rotate({turn:.0})"),
        None => format!("translate({x:.1} {y:.1})"),
    };
    html! {
        g.aircraft.alone[is_alone(aircraft)] transform=(place) {
            title { (told(aircraft)) }
            @if heading.is_some() { path d=(DART) {} } @else { circle r="5" {} }
        }
    }
}

/// Whether it is known to be in contact with nobody.
fn is_alone(aircraft: &Aircraft) -> bool {
    aircraft.radio.radio == Some(RadioState::None)
}

/// The tooltip of an aircraft.
pub fn told(aircraft: &Aircraft) -> String {
    let altitude = format::count(aircraft.altitude_ft);
    let mut told = format!("{}, {altitude} ft", aircraft.callsign);
    if let Some(speed) = aircraft.groundspeed_kt {
        told += &format!(", {} kt", format::count(speed));
    }
    if let Some(sector) = &aircraft.sector {
        told += &format!(", in {sector}");
    }
    told + &told_of_radio(&aircraft.radio)
}

fn told_of_radio(radio: &AircraftRadio) -> String {
    let partner = radio.contact.as_ref().and_then(|it| Some((it.callsign.as_ref()?, it)));
    let mut told = match (radio.radio, partner) {
        (_, Some((callsign, it))) => {
            format!(", in contact with {callsign} on {}", format::megahertz(it.frequency_hz))
        }
        (Some(RadioState::Contact), None) => ", in contact".to_owned(),
        (Some(RadioState::None), None) => ", in contact with nobody".to_owned(),
        (Some(RadioState::Unknown), None) => ", contact unknown".to_owned(),
        (None, None) => String::new(),
    };
    let callsign = partner.map(|(callsign, _)| callsign.as_ref());
    let others = radio.tuned.iter().flatten().filter(|tuned| Some(tuned.as_str()) != callsign);
    let others: Vec<&str> = others.map(String::as_str).collect();
    if !others.is_empty() {
        told += &format!(", also tuned to {}", others.join(" "));
    }
    told
}

/// How many of the flights are in contact; nothing while that is not recorded.
fn coverage(report: &StatusReport) -> Markup {
    let airspace = &report.airspace;
    let count = |field: &str, figure: Option<u64>| {
        leaf(format!("/airspace/{field}"), format::known(figure, format::total))
    };
    html! {
        @if airspace.flights_in_contact.is_some() {
            p.coverage {
                "Coverage by radio now: "
                strong { (leaf("/airspace/coverage", format::known(airspace.coverage, format::share))) }
                " (" (count("flights_in_contact", airspace.flights_in_contact)) " in contact, "
                (count("flights_without_contact", airspace.flights_without_contact)) " without, "
                (count("flights_contact_unknown", airspace.flights_contact_unknown)) " unknown)"
            }
        }
    }
}

/// The marks of aircraft in contact and in contact with nobody.
fn marks() -> Markup {
    html! {
        @for (is_alone, words) in [(false, "in contact, or unknown"), (true, "in contact with nobody")] {
            li {
                svg.mark.alone[is_alone] viewBox="-9 -10 18 20" aria-hidden="true" { path d=(DART) {} }
                (words)
            }
        }
    }
}

fn legend(report: &StatusReport, scale: Scale) -> Markup {
    html! {
        p.small.scale { (scale.words()) }
        ul.legend aria-label="Legend" {
            @for load in scale.steps() {
                li { span.key.(load.class()) aria-hidden="true" {} (load.words()) }
            }
            li { span.key.line.staffed aria-hidden="true" {} "staffed" }
            @if report.airspace.flights_in_contact.is_some() { (marks()) }
        }
        p.small { "Point at a sector or an aircraft to read its name." }
        @if report.airspace.approximate {
            p.small { "The lines are approximate." }
        }
    }
}
