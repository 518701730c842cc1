//! The page of a flight: its plan, its track on the map, its profile, its visits and its contacts.

use std::sync::Arc;

use actix_web::{HttpResponse, web::Path};
use maud::{Markup, html};
use sectorwatch_core::Time;
use sectorwatch_store::api::{
    Asked, Contact, ContactFilter, Flight, PageOf, Span, Track, Visit, VisitFilter,
};

use super::{
    document::Document,
    figure::{count, leaf, number, text, time, wide},
    links::escaped,
    map::map,
    notes::Reach,
    plot::{NARROW, Titles, WIDE, profile::profile},
    sector::table_of_visits,
    view::{View, answer},
};
use crate::{
    status::Outlines,
    web::{
        format,
        problem::Problem,
        v1::{
            failure,
            request::{Request, flight_id},
        },
    },
};

/// How many rows of each list the page shows.
const ROWS: u32 = 200;

/// What the page shows.
pub struct Shown {
    /// The flight.
    pub flight: Flight,
    /// Its track.
    pub track: Track,
    /// Its first visits.
    pub visits: Vec<Visit>,
    /// Its first contacts.
    pub contacts: Vec<Contact>,
    /// The sectors around it.
    pub outlines: Arc<Outlines>,
}

/// One flight.
pub async fn flight(mut request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = flight_id(&id)?;
    let view = View::read(&mut request)?;
    let reads = request.api()?.reads;
    let flight = reads.flight(id, false).await.map_err(failure::problem)?;
    let track = reads.track(id).await.map_err(failure::problem)?.data;
    let all = Asked::everything();
    let filter = VisitFilter { flight_id: Some(id), ..VisitFilter::of(all) };
    let visits = reads.visits(filter, PageOf::first(ROWS)).await.map_err(failure::problem)?;
    let filter = ContactFilter { flight_id: Some(id), ..ContactFilter::of(all) };
    let contacts = reads.contacts(filter, PageOf::first(ROWS)).await.map_err(failure::problem)?;
    let outlines = Arc::clone(&request.state.status.load().airspace.outlines);
    let (visits, contacts) = (visits.data.rows, contacts.data.rows);
    let mark = flight.facts.mark;
    let shown = Shown { flight: flight.data, track, visits, contacts, outlines };
    answer(&request, move || page(&shown, &view, mark)).await
}

/// The whole page.
pub fn page(shown: &Shown, view: &View, mark: Option<Time>) -> Markup {
    let one = format!("/api/v1/flights/{}", shown.flight.id);
    let (track, visits) = (format!("{one}/track"), format!("{one}/visits?limit={ROWS}"));
    let contacts = format!("{one}/contacts?limit={ROWS}");
    let body = html! {
        (plan(&shown.flight, &one, view))
        section data-source=(track) { h2 { "Track" } (flown(shown, view)) }
        section data-source=(visits) {
            h2 { "Visits to sectors" }
            @if shown.visits.is_empty() { p { "It was in no sector, as far as is stored." } }
            @else { (wide("Visits to sectors", &table_of_visits(&shown.visits, view))) }
        }
        section data-source=(contacts) {
            h2 { "Contact by radio" }
            @if shown.contacts.is_empty() { p { "Nothing is stored of its radio." } }
            @else { (wide("Contact by radio", &table_of_contacts(&shown.contacts, view))) }
        }
    };
    let path = format!("/flights/{}", shown.flight.id);
    let reach = Reach { span: Span { from: None, to: None }, mark, begins: None };
    let title = format!("Flight {}", shown.flight.callsign);
    let sources = vec![one, track, visits, contacts];
    Document { title, path: &path, view, reach, has_span: false, sources, body }.markup()
}

fn plan(flight: &Flight, source: &str, view: &View) -> Markup {
    let airport = |member: &str, icao: Option<&str>| match icao.filter(|icao| !icao.is_empty()) {
        Some(icao) => html! {
            a href=(format!("/airports/{}", escaped(icao))) { (leaf(format!("/data/{member}"), icao)) }
        },
        None => text(format!("/data/{member}"), None),
    };
    let facts = [
        ("from", airport("departure", flight.departure.as_deref())),
        ("to", airport("arrival", flight.arrival.as_deref())),
        ("aircraft", text("/data/aircraft_short", flight.aircraft_short.as_deref())),
        ("rules", text("/data/flight_rules", flight.flight_rules.as_deref())),
        ("planned altitude, ft", number("/data/planned_altitude_ft", flight.planned_altitude_ft)),
        ("route", text("/data/route", flight.route.as_deref())),
        ("altitude, ft", count("/data/altitude", flight.altitude)),
        ("groundspeed, kt", number("/data/groundspeed", flight.groundspeed)),
        ("first seen", time("/data/first_seen", Some(flight.first_seen), view.clock)),
        ("last seen", time("/data/last_seen", Some(flight.last_seen), view.clock)),
    ];
    html! {
        div.facts {
            section data-source=(source) {
                h2 { "Plan and latest state" }
                dl { @for (name, figure) in &facts { div { dt { (name) } dd { (figure) } } } }
            }
        }
    }
}

/// The map, the profiles and the positions; what is missing of them in words.
fn flown(shown: &Shown, view: &View) -> Markup {
    let (track, clock) = (&shown.track, view.clock);
    let positions: Vec<_> = track.points.iter().map(|it| (it.longitude, it.latitude)).collect();
    let desc = format!("The track of {} with coasts and sectors.", shown.flight.callsign);
    let altitudes: Vec<_> = track.points.iter().map(|it| (it.observed_at, it.altitude)).collect();
    let speeds = track.points.iter().filter_map(|it| Some((it.observed_at, it.groundspeed?)));
    let speeds: Vec<_> = speeds.collect();
    let since = track.positions_since;
    let is_cut = since.is_none_or(|since| shown.flight.first_seen < since);
    html! {
        @if positions.is_empty() { p { "None of its positions is stored any more." } }
        @if is_cut && !positions.is_empty() {
            p.notice {
                "Positions are kept since " (time("/data/positions_since", since, clock))
                "; earlier ones of this flight have been deleted."
            }
        }
        @if let Some(map) = map(&positions, &shown.outlines, &desc) { (map) }
        @for (name, unit, points) in [("Altitude", "ft", &altitudes), ("Groundspeed", "kt", &speeds)] {
            @let titles = profile_titles(name, unit, points);
            @if let Some(plot) = profile(&[WIDE, NARROW], &titles, clock, points) {
                figure { figcaption { (name) ", " (unit) } (plot) }
            }
        }
        @if !positions.is_empty() { details { summary { "All positions" } (table_of_points(track, view)) } }
    }
}

fn profile_titles(name: &str, unit: &str, points: &[(Time, i32)]) -> Titles {
    let most = points.iter().map(|(_, figure)| *figure).max();
    Titles {
        title: format!("{name} over time"),
        desc: format!("At most {} {unit}.", format::known(most, format::count)),
    }
}

fn table_of_points(track: &Track, view: &View) -> Markup {
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "observed" }
                @for name in ["latitude", "longitude", "altitude, ft", "groundspeed, kt", "heading"] {
                    th.number scope="col" { (name) }
                }
            } }
            tbody { @for (index, point) in track.points.iter().enumerate() {
                @let at = |member: &str| format!("/data/points/{index}/{member}");
                tr {
                    th scope="row" { (time(at("observed_at"), Some(point.observed_at), view.clock)) }
                    td.number { (leaf(at("latitude"), format!("{:.4}", point.latitude))) }
                    td.number { (leaf(at("longitude"), format!("{:.4}", point.longitude))) }
                    td.number { (count(at("altitude"), point.altitude)) }
                    td.number { (number(at("groundspeed"), point.groundspeed)) }
                    td.number { (number(at("heading"), point.heading)) }
                }
            } }
        }
    };
    wide("All positions", &table)
}

fn table_of_contacts(contacts: &[Contact], view: &View) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "from" }
                th scope="col" { "to" }
                th scope="col" { "state" }
                th scope="col" { "controller" }
                th.number scope="col" { "frequency, MHz" }
            } }
            tbody { @for (index, contact) in contacts.iter().enumerate() {
                @let at = |member: &str| format!("/data/{index}/{member}");
                tr {
                    th scope="row" { (time(at("from_timestamp"), Some(contact.from_timestamp), view.clock)) }
                    td { (time(at("to_timestamp"), contact.to_timestamp, view.clock)) }
                    td { (leaf(at("state"), &contact.state)) }
                    td { (text(at("controller_callsign"), contact.controller_callsign.as_deref())) }
                    td.number { (leaf(at("frequency_hz"), format::known(contact.frequency_hz, format::megahertz))) }
                }
            } }
        }
    }
}
