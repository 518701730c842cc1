//! The status as plain text for a terminal: at most 25 lines of 80 columns, with the verdict and its reasons
//! first. Reasons and sectors share the remaining lines.

mod lines;

use std::cmp::Reverse;

use super::{
    endpoint::Endpoint,
    format::{count, known, ordinal, seconds, share, time, total},
};
use crate::status::{DatabaseReport, PoolFigures, SectorReport, StatusReport, verdict::Reason};
use lines::{entry, line};

const MOST_LINES: usize = 25;
/// The column at which texts begin.
const INDENT: usize = 12;
const MOST_OF_A_REASON: usize = 3;
/// The heading and the two busiest sectors, for any number of reasons.
const SECTORS_AT_LEAST: usize = 3;
/// The longest displayed name of a sector.
const LONGEST_NAME: usize = 26;

/// The whole text. The values are those of the JSON, formatted as on the page.
pub fn text(report: &StatusReport, endpoints: &[Endpoint]) -> String {
    let (head, rest) = (head(report), work(report));
    let mut sectors = sectors(report);
    let paths: Vec<_> = endpoints.iter().map(|endpoint| endpoint.pattern()).collect();
    let end = entry("also", INDENT, &paths.join(" "), 1);
    let room = MOST_LINES - head.len() - rest.len() - end.len();
    let reasons = reasons(&report.reasons, room - sectors.len().min(SECTORS_AT_LEAST));
    sectors.truncate(room - reasons.len());
    let lines = [head, reasons, rest, sectors, end].concat();
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn head(report: &StatusReport) -> Vec<String> {
    let service = &report.service;
    let verdict = report.status.as_str().to_uppercase();
    let (name, version, instance) = (service.name, service.version, &service.instance);
    let at = time(report.generated_at);
    let mut head = entry("", 0, &format!("{name} {version} {instance}: {verdict}, as of {at}"), 2);
    head.extend(report.notice.map(line));
    head
}

/// As many reasons as fit, most severe first, and the codes of the others.
fn reasons(reasons: &[Reason], room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, reason) in reasons.iter().enumerate() {
        let is_last = index + 1 == reasons.len();
        let left = room - lines.len() - usize::from(!is_last);
        if left == 0 {
            let others: Vec<_> = reasons[index..].iter().map(|reason| reason.code).collect();
            lines.extend(entry("! and:", 2, &others.join(", "), 1));
            break;
        }
        let (message, since) = (&reason.message, time(reason.since));
        let alert = reason.alert.map(|alert| format!(" Alert: {alert}.")).unwrap_or_default();
        let words = format!("{message} Since {since}.{alert}");
        lines.extend(entry(&format!("! {}:", reason.code), 2, &words, left.min(MOST_OF_A_REASON)));
    }
    lines
}

fn work(report: &StatusReport) -> Vec<String> {
    let (poller, feed, database) = (&report.poller, &report.feed, &report.database);
    let mut lines = entry(
        "poller",
        INDENT,
        &format!(
            "{}, every {}; last success {} ago; {} failed since; up {}",
            poller.state,
            seconds(poller.interval_seconds),
            known(poller.seconds_since_success, seconds),
            total(poller.consecutive_failures),
            seconds(report.service.uptime_seconds),
        ),
        2,
    );
    if let Some(error) = &poller.last_error {
        let words = format!("{} in the phase {}, {}", error.kind, error.phase, time(error.at));
        lines.extend(entry("last error", INDENT, &words, 1));
    }
    let phases = report.phases.iter().map(|phase| {
        let failed = if phase.outcome == "error" { " (error)" } else { "" };
        format!("{} {}{failed}", phase.name, known(phase.last_seconds, seconds))
    });
    let phases = match report.phases.is_empty() {
        true => "no phase has run yet".to_owned(),
        false => phases.collect::<Vec<_>>().join(" "),
    };
    lines.extend(entry("phases", INDENT, &phases, 3));
    let words = format!(
        "published {} ago; {} pilots; {} to commit; {} rejected",
        known(feed.age_seconds, seconds),
        known(feed.connected_pilots, total),
        known(feed.lag_seconds, seconds),
        total(feed.rejected_total),
    );
    lines.extend(entry("feed", INDENT, &words, 1));
    lines.extend(server("database", database));
    if let Some(reader) = &report.read_database {
        lines.extend(server("read from", reader));
    }
    lines.extend(pool("ingest", report.pool.ingest.as_ref()));
    lines.extend(pool("read", report.pool.read.as_ref()));
    lines.extend(airspace(report));
    lines
}

fn server(name: &str, server: &DatabaseReport) -> Vec<String> {
    let latency = known(server.latency_seconds, seconds);
    let reached = known(server.reachable, |ok| match ok {
        true => format!("reachable in {latency}"),
        false => "NOT reachable".to_owned(),
    });
    let words = format!(
        "{reached}; PostgreSQL {}; schema {}{}",
        known(server.server_version.as_deref(), str::to_owned),
        known(server.migration.as_deref(), str::to_owned),
        server.error_class.map(|class| format!("; failure {class}")).unwrap_or_default(),
    );
    entry(name, INDENT, &words, 2)
}

fn pool(name: &str, pool: Option<&PoolFigures>) -> Vec<String> {
    let name = format!("pool {name}");
    let Some(pool) = pool else { return entry(&name, INDENT, "unknown", 1) };
    let mut words = format!(
        "{} of {} in use, {} waiting, {} timed out, {} suspected",
        count(pool.checked_out),
        count(pool.max),
        count(pool.pending),
        total(pool.timeouts_total),
        count(pool.suspects),
    );
    let leaks = pool.leaks_confirmed.iter().filter(|(_, leaks)| **leaks > 0);
    let leaks: Vec<_> =
        leaks.map(|(kind, leaks)| format!(", {} LEAKED ({kind})", total(*leaks))).collect();
    words += &if leaks.is_empty() { ", no leaks".to_owned() } else { leaks.concat() };
    if let Some(lease) = &pool.oldest_lease {
        let held = seconds(lease.seconds);
        words += &format!("; longest {} for {held}, {}", lease.owner, lease.location);
    }
    entry(&name, INDENT, &words, 2)
}

fn airspace(report: &StatusReport) -> Vec<String> {
    let airspace = &report.airspace;
    let words = format!(
        "{} flights; {} open visits; {} pending transitions{}",
        known(airspace.flights, total),
        known(airspace.open_entries, total),
        known(airspace.pending_transitions, total),
        airspace.coverage.map(|it| format!("; coverage {}", share(it))).unwrap_or_default(),
    );
    let online = known(report.controllers.as_ref(), |online| {
        let each = online.iter().map(|(facility, online)| format!("{facility} {}", total(*online)));
        each.collect::<Vec<_>>().join(", ")
    });
    let mut lines = entry("airspace", INDENT, &words, 1);
    lines.extend(entry("controllers", INDENT, &online, 1));
    lines
}

/// A heading, then the busiest sectors.
fn sectors(report: &StatusReport) -> Vec<String> {
    if report.sectors.is_empty() {
        return Vec::new();
    }
    let longest = report.sectors.iter().map(|sector| sector.name.chars().count()).max();
    let widest = longest.unwrap_or_default().clamp(11, LONGEST_NAME);
    let row = |name: &str, now: &str, entered: &str, left: &str, rest: &str| {
        let name: String = name.chars().take(LONGEST_NAME).collect();
        line(&format!("{name:<widest$} {now:>6} {entered:>8} {left:>7}  {rest}"))
    };
    let span = match report.is_first_hour() {
        true => format!("since {}", time(report.airspace.moves_since)),
        false => "in the last hour".to_owned(),
    };
    let mut lines = vec![row("sector", "now", "entered", "left", &span)];
    let mut busiest: Vec<&SectorReport> = report.sectors.iter().collect();
    busiest.sort_by_key(|sector| Reverse(sector.occupancy)); // stable: ties by file order
    lines.extend(busiest.iter().map(|sector| {
        let [now, entered, left] =
            [sector.occupancy, sector.entered_last_hour, sector.left_last_hour].map(total);
        row(&sector.name, &now, &entered, &left, &control(sector))
    }));
    lines
}

/// Who controls a sector, and as which of its owners.
fn control(sector: &SectorReport) -> String {
    match (&sector.controlled_by, sector.owner_rank, sector.control) {
        (Some(callsign), Some(rank), _) => {
            format!("{callsign}, {} of its owners", ordinal(rank))
        }
        (_, _, Some("unknown")) => "control unknown".to_owned(),
        (_, _, Some(control)) => control.to_owned(),
        (_, _, None) => "no owners".to_owned(),
    }
}
