//! The status as plain text, for a terminal: at most 25 lines, the verdict and its reasons first.

use std::fmt::{self, Write};

use super::{
    endpoints::ENDPOINTS,
    shown::{count, known, seconds, time, total},
};
use crate::poller::status::{PoolFigures, SectorReport, StatusReport};

const MOST_REASONS: usize = 5;
const MOST_SECTORS: usize = 7;

/// All of it. Figures are those of the JSON, as the page shows them.
pub fn text(report: &StatusReport) -> String {
    let mut text = String::with_capacity(2048);
    // Writing to a text does not fail.
    let _ = head(&mut text, report);
    let _ = work(&mut text, report);
    let _ = pool(&mut text, "ingest", report.pool.ingest.as_ref());
    let _ = pool(&mut text, "read", report.pool.read.as_ref());
    let _ = traffic(&mut text, report);
    text
}

fn head(out: &mut impl Write, report: &StatusReport) -> fmt::Result {
    let service = &report.service;
    writeln!(
        out,
        "{} {} {}: {}, as of {}",
        service.name,
        service.version,
        service.instance,
        report.status.as_str().to_uppercase(),
        time(report.generated_at)
    )?;
    if let Some(notice) = report.notice {
        writeln!(out, "{notice}")?;
    }
    for reason in report.reasons.iter().take(MOST_REASONS) {
        let since = time(reason.since);
        write!(out, "! {}, since {since}: {}", reason.code, reason.message)?;
        match reason.alert {
            Some(alert) => writeln!(out, " Alert: {alert}.")?,
            None => writeln!(out)?,
        }
    }
    if report.reasons.len() > MOST_REASONS {
        writeln!(out, "! and more: ?format=json")?;
    }
    Ok(())
}

fn work(out: &mut impl Write, report: &StatusReport) -> fmt::Result {
    let (poller, feed, database) = (&report.poller, &report.feed, &report.database);
    writeln!(
        out,
        "poller       {}, every {}; last good cycle {} ago; {} failures in a row; up for {}",
        poller.state,
        seconds(poller.interval_seconds),
        known(poller.seconds_since_success, seconds),
        total(poller.consecutive_failures),
        seconds(report.service.uptime_seconds),
    )?;
    if let Some(error) = &poller.last_error {
        let (phase, kind) = (error.phase, error.kind);
        writeln!(out, "last error   {kind} in the phase {phase}, {}", time(error.at))?;
    }
    write!(out, "phases      ")?;
    for phase in &report.phases {
        write!(out, " {} {}", phase.name, known(phase.last_seconds, seconds))?;
        if phase.outcome == "error" {
            write!(out, " (error)")?;
        }
    }
    writeln!(
        out,
        "\nfeed         published {} ago; {} pilots; {} to commit; {} records rejected",
        known(feed.age_seconds, seconds),
        known(feed.connected_pilots, total),
        known(feed.lag_seconds, seconds),
        total(feed.rejected_total),
    )?;
    writeln!(
        out,
        "database     {}; round trip {}; PostgreSQL {}; schema {}{}",
        known(database.reachable, |ok| if ok { "reachable" } else { "NOT reachable" }.to_owned()),
        known(database.latency_seconds, seconds),
        known(database.server_version.as_deref(), str::to_owned),
        known(database.migration.as_deref(), str::to_owned),
        database.error_class.map(|class| format!("; failure {class}")).unwrap_or_default(),
    )
}

fn pool(out: &mut impl Write, name: &str, pool: Option<&PoolFigures>) -> fmt::Result {
    let Some(pool) = pool else {
        return writeln!(out, "pool {name:<7} not known");
    };
    write!(
        out,
        "pool {name:<7} {} of {} in use, {} idle, {} waiting, {} timed out, {} suspected",
        count(pool.checked_out),
        count(pool.max),
        count(pool.idle),
        count(pool.pending),
        total(pool.timeouts_total),
        count(pool.suspects),
    )?;
    let mut leaks = pool.leaks_confirmed.iter().filter(|(_, leaks)| **leaks > 0).peekable();
    if leaks.peek().is_none() {
        write!(out, ", no leaks")?;
    }
    for (kind, leaks) in leaks {
        write!(out, ", {} LEAKED ({kind})", total(*leaks))?;
    }
    match &pool.oldest_lease {
        Some(lease) => {
            let held = seconds(lease.seconds);
            writeln!(out, "; longest {} for {held}, {}", lease.owner, lease.location)
        }
        None => writeln!(out),
    }
}

fn traffic(out: &mut impl Write, report: &StatusReport) -> fmt::Result {
    let airspace = &report.airspace;
    write!(
        out,
        "airspace     {} flights; {} visits open; {} transitions waiting; controllers:",
        known(airspace.flights, total),
        known(airspace.open_entries, total),
        known(airspace.pending_transitions, total),
    )?;
    match &report.controllers {
        None => write!(out, " not known")?,
        Some(online) => {
            for (facility, controllers) in online {
                write!(out, " {facility} {}", total(*controllers))?;
            }
        }
    }
    writeln!(out)?;
    let mut busiest: Vec<&SectorReport> = report.sectors.iter().collect();
    busiest.sort_by_key(|sector| std::cmp::Reverse(sector.occupancy)); // stable: ties by file order
    for sector in busiest.iter().take(MOST_SECTORS) {
        let staff = match sector.staffed_by.as_deref() {
            None => "staffing not known".to_owned(),
            Some([]) => "staffed by nobody".to_owned(),
            Some(callsigns) => format!("staffed by {}", callsigns.join(" ")),
        };
        writeln!(
            out,
            "{:<12} {:>5} now, {:>5} entered and {:>5} left in the last hour; {staff}",
            sector.name,
            total(sector.occupancy),
            total(sector.entered_last_hour),
            total(sector.left_last_hour),
        )?;
    }
    if busiest.len() > MOST_SECTORS {
        writeln!(out, "(the busiest sectors; all of them: ?format=json)")?;
    }
    let paths: Vec<_> = ENDPOINTS.iter().map(|(path, _)| *path).collect();
    writeln!(out, "also         {}", paths.join(" "))
}
