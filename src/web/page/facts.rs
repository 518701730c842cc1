//! The cards of the page: pools, poller, phases, feed, database, and recent writes.

use maud::{Markup, html};

use super::{
    card::{Fact, card, entries},
    leaf, stored,
};
use crate::{
    status::{DatabaseReport, PoolFigures, StatusReport},
    web::format::{UNKNOWN, count, known, seconds, time, total, yes},
};

pub fn all(report: &StatusReport) -> Markup {
    html! {
        div.facts {
            (pool("ingest", "Pool for writing", report.pool.ingest.as_ref()))
            (pool("read", "Pool for reading", report.pool.read.as_ref()))
            (poller(report))
            (phases(report))
            (feed(report))
            (database("database", "Database", &report.database))
            @if let Some(reader) = &report.read_database {
                (database("read_database", "Database for reading", reader))
            }
            (airspace(report))
            (recent(report))
            (stored::tables(report))
            (stored::jobs(report))
        }
    }
}

fn pool(name: &str, heading: &str, figures: Option<&PoolFigures>) -> Markup {
    let Some(pool) = figures else {
        return card(heading, &[("state", format!("/pool/{name}"), UNKNOWN.to_owned())]);
    };
    let at = |field: &str| format!("/pool/{name}/{field}");
    let mut facts: Vec<Fact<'_>> = vec![
        ("maximum", at("max"), count(pool.max)),
        ("in use", at("checked_out"), count(pool.checked_out)),
        ("most in use in the last minute", at("highwater"), count(pool.highwater)),
        ("idle", at("idle"), count(pool.idle)),
        ("opening", at("establishing"), count(pool.establishing)),
        ("waiting", at("pending"), count(pool.pending)),
        (
            "wait time, 95th percentile",
            at("acquire_p95_seconds"),
            known(pool.acquire_p95_seconds, seconds),
        ),
        (
            "over the last",
            at("acquire_p95_window_seconds"),
            seconds(pool.acquire_p95_window_seconds as f64),
        ),
        ("timed out", at("timeouts_total"), total(pool.timeouts_total)),
    ];
    match &pool.oldest_lease {
        None => facts.push(("oldest lease", at("oldest_lease"), "none".to_owned())),
        Some(lease) => facts.extend([
            ("oldest lease", at("oldest_lease/owner"), lease.owner.to_owned()),
            ("acquired at", at("oldest_lease/location"), lease.location.clone()),
            ("held for", at("oldest_lease/seconds"), seconds(lease.seconds)),
        ]),
    }
    facts.push(("suspected leaks", at("suspects"), count(pool.suspects)));
    let leaks = pool.leaks_confirmed.iter().filter(|(_, leaks)| **leaks > 0);
    let leaks: Vec<_> = leaks.map(|(kind, leaks)| (*kind, total(*leaks))).collect();
    let kinds = leaks.iter().map(|(kind, shown)| {
        let pointer = at(&format!("leaks_confirmed/{kind}"));
        html! { div.bad { dt { "leaked: " (kind.replace('_', " ")) } dd { (leaf(pointer, shown)) } } }
    });
    let kinds: Vec<_> = kinds.collect();
    facts.push(("unaccounted for", at("unaccounted"), count(pool.unaccounted)));
    facts.push(("last audit", at("last_audit_at"), known(pool.last_audit_at, time)));
    if let Some(leak) = &pool.latest_leak {
        facts.push(("newest leak", at("latest_leak/kind"), leak.kind.as_str().to_owned()));
        facts.push(("confirmed at", at("latest_leak/at"), time(leak.at)));
    }
    if let Some(failure) = &pool.last_connect_error {
        facts.push((
            "last connection error",
            at("last_connect_error/class"),
            failure.class.to_owned(),
        ));
        facts.push(("at", at("last_connect_error/at"), time(failure.at)));
    }
    html! {
        section {
            h2 { (heading) }
            dl {
                (entries(&facts))
                @for kind in &kinds { (kind) }
                @if kinds.is_empty() { div { dt { "confirmed leaks" } dd { "none" } } }
            }
        }
    }
}

fn poller(report: &StatusReport) -> Markup {
    let poller = &report.poller;
    let at = |field: &str| format!("/poller/{field}");
    let mut facts: Vec<Fact<'_>> = vec![
        ("state", at("state"), poller.state.to_owned()),
        ("interval", at("interval_seconds"), seconds(poller.interval_seconds)),
        ("last attempt", at("last_attempt_at"), known(poller.last_attempt_at, time)),
        ("last success", at("last_success_at"), known(poller.last_success_at, time)),
        ("last stored", at("last_stored_at"), known(poller.last_stored_at, time)),
        ("newest snapshot", at("mark"), known(poller.mark, time)),
        (
            "status published ago",
            "/snapshot_age_seconds".to_owned(),
            seconds(report.snapshot_age_seconds),
        ),
        ("heartbeat", at("heartbeat_at"), known(poller.heartbeat_at, time)),
        ("failures in a row", at("consecutive_failures"), total(poller.consecutive_failures)),
        ("polls skipped", at("skipped_ticks"), total(poller.skipped_ticks)),
        ("restarts after a panic", at("restarts/panic"), total(poller.restarts.panic)),
        ("restarts after an exit", at("restarts/exit"), total(poller.restarts.exit)),
        ("restarts after a stall", at("restarts/stall"), total(poller.restarts.stall)),
        ("generation", at("generation"), total(poller.generation)),
    ];
    let cycles = poller.cycles.iter().filter(|(_, cycles)| **cycles > 0);
    let names: Vec<_> =
        cycles.map(|(name, n)| (format!("cycles: {}", name.replace('_', " ")), name, *n)).collect();
    facts.extend(names.iter().map(|(shown, name, cycles)| {
        (shown.as_str(), at(&format!("cycles/{name}")), total(*cycles))
    }));
    if let Some(running) = &poller.running {
        facts.extend([
            ("cycle running since", at("running/began_at"), time(running.began_at)),
            ("running for", at("running/seconds"), seconds(running.seconds)),
            ("current phase", at("running/phase"), running.phase.to_owned()),
        ]);
    }
    if let Some(error) = &poller.last_error {
        facts.extend([
            ("last error in phase", at("last_error/phase"), error.phase.to_owned()),
            ("last error", at("last_error/kind"), error.kind.to_owned()),
            ("last error at", at("last_error/at"), time(error.at)),
        ]);
    }
    card("Poller", &facts)
}

fn phases(report: &StatusReport) -> Markup {
    html! {
        section {
            h2 { "Phases of a cycle" }
            @if report.phases.is_empty() {
                p { "No phase has run yet." }
            } @else {
                table {
                    thead {
                        tr {
                            th scope="col" { "phase" }
                            th.number scope="col" { "last" }
                            th.number scope="col" { "median" }
                            th.number scope="col" { "95th percentile" }
                            th.number scope="col" { "runs" }
                            th scope="col" { "outcome" }
                        }
                    }
                    tbody {
                        @for (index, phase) in report.phases.iter().enumerate() {
                            @let at = |field: &str| format!("/phases/{index}/{field}");
                            tr {
                                th scope="row" { (leaf(at("name"), phase.name)) }
                                td.number { (leaf(at("last_seconds"), known(phase.last_seconds, seconds))) }
                                td.number { (leaf(at("p50"), known(phase.p50, seconds))) }
                                td.number { (leaf(at("p95"), known(phase.p95, seconds))) }
                                td.number { (leaf(at("runs"), total(phase.runs))) }
                                td.(phase.outcome) { (leaf(at("outcome"), phase.outcome)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn feed(report: &StatusReport) -> Markup {
    let feed = &report.feed;
    let at = |field: &str| format!("/feed/{field}");
    card(
        "Feed",
        &[
            ("host", at("url_host"), known(feed.url_host.clone(), |host| host)),
            ("published", at("published_at"), known(feed.published_at, time)),
            ("age", at("age_seconds"), known(feed.age_seconds, seconds)),
            ("stale", at("stale"), known(feed.stale, yes)),
            ("publication to commit", at("lag_seconds"), known(feed.lag_seconds, seconds)),
            ("pilots worldwide", at("connected_pilots"), known(feed.connected_pilots, total)),
            ("records rejected", at("rejected_total"), total(feed.rejected_total)),
        ],
    )
}

fn database(place: &str, heading: &str, database: &DatabaseReport) -> Markup {
    let at = |field: &str| format!("/{place}/{field}");
    card(
        heading,
        &[
            ("reachable", at("reachable"), known(database.reachable, yes)),
            ("round trip", at("latency_seconds"), known(database.latency_seconds, seconds)),
            ("failure", at("error_class"), known(database.error_class, str::to_owned)),
            ("PostgreSQL", at("server_version"), known(database.server_version.clone(), |v| v)),
            ("schema", at("migration"), known(database.migration.clone(), |m| m)),
            ("checked", at("checked_at"), known(database.checked_at, time)),
        ],
    )
}

fn airspace(report: &StatusReport) -> Markup {
    let airspace = &report.airspace;
    let at = |field: &str| format!("/airspace/{field}");
    let mut facts: Vec<Fact<'_>> = vec![
        ("flights in scope", at("flights"), known(airspace.flights, total)),
        ("flights tracked", at("tracked"), known(airspace.tracked, total)),
        ("open visits", at("open_entries"), known(airspace.open_entries, total)),
        (
            "pending transitions",
            at("pending_transitions"),
            known(airspace.pending_transitions, total),
        ),
        ("airspace revision", at("revision"), airspace.revision.clone()),
    ];
    if let Some(reload) = &airspace.last_reload {
        facts.extend([
            ("last reload", at("last_reload/outcome"), reload.outcome.as_str().to_owned()),
            ("last reload at", at("last_reload/at"), time(reload.at)),
        ]);
        let error = reload.error.iter();
        facts.extend(error.map(|it| ("reload failed", at("last_reload/error"), it.clone())));
    }
    match &report.controllers {
        None => facts.push(("controllers", "/controllers".to_owned(), UNKNOWN.to_owned())),
        Some(online) => facts.extend(online.iter().map(|(facility, controllers)| {
            (facility_name(facility), format!("/controllers/{facility}"), total(*controllers))
        })),
    }
    card("Airspace and controllers", &facts)
}

fn recent(report: &StatusReport) -> Markup {
    let recent = &report.recent;
    let at = |field: &str| format!("/recent/{field}");
    card(
        "Recent writes",
        &[
            ("over the last", at("window_seconds"), seconds(recent.window_seconds.into())),
            ("flights", at("flights"), total(recent.flights)),
            ("positions", at("positions"), total(recent.positions)),
            ("controllers", at("controllers"), total(recent.controllers)),
            ("radios", at("transceivers"), total(recent.transceivers)),
            ("transitions", at("transitions"), total(recent.transitions)),
            ("cycles", at("cycles"), total(recent.cycles)),
            ("failed cycles", at("failed_cycles"), total(recent.failed_cycles)),
        ],
    )
}

/// The full name of a facility.
fn facility_name(facility: &str) -> &str {
    match facility {
        "obs" => "observers",
        "fss" => "flight service",
        "del" => "delivery",
        "gnd" => "ground",
        "twr" => "tower",
        "app" => "approach",
        "ctr" => "en route",
        "atis" => "ATIS",
        other => other,
    }
}
