//! The status as a page: one document that needs no scripts and loads nothing else.
//!
//! It displays only what [`StatusReport`] has. Each value is in an element whose `data-leaf` names its place
//! in the JSON, and a test compares the two. Add a section to the file of its topic.

mod card;
mod chart;
mod facts;
mod load;
mod map;
mod sectors;
mod sheet;
mod stored;
mod style;
mod view;

pub use chart::{Chart, Charts};
pub use sheet::{MarkedPoint, svg};
pub use style::{CONTENT_SECURITY_POLICY, UPDATING_POLICY, element as style_sheet};
pub use view::View;

use std::fmt::Display;

use maud::{DOCTYPE, Markup, Render, html};

use super::{endpoint::Endpoint, format, pages::places};
use crate::status::{StatusReport, verdict::Status};

/// The period of the auto-refresh.
pub const REFRESH_SECONDS: u32 = 15;

/// The whole document, with what changes the view.
pub fn page(
    report: &StatusReport,
    chart: Option<&Chart>,
    endpoints: &[Endpoint],
    view: View,
) -> String {
    let is_broad = chart.is_some_and(|chart| chart.frame().is_broad());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="dark light";
                title { (tab(report.status)) " · sectorwatch " (report.service.instance) }
                link rel="icon" href=(icon(report.status));
                (style::element())
            }
            body {
                (header(report))
                main {
                    @if let Some(notice) = report.notice {
                        p.notice { (leaf("/notice", notice)) }
                    }
                    (reasons(report))
                    div.wall.broad[is_broad] {
                        (map::section(report, chart, view))
                        (sectors::section(report))
                    }
                    (facts::all(report))
                }
                (footer(report, endpoints, view))
                @if view.refreshes { (style::script()) }
            }
        }
    }
    .into_string()
}

/// A value with its place in the JSON.
pub fn leaf(pointer: impl Display, shown: impl Render) -> Markup {
    html! { span data-leaf=(pointer) { (shown) } }
}

fn header(report: &StatusReport) -> Markup {
    let figures = [
        ("aircraft", "/airspace/flights", format::known(report.airspace.flights, format::total)),
        (
            "worldwide",
            "/feed/connected_pilots",
            format::known(report.feed.connected_pilots, format::total),
        ),
        ("feed age", "/feed/age_seconds", format::known(report.feed.age_seconds, format::seconds)),
        (
            "since last success",
            "/poller/seconds_since_success",
            format::known(report.poller.seconds_since_success, format::seconds),
        ),
    ];
    html! {
        header.(report.status.as_str()) {
            div.name {
                h1 { "sectorwatch" }
                p { (leaf("/service/instance", &report.service.instance)) }
                (places())
            }
            p.verdict {
                span.mark aria-hidden="true" { (mark(report.status)) }
                " " (leaf("/status", report.status.as_str()))
            }
            dl.headline {
                @for (name, pointer, shown) in &figures {
                    div { dt { (name) } dd { (leaf(pointer, shown)) } }
                }
            }
            p.clock { "as of " (leaf("/generated_at", format::time(report.generated_at))) }
        }
    }
}

fn reasons(report: &StatusReport) -> Markup {
    html! {
        @if !report.reasons.is_empty() {
            section.reasons.(report.status.as_str()) aria-labelledby="reasons" {
                h2 #reasons { "Why it is " (report.status.as_str()) }
                ul {
                    @for (index, reason) in report.reasons.iter().enumerate() {
                        li {
                            p { (leaf(format!("/reasons/{index}/message"), &reason.message)) }
                            p.small {
                                code { (leaf(format!("/reasons/{index}/code"), reason.code)) }
                                " since "
                                (leaf(format!("/reasons/{index}/since"), format::time(reason.since)))
                                @if let Some(alert) = reason.alert {
                                    " · alert "
                                    code { (leaf(format!("/reasons/{index}/alert"), alert)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn footer(report: &StatusReport, endpoints: &[Endpoint], view: View) -> Markup {
    let other = View { refreshes: !view.refreshes, ..view }.href();
    html! {
        footer {
            p {
                @if view.refreshes {
                    "Auto-refresh every " (REFRESH_SECONDS) " s. "
                    a href=(other) { "Stop refreshing" }
                } @else {
                    "Auto-refresh is off. "
                    a href=(other) { "Refresh automatically" }
                }
                " · "
                a href="/api/status?format=json&always200=1" { "as JSON" }
                " · "
                a href="/api/status?format=text&always200=1" { "as text" }
            }
            details {
                summary { "All endpoints" }
                dl.endpoints {
                    @for endpoint in endpoints {
                        div { dt { code { (endpoint.pattern()) } } dd { (endpoint.answers()) } }
                    }
                }
            }
            p.small {
                (leaf("/service/name", report.service.name)) " "
                (leaf("/service/version", report.service.version))
                @if let Some(revision) = report.service.revision {
                    " (" (leaf("/service/revision", revision)) ")"
                }
                ", up for " (leaf("/service/uptime_seconds", format::seconds(report.service.uptime_seconds)))
                ". “" (format::UNKNOWN) "” was not measured. Not affiliated with VATSIM; not for navigation."
            }
        }
    }
}

/// The shape of each verdict, because colour alone must not carry a meaning.
fn mark(status: Status) -> &'static str {
    match status {
        Status::Ok => "●",
        Status::Starting => "◌",
        Status::Degraded => "▲",
        Status::Critical => "■",
    }
}

/// The verdict for a tab that shows little more than the first letters.
fn tab(status: Status) -> String {
    match status {
        Status::Ok | Status::Starting => status.as_str().to_owned(),
        Status::Degraded | Status::Critical => status.as_str().to_uppercase(),
    }
}

/// The verdict as the icon of the tab.
fn icon(status: Status) -> String {
    let (shape, colour) = match status {
        Status::Ok => ("<circle cx='8' cy='8' r='7'/>", "2e9e6b"),
        Status::Starting => ("<circle cx='8' cy='8' r='4'/>", "3b82c4"),
        Status::Degraded => ("<path d='M8 1l8 14H0z'/>", "d98a00"),
        Status::Critical => ("<path d='M1 1h14v14H1z'/>", "d64545"),
    };
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='%23{colour}'>{shape}</svg>"
    );
    format!(
        "data:image/svg+xml,{}",
        svg.replace('<', "%3C").replace('>', "%3E").replace(' ', "%20")
    )
}
