//! The page of sectors: who controls each, and its load.

use actix_web::HttpResponse;
use maud::{Markup, html};
use sectorwatch_core::Time;
use sectorwatch_store::api::{Occupancy, PageOf, Read, Rows};

use super::{
    document::Document,
    figure::{count, leaf, mean, number, share, text, time, wide},
    links::{bounds, escaped, with},
    notes::Reach,
    plot::{SMALL, Sheet, Titles, load::load},
    view::{View, answer, reach},
};
use crate::web::{
    format::UNKNOWN,
    problem::Problem,
    v1::{
        cursor::{Cursor, Walk},
        failure,
        params::known::CURSOR,
        request::Request,
        sectors::{SectorKey, SectorRow, page_of},
    },
};

/// How many sectors a page has, each with a plot.
const SECTORS: u32 = 20;
const LIST: &str = "/api/v1/sectors";

/// What the page shows.
pub struct Shown {
    /// The sectors.
    pub rows: Vec<SectorRow>,
    /// Their occupancy, in the same order.
    pub loads: Vec<Occupancy>,
    /// The cursor of this page and of the next one.
    pub cursors: (Option<String>, Option<String>),
}

/// Sectors with their load.
pub async fn sectors(mut request: Request) -> Result<HttpResponse, Problem> {
    let view = View::read(&mut request)?;
    let api = request.api()?;
    let given = request.query.get(&CURSOR).map(str::to_owned);
    let scopes = request.scopes();
    // The cursors are those of the list that the page shows.
    let walk = || Walk { path: LIST, filters: "", scopes: &scopes };
    let cursor = match &given {
        Some(text) => Some(Cursor::<SectorKey>::open(text, &*api.key().await?, walk())?),
        None => None,
    };
    let (after, bound) = cursor.map(|Cursor { key, mark }| (key, mark)).unzip();
    let asked = PageOf { after, bound, limit: SECTORS };
    let list = page_of(&api, asked).await.map_err(failure::problem)?;
    let Rows { rows, next } = list.data;
    let next = match (next, bound.or(list.facts.mark)) {
        (Some(key), Some(mark)) => {
            let sealed = Cursor { key, mark }.seal(&*api.key().await?, walk());
            Some(sealed.map_err(|_| failure::internal("a key cannot be written as JSON"))?)
        }
        _ => None,
    };
    let names = rows.iter().map(|row| (row.sector_name.clone(), true)).collect();
    let loads = api.reads.occupancies(names, view.asked, view.step).await;
    let Read { data: loads, facts } = loads.map_err(failure::problem)?;
    let reach = reach(&request, &facts).await?;
    let shown = Shown { rows, loads, cursors: (given, next) };
    answer(&request, move || page(&shown, &view, reach)).await
}

/// The path of the occupancy of a sector in the API.
pub fn occupancy_of(sector: &str, view: &View, reach: Reach) -> String {
    let step = ("step", format!("{}m", view.step.num_minutes()));
    let parameters: Vec<_> = bounds(reach.span).into_iter().chain([step]).collect();
    with(&format!("{LIST}/{}/occupancy", escaped(sector)), &parameters)
}

/// The whole page.
pub fn page(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let (cursor, next) = &shown.cursors;
    let cursor = cursor.iter().map(|cursor| ("cursor", cursor.clone()));
    let list: Vec<_> = [("limit", SECTORS.to_string())].into_iter().chain(cursor).collect();
    let list = with(LIST, &list);
    let loads = shown.loads.iter().map(|it| occupancy_of(&it.sector_name, view, reach));
    let loads: Vec<String> = loads.collect();
    let more = next.as_ref().map(|next| {
        let parameters: Vec<_> =
            view.kept().into_iter().chain([("cursor", next.clone())]).collect();
        with("/sectors", &parameters)
    });
    let body = html! {
        (now(&shown.rows, &list, view))
        @if shown.rows.is_empty() { section { h2 { "Load" } p { "There are no sectors." } } }
        div.plots {
            @for (occupancy, source) in shown.loads.iter().zip(&loads) {
                (of_sector(occupancy, source, view, reach))
            }
        }
        @if let Some(more) = &more { p.more { a href=(more) rel="next" { "More sectors" } } }
    };
    let sources = [list].into_iter().chain(loads).collect();
    let (title, path) = ("Sectors".to_owned(), "/sectors");
    Document { title, path, view, reach, has_span: true, sources, body }.markup()
}

fn now(rows: &[SectorRow], source: &str, view: &View) -> Markup {
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "sector" }
                th.number scope="col" { "flights" }
                th.number scope="col" { "capacity" }
                th scope="col" { "control" }
                th scope="col" { "by" }
            } }
            tbody {
                @for (index, row) in rows.iter().enumerate() {
                    @let at = |member: &str| format!("/data/{index}/{member}");
                    tr {
                        th scope="row" {
                            a href=(with(&format!("/sectors/{}", escaped(&row.sector_name)), &view.kept())) {
                                (leaf(at("sector_name"), &row.sector_name))
                            }
                        }
                        td.number { (count(at("occupancy"), row.occupancy)) }
                        td.number { (number(at("capacity"), row.capacity)) }
                        td { (leaf(at("control/state"), &row.control.state)) }
                        td { (text(at("control/controller_callsign"), row.control.controller_callsign.as_deref())) }
                    }
                }
            }
        }
    };
    html! { section data-source=(source) { h2 { "Now" } (wide("Sectors now", &table)) } }
}

fn of_sector(occupancy: &Occupancy, source: &str, view: &View, reach: Reach) -> Markup {
    let name = &occupancy.sector_name;
    html! {
        section data-source=(source) {
            h2 { a href=(with(&format!("/sectors/{}", escaped(name)), &view.kept())) { (leaf("/data/sector_name", name)) } }
            (figure(&[SMALL], occupancy, view, reach))
            details { summary { "Numbers of " (name) } (busiest(occupancy, view, reach)) }
        }
    }
}

/// The plot of a load with its peak, and its legend.
pub fn figure(sheets: &[Sheet], occupancy: &Occupancy, view: &View, reach: Reach) -> Markup {
    let (first, with_data) = drawn(occupancy, reach);
    let Some((from, to)) = reach.span.from.zip(reach.span.to) else {
        return html! { p { "There is nothing to draw." } };
    };
    let peak =
        with_data.iter().enumerate().max_by_key(|(at, it)| (it.peak, std::cmp::Reverse(*at)));
    let name = &occupancy.sector_name;
    let at_most = peak.map(|(_, it)| {
        format!("At most {} flights at once, from {}.", it.peak, view.clock.minute(it.from))
    });
    let titles = Titles {
        title: format!("Load of {name}"),
        desc: at_most.unwrap_or_else(|| "Nothing is stored of this span.".to_owned()),
    };
    html! {
        @if let Some((index, step)) = peak {
            @let at = |member: &str| format!("/data/steps/{}/{member}", first + index);
            p {
                "Peak " strong { (count(at("peak"), step.peak)) } " in the step from "
                (time(at("from"), Some(step.from), view.clock)) ", staffed " (share(at("controlled"), step.controlled))
            }
        } @else { p { "Nothing is stored of this span." } }
        figure {
            (load(sheets, &titles, (from, to), view.clock, with_data))
            figcaption.small {
                "Area: most at once. Line: mean. Below: high where it was staffed, low where not, blank where unknown."
            }
        }
    }
}

/// The steps with data, and the index of the first of them.
pub fn drawn(
    occupancy: &Occupancy,
    reach: Reach,
) -> (usize, &[sectorwatch_store::api::OccupancyStep]) {
    let steps = &occupancy.steps;
    let holds = |from: Time, to: Time| reach.holds(from, to);
    let first = steps.iter().position(|step| holds(step.from, step.to)).unwrap_or(steps.len());
    (first, &steps[first..])
}

/// The busiest step of each hour, or of each day of a longer span.
fn busiest(occupancy: &Occupancy, view: &View, reach: Reach) -> Markup {
    let (first, steps) = drawn(occupancy, reach);
    let days = match (steps.first(), steps.last()) {
        (Some(first), Some(last)) => (last.to - first.from).num_days(),
        _ => 0,
    };
    let group = |at: Time| {
        let local = view.clock.minute(at);
        let length = if days >= 2 { "2026-07-01".len() } else { "2026-07-01 10".len() };
        local.get(..length).unwrap_or(UNKNOWN).to_owned()
    };
    let mut rows: Vec<(String, usize)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        match rows.last_mut() {
            Some((name, best)) if *name == group(step.from) => {
                if step.peak > steps[*best].peak {
                    *best = index;
                }
            }
            _ => rows.push((group(step.from), index)),
        }
    }
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "busiest from" }
                th.number scope="col" { "most" }
                th.number scope="col" { "mean" }
                th.number scope="col" { "staffed" }
                th.number scope="col" { "known" }
            } }
            tbody { @for (_, index) in &rows {
                @let step = &steps[*index];
                @let at = |member: &str| format!("/data/steps/{}/{member}", first + index);
                tr {
                    th scope="row" { (time(at("from"), Some(step.from), view.clock)) }
                    td.number { (count(at("peak"), step.peak)) }
                    td.number { (mean(at("mean"), step.mean)) }
                    td.number { (share(at("controlled"), step.controlled)) }
                    td.number { (share(at("known"), Some(step.known))) }
                }
            } }
        }
    };
    wide(&format!("Load of {}", occupancy.sector_name), &table)
}
