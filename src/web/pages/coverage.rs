//! The page of coverage: how much of the time flights were in contact by radio, by hour of the week, by sector and by
//! kind of position.

use actix_web::HttpResponse;
use maud::{Markup, html};
use sectorwatch_store::api::{Coverage, CoverageBy, CoverageGroup, Read};

use super::{
    document::Document,
    figure::{duration, leaf, share, text, wide},
    links::{bounds, escaped, with},
    notes::Reach,
    plot::{
        NARROW, Sheet, Titles, WIDE,
        heat::{Cell, DAYS, cell_of, heat},
    },
    view::{View, answer, pinned, reach},
};
use crate::web::{
    format::{self, UNKNOWN},
    problem::Problem,
    v1::{failure, request::Request},
};

/// What the page shows: coverage by hour of the week, by sector and by facility.
pub struct Shown {
    /// By hour of the week.
    pub hours: Coverage,
    /// By sector.
    pub sectors: Coverage,
    /// By facility.
    pub facilities: Coverage,
}

/// Coverage.
pub async fn coverage(mut request: Request) -> Result<HttpResponse, Problem> {
    let view = View::read(&mut request)?;
    let reads = request.api()?.reads;
    let hours = reads.coverage(CoverageBy::WeekdayHour, view.zone(), view.asked).await;
    let Read { data: hours, facts } = hours.map_err(failure::problem)?;
    let rest = async |by| {
        let read = reads.coverage(by, view.zone(), pinned(&facts)).await;
        read.map(|read| read.data).map_err(failure::problem)
    };
    let sectors = rest(CoverageBy::Sector).await?;
    let facilities = rest(CoverageBy::Facility).await?;
    let reach = reach(&request, &facts).await?;
    let shown = Shown { hours, sectors, facilities };
    answer(&request, move || page(&shown, &view, reach)).await
}

/// The whole page.
pub fn page(shown: &Shown, view: &View, reach: Reach) -> Markup {
    let source = |by: &str| {
        let rest = [("by", by.to_owned()), ("tz", view.zone())];
        with("/api/v1/coverage", &bounds(reach.span).into_iter().chain(rest).collect::<Vec<_>>())
    };
    let sources = ["weekday_hour", "sector", "facility"].map(source);
    let [hours, sectors, facilities] = &sources;
    let body = html! {
        section data-source=(hours) { h2 { "By day and hour" } (by_hour(&shown.hours)) }
        section data-source=(sectors) { h2 { "By sector" } (by_sector(&shown.sectors)) }
        section data-source=(facilities) { h2 { "By facility" } (by_facility(&shown.facilities)) }
    };
    let (title, path) = ("Coverage".to_owned(), "/coverage");
    let sources = sources.to_vec();
    Document { title, path, view, reach, has_span: true, sources, body }.markup()
}

fn none() -> Markup {
    html! { p { "Nothing is known of radio contact in this span." } }
}

fn by_hour(coverage: &Coverage) -> Markup {
    let groups = &coverage.groups;
    let cells: Vec<Cell> = groups
        .iter()
        .filter_map(|group| {
            let (day, hour) = cell_of(group.key.as_deref()?)?;
            Some((day, hour, group.coverage?))
        })
        .collect();
    if cells.is_empty() {
        return none();
    }
    let least = cells.iter().min_by(|a, b| a.2.total_cmp(&b.2)).copied();
    let desc = least.map_or_else(String::new, |(day, hour, share)| {
        let day = DAYS.get(day as usize - 1).copied().unwrap_or(UNKNOWN);
        format!("The least coverage is {} on {day} at {hour:02}.", format::share(share))
    });
    let titles = Titles { title: "Coverage by day of the week and hour".to_owned(), desc };
    let sheets = [Sheet { height: 230, ..WIDE }, Sheet { height: 190, ..NARROW }];
    html! {
        figure {
            (heat(&sheets, &titles, &cells))
            figcaption {
                ul.legend aria-label="Legend" {
                    @for (class, words) in SHARES { li { span.key.(class) aria-hidden="true" {} (words) } }
                    li { "blank: nothing is known" }
                }
            }
        }
        (wide("Coverage by day of the week and hour", &week(groups)))
    }
}

/// The classes of the style sheet for shares of contact, with their meaning.
const SHARES: [(&str, &str); 5] = [
    ("load-empty", "below 20 %"),
    ("load-quarter", "below 40 %"),
    ("load-half", "below 60 %"),
    ("load-three-quarters", "below 80 %"),
    ("load-whole", "80 % and more"),
];

fn week(groups: &[CoverageGroup]) -> Markup {
    let at = |day: u32, hour: u32| {
        groups.iter().position(|it| it.key.as_deref().and_then(cell_of) == Some((day, hour)))
    };
    html! {
        table.week {
            thead { tr {
                th scope="col" { "day" }
                @for hour in 0..24 { th.number scope="col" { (format!("{hour:02}")) } }
            } }
            tbody { @for (day, name) in (1..).zip(DAYS) {
                tr {
                    th scope="row" { (name) }
                    @for hour in 0..24 {
                        td.number {
                            @match at(day, hour) {
                                Some(index) => (share(format!("/data/groups/{index}/coverage"), groups[index].coverage)),
                                None => (UNKNOWN),
                            }
                        }
                    }
                }
            } }
        }
    }
}

fn by_sector(coverage: &Coverage) -> Markup {
    if coverage.groups.is_empty() {
        return none();
    }
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "sector" }
                th.number scope="col" { "coverage" }
                th.number scope="col" { "in contact" }
                th.number scope="col" { "without" }
                th.number scope="col" { "unknown" }
                th.number scope="col" { "known" }
            } }
            tbody { @for (index, group) in coverage.groups.iter().enumerate() {
                @let at = |member: &str| format!("/data/groups/{index}/{member}");
                @let key = group.key.as_deref();
                tr {
                    th scope="row" {
                        a href=(format!("/sectors/{}", escaped(key.unwrap_or_default()))) { (text(at("key"), key)) }
                    }
                    td.number { (share(at("coverage"), group.coverage)) }
                    td.number { (duration(at("contact_seconds"), group.contact_seconds)) }
                    td.number { (seconds(at("none_seconds"), group.none_seconds)) }
                    td.number { (seconds(at("unknown_seconds"), group.unknown_seconds)) }
                    td.number { (share(at("known"), group.known)) }
                }
            } }
        }
    };
    wide("Coverage by sector", &table)
}

fn seconds(pointer: String, seconds: Option<f64>) -> Markup {
    match seconds {
        Some(seconds) => duration(pointer, seconds),
        None => leaf(pointer, UNKNOWN),
    }
}

fn by_facility(coverage: &Coverage) -> Markup {
    if coverage.groups.is_empty() {
        return none();
    }
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "facility" }
                th.number scope="col" { "in contact" }
                th.number scope="col" { "share" }
            } }
            tbody { @for (index, group) in coverage.groups.iter().enumerate() {
                @let at = |member: &str| format!("/data/groups/{index}/{member}");
                tr {
                    th scope="row" { (text(at("key"), group.key.as_deref())) }
                    td.number { (duration(at("contact_seconds"), group.contact_seconds)) }
                    td.number { (share(at("share"), group.share)) }
                }
            } }
        }
    };
    wide("Coverage by facility", &table)
}
