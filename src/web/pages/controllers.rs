//! The page of controllers: their sessions as a timeline, and their hours by day.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use maud::{Markup, html};
use sectorwatch_core::Time;
use sectorwatch_store::api::{Hours, HoursFilter, PageOf, Read, Session, SessionFilter};

use super::{
    document::Document,
    figure::{count, duration, leaf, time, wide},
    links::{bounds, with},
    notes::Reach,
    plot::{
        NARROW, Titles, WIDE,
        timeline::{Row, timeline},
    },
    view::{View, answer, pinned, reach},
};
use crate::web::{
    problem::Problem,
    v1::{failure, request::Request},
};

/// How many rows of each list the page shows.
const ROWS: u32 = 500;
/// How many callsigns the timeline has.
const CALLSIGNS: usize = 60;

/// What the page shows.
pub struct Shown {
    /// The first sessions of the span.
    pub sessions: Vec<Session>,
    /// The first hours of the span.
    pub hours: Vec<Hours>,
    /// Whether there are more sessions or hours.
    pub is_more: (bool, bool),
}

/// Controllers.
pub async fn controllers(mut request: Request) -> Result<HttpResponse, Problem> {
    let view = View::read(&mut request)?;
    let reads = request.api()?.reads;
    let sessions = reads.sessions(SessionFilter::of(view.asked), PageOf::first(ROWS)).await;
    let Read { data: sessions, facts } = sessions.map_err(failure::problem)?;
    // No page has a member of VATSIM.
    let filter = HoursFilter {
        span: pinned(&facts),
        zone: view.zone(),
        callsign: None,
        cid: None,
        personal: false,
    };
    let hours = reads.hours(filter, PageOf::first(ROWS)).await.map_err(failure::problem)?.data;
    let reach = reach(&request, &facts).await?;
    let is_more = (sessions.next.is_some(), hours.next.is_some());
    let shown = Shown { sessions: sessions.rows, hours: hours.rows, is_more };
    answer(&request, move || page(&shown, &view, reach)).await
}

/// The whole page.
pub fn page(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let source = |path: &str, zone: Option<String>| {
        let rest = [("limit", ROWS.to_string())].into_iter().chain(zone.map(|zone| ("tz", zone)));
        with(path, &bounds(reach.span).into_iter().chain(rest).collect::<Vec<_>>())
    };
    let sessions = source("/api/v1/controllers/sessions", None);
    let hours = source("/api/v1/controllers/hours", Some(view.zone()));
    let (more_sessions, more_hours) = shown.is_more;
    let body = html! {
        section data-source=(sessions) {
            h2 { "Sessions" }
            @if shown.sessions.is_empty() { p { "No session of this span is stored." } }
            @else { (sessions_of(shown, view, reach)) }
            @if more_sessions { (cut()) }
        }
        section data-source=(hours) {
            h2 { "Hours by day" }
            @if shown.hours.is_empty() { p { "No hours of this span are stored." } }
            @else { (wide("Hours by day", &table_of_hours(&shown.hours))) }
            @if more_hours { (cut()) }
        }
    };
    let (title, path, sources) = ("Controllers".to_owned(), "/controllers", vec![sessions, hours]);
    Document { title, path, view, reach, has_span: true, sources, body }.markup()
}

fn cut() -> Markup {
    html! { p { "The first " (ROWS) " are shown; the API has all of them." } }
}

fn sessions_of(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let rows = by_callsign(&shown.sessions);
    let is_more = rows.len() > CALLSIGNS;
    let rows = &rows[..rows.len().min(CALLSIGNS)];
    let titles = Titles {
        title: "Sessions of controllers by callsign".to_owned(),
        desc: format!("{} callsigns; the table has their sessions.", rows.len()),
    };
    html! {
        @if let Some((from, to)) = reach.span.from.zip(reach.span.to) {
            figure { (timeline(&[WIDE, NARROW], &titles, (from, to), view.clock, rows)) }
        }
        @if is_more { p { "The timeline has the first " (CALLSIGNS) " callsigns." } }
        details { summary { "All sessions" } (wide("Sessions", &table_of_sessions(&shown.sessions, view))) }
    }
}

/// The sessions of each callsign, in the order of callsigns.
fn by_callsign(sessions: &[Session]) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Vec<(Time, Time)>> = BTreeMap::new();
    for session in sessions {
        rows.entry(&session.callsign).or_default().push((session.started_at, session.ended_at));
    }
    rows.into_iter().map(|(callsign, sessions)| (callsign.to_owned(), sessions)).collect()
}

fn table_of_sessions(sessions: &[Session], view: &View) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "callsign" }
                th scope="col" { "from" }
                th scope="col" { "to" }
                th.number scope="col" { "duration" }
                th.number scope="col" { "connections" }
            } }
            tbody { @for (index, session) in sessions.iter().enumerate() {
                @let at = |member: &str| format!("/data/{index}/{member}");
                tr {
                    th scope="row" { (leaf(at("callsign"), &session.callsign)) }
                    td { (time(at("started_at"), Some(session.started_at), view.clock)) }
                    td { (time(at("ended_at"), Some(session.ended_at), view.clock)) }
                    td.number { (duration(at("duration_seconds"), session.duration_seconds)) }
                    td.number { (count(at("connections"), session.connections)) }
                }
            } }
        }
    }
}

fn table_of_hours(hours: &[Hours]) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "day" }
                th scope="col" { "callsign" }
                th.number scope="col" { "facility" }
                th.number scope="col" { "hours" }
            } }
            tbody { @for (index, row) in hours.iter().enumerate() {
                @let at = |member: &str| format!("/data/{index}/{member}");
                tr {
                    td { (leaf(at("day"), row.day.to_string())) }
                    th scope="row" { (leaf(at("callsign"), &row.callsign)) }
                    td.number { (count(at("facility"), row.facility)) }
                    td.number { (duration(at("seconds"), row.seconds)) }
                }
            } }
        }
    }
}
