//! The page of a sector: its state, its load step by step, and who visited it.

use actix_web::{HttpResponse, web::Path};
use maud::{Markup, html};
use sectorwatch_store::api::{Occupancy, PageOf, Read, Visit, VisitFilter};

use super::{
    document::Document,
    figure::{count, leaf, mean, number, share, text, time, wide},
    links::{bounds, escaped, with},
    notes::Reach,
    plot::{NARROW, WIDE},
    sectors::{drawn, figure, occupancy_of},
    view::{View, answer, pinned, reach},
};
use crate::web::{
    problem::Problem,
    v1::{
        failure,
        request::Request,
        sectors::{SectorRow, possible},
    },
};

/// How many visits the page lists.
const VISITS: u32 = 50;

/// What the page shows.
pub struct Shown {
    /// The sector.
    pub row: SectorRow,
    /// Its occupancy.
    pub load: Occupancy,
    /// The first visits of the span.
    pub visits: Vec<Visit>,
    /// Whether there are more.
    pub is_more: bool,
}

/// One sector.
pub async fn sector(mut request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let (api, id) = (request.api()?, possible(id.into_inner())?);
    let view = View::read(&mut request)?;
    let airspace = api.airspace();
    let configured = airspace.sector(&id);
    let is_configured = configured.is_some();
    let state = api.reads.sector_state(id.clone(), is_configured).await;
    let row = SectorRow::of(state.map_err(failure::problem)?.data, configured);
    let load = api.reads.occupancy(id.clone(), is_configured, view.asked, view.step).await;
    let Read { data: load, facts } = load.map_err(failure::problem)?;
    let filter = VisitFilter { sector: Some(id), ..VisitFilter::of(pinned(&facts)) };
    let visits = api.reads.visits(filter, PageOf::first(VISITS)).await;
    let visits = visits.map_err(failure::problem)?.data;
    let (is_more, visits) = (visits.next.is_some(), visits.rows);
    let reach = reach(&request, &facts).await?;
    let shown = Shown { row, load, visits, is_more };
    answer(&request, move || page(&shown, &view, reach)).await
}

/// The whole page.
pub fn page(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let name = &shown.row.sector_name;
    let one = format!("/api/v1/sectors/{}", escaped(name));
    let load = occupancy_of(name, view, reach);
    let filters = [("sector", name.clone()), ("limit", VISITS.to_string())];
    let filters: Vec<_> = bounds(reach.span).into_iter().chain(filters).collect();
    let visits = with("/api/v1/visits", &filters);
    let body = html! {
        (state(&shown.row, &one))
        section data-source=(load) {
            h2 { "Load" }
            (figure(&[WIDE, NARROW], &shown.load, view, reach))
            details { summary { "All steps" } (steps(&shown.load, view, reach)) }
        }
        section data-source=(visits) {
            h2 { "Visits" }
            @if shown.visits.is_empty() { p { "No visit of this span is stored." } }
            @else { (wide("Visits", &table_of_visits(&shown.visits, view))) }
            @if shown.is_more { p { "The first " (VISITS) " are shown; the API has all of them." } }
        }
    };
    let path = format!("/sectors/{}", escaped(name));
    let (title, sources) = (format!("Sector {name}"), vec![one, load, visits]);
    Document { title, path: &path, view, reach, has_span: true, sources, body }.markup()
}

fn state(row: &SectorRow, source: &str) -> Markup {
    let feet = |limit: Option<f64>| limit.map(|limit| limit.round() as i64);
    let owners = if row.owners.is_empty() { "nobody".to_owned() } else { row.owners.join(", ") };
    let facts = [
        ("name", text("/data/display_name", row.display_name.as_deref())),
        ("group", text("/data/group", row.group.as_deref())),
        ("floor, ft", number("/data/floor_ft", feet(row.floor_ft))),
        ("ceiling, ft", number("/data/ceiling_ft", feet(row.ceiling_ft))),
        ("flights now", count("/data/occupancy", row.occupancy)),
        ("capacity", number("/data/capacity", row.capacity)),
        ("control", leaf("/data/control/state", &row.control.state)),
        (
            "by",
            text("/data/control/controller_callsign", row.control.controller_callsign.as_deref()),
        ),
        ("owners", leaf("/data/owners", owners)),
    ];
    html! {
        div.facts {
            section data-source=(source) {
                h2 { "Now" }
                dl { @for (name, figure) in &facts { div { dt { (name) } dd { (figure) } } } }
            }
        }
    }
}

fn steps(occupancy: &Occupancy, view: &View, reach: Reach) -> Markup {
    let (first, steps) = drawn(occupancy, reach);
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "from" }
                @for name in ["most", "mean", "entries", "exits", "staffed", "known"] {
                    th.number scope="col" { (name) }
                }
            } }
            tbody { @for (index, step) in steps.iter().enumerate() {
                @let at = |member: &str| format!("/data/steps/{}/{member}", first + index);
                tr {
                    th scope="row" { (time(at("from"), Some(step.from), view.clock)) }
                    td.number { (count(at("peak"), step.peak)) }
                    td.number { (mean(at("mean"), step.mean)) }
                    td.number { (count(at("entries"), step.entries)) }
                    td.number { (count(at("exits"), step.exits)) }
                    td.number { (share(at("controlled"), step.controlled)) }
                    td.number { (share(at("known"), Some(step.known))) }
                }
            } }
        }
    };
    wide("All steps", &table)
}

/// Visits with their flights.
pub fn table_of_visits(visits: &[Visit], view: &View) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "flight" }
                th scope="col" { "sector" }
                th scope="col" { "entry" }
                th scope="col" { "exit" }
                th.number scope="col" { "entry, ft" }
                th.number scope="col" { "exit, ft" }
                th scope="col" { "ended by" }
            } }
            tbody { @for (index, visit) in visits.iter().enumerate() {
                @let at = |member: &str| format!("/data/{index}/{member}");
                tr {
                    th scope="row" {
                        a href=(format!("/flights/{}", visit.flight_id)) { (leaf(at("callsign"), &visit.callsign)) }
                    }
                    td {
                        a href=(format!("/sectors/{}", escaped(&visit.sector_name))) {
                            (leaf(at("sector_name"), &visit.sector_name))
                        }
                    }
                    td { (time(at("entry_timestamp"), Some(visit.entry_timestamp), view.clock)) }
                    td { (time(at("exit_timestamp"), visit.exit_timestamp, view.clock)) }
                    td.number { (count(at("entry_altitude"), visit.entry_altitude)) }
                    td.number { (number(at("exit_altitude"), visit.exit_altitude)) }
                    td { (text(at("exit_reason"), visit.exit_reason.as_deref())) }
                }
            } }
        }
    }
}
