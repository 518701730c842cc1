//! The page of an airport: its movements by hour, and each of them.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web::Path};
use chrono::{DurationRound as _, TimeDelta};
use maud::{Markup, html};
use sectorwatch_core::Time;
use sectorwatch_store::api::{Movement, MovementFilter, PageOf, Read};

use super::{
    document::Document,
    figure::{leaf, time, wide},
    links::{bounds, escaped, with},
    notes::Reach,
    plot::{
        NARROW, Titles, WIDE,
        bars::{Hour, bars},
    },
    view::{View, answer, reach},
};
use crate::web::{
    format,
    problem::Problem,
    v1::{failure, movements::code_of, request::Request},
};

/// How many movements the page shows.
const ROWS: u32 = 1_000;

/// What the page shows.
pub struct Shown {
    /// The airport's code.
    pub icao: String,
    /// The first movements of the span.
    pub movements: Vec<Movement>,
    /// Whether there are more.
    pub is_more: bool,
}

/// One airport.
pub async fn airport(mut request: Request, icao: Path<String>) -> Result<HttpResponse, Problem> {
    let icao = code_of(&icao)?;
    let view = View::read(&mut request)?;
    let api = request.api()?;
    let is_configured = api.has_airport(&icao);
    let filter = MovementFilter {
        icao: Some(icao.clone()),
        is_configured,
        ..MovementFilter::of(view.asked)
    };
    let movements = api.reads.movements(filter, PageOf::first(ROWS)).await;
    let Read { data: movements, facts } = movements.map_err(failure::problem)?;
    let reach = reach(&request, &facts).await?;
    let is_more = movements.next.is_some();
    let shown = Shown { icao, movements: movements.rows, is_more };
    answer(&request, move || page(&shown, &view, reach)).await
}

/// The whole page.
pub fn page(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let icao = escaped(&shown.icao);
    let limit = [("limit", ROWS.to_string())];
    let parameters: Vec<_> = bounds(reach.span).into_iter().chain(limit).collect();
    let source = with(&format!("/api/v1/airports/{icao}/movements"), &parameters);
    let body = html! {
        section data-source=(source) {
            h2 { "Movements by hour" }
            @if shown.movements.is_empty() { p { "No movement of this span is stored." } }
            @else { (movements(shown, view, reach)) }
            @if shown.is_more { p { "The first " (ROWS) " are shown and counted; the API has all of them." } }
        }
    };
    let (title, path) = (format!("Airport {}", shown.icao), format!("/airports/{icao}"));
    let sources = vec![source];
    Document { title, path: &path, view, reach, has_span: true, sources, body }.markup()
}

fn movements(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let hours = by_hour(&shown.movements);
    let titles = Titles {
        title: format!("Movements at {} by hour", shown.icao),
        desc: format!(
            "{} movements; the tables have them by hour and each.",
            shown.movements.len()
        ),
    };
    html! {
        @if let Some((from, to)) = reach.span.from.zip(reach.span.to) {
            figure {
                (bars(&[WIDE, NARROW], &titles, (from, to), view.clock, &hours))
                figcaption.small { "Below: departures. Above them: arrivals, with go-arounds and touch-and-goes." }
            }
        }
        details { summary { "Movements by hour" } (wide("Movements by hour", &table_of_hours(&hours, view))) }
        details { summary { "All movements" } (wide("All movements", &table(&shown.movements, view))) }
    }
}

/// Departures and all others by hour. Hours without any are left out.
fn by_hour(movements: &[Movement]) -> Vec<Hour> {
    let mut hours: BTreeMap<Time, (u64, u64)> = BTreeMap::new();
    for movement in movements {
        let hour = movement.at.duration_trunc(TimeDelta::hours(1)).unwrap_or(movement.at);
        let (departures, others) = hours.entry(hour).or_default();
        *(if movement.kind == "takeoff" { departures } else { others }) += 1;
    }
    hours.into_iter().map(|(hour, (departures, others))| (hour, departures, others)).collect()
}

/// Counts of rows have no place of their own in the answer: they name the list that they count.
fn table_of_hours(hours: &[Hour], view: &View) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "hour from" }
                th.number scope="col" { "departures" }
                th.number scope="col" { "arrivals and others" }
            } }
            tbody { @for (hour, departures, others) in hours {
                tr {
                    th scope="row" { (view.clock.minute(*hour)) }
                    td.number data-count="/data" { (format::total(*departures)) }
                    td.number data-count="/data" { (format::total(*others)) }
                }
            } }
        }
    }
}

fn table(movements: &[Movement], view: &View) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "at" }
                th scope="col" { "flight" }
                th scope="col" { "movement" }
            } }
            tbody { @for (index, movement) in movements.iter().enumerate() {
                @let at = |member: &str| format!("/data/{index}/{member}");
                tr {
                    th scope="row" { (time(at("at"), Some(movement.at), view.clock)) }
                    td { a href=(format!("/flights/{}", movement.flight_id)) { (leaf(at("callsign"), &movement.callsign)) } }
                    td { (leaf(at("kind"), &movement.kind)) }
                }
            } }
        }
    }
}
