//! The reasons from the pools.

use chrono::TimeDelta;

use super::{Reason, Status};
use crate::status::{Live, OldestLease, PoolFigures, StatusSnapshot};
use sectorwatch_core::Time;

const EXHAUSTED_GRACE: TimeDelta = TimeDelta::seconds(60);
/// For how long a leak is a reason. Its counter stays.
const LEAK_REASON_LASTS: TimeDelta = TimeDelta::hours(1);
/// The limit for the age of an audit, which runs at least every 2 minutes.
const AUDIT_GRACE: TimeDelta = TimeDelta::seconds(300);

/// Without the poller's pool nothing is stored; without the web's pool, histories wait.
pub fn exhausted(name: &str, pool: Option<&PoolFigures>, now: Time) -> Option<Reason> {
    let pool = pool?;
    let since = pool.exhausted_since?;
    let max = pool.max;
    (now - since > EXHAUSTED_GRACE).then(|| Reason {
        code: "pool_exhausted",
        message: format!(
            "All {max} connections of the {name} pool are out, and someone waits.{}",
            holder(pool)
        ),
        since,
        alert: Some("SectorwatchPoolExhausted"),
        severity: if name == "ingest" { Status::Critical } else { Status::Degraded },
    })
}

/// A connection leaked within the last hour.
pub fn leaked(name: &str, pool: Option<&PoolFigures>, now: Time) -> Option<Reason> {
    let pool = pool?;
    let leak = pool.latest_leak.filter(|leak| now - leak.at <= LEAK_REASON_LASTS)?;
    let total: u64 = pool.leaks_confirmed.values().sum();
    Some(Reason {
        code: "leak_confirmed",
        message: format!(
            "The {name} pool leaked a connection ({}); {total} since the start. The log says where.",
            leak.kind.as_str()
        ),
        since: leak.at,
        alert: Some("SectorwatchPoolLeakConfirmed"),
        severity: Status::Degraded,
    })
}

/// A connection has been out for longer than its owner's threshold.
pub fn overdue(name: &str, pool: Option<&PoolFigures>, now: Time) -> Option<Reason> {
    let pool = pool.filter(|pool| pool.suspects > 0)?;
    let longest = pool.oldest_lease.as_ref().map_or(0.0, |lease| lease.seconds);
    Some(Reason {
        code: "lease_overdue",
        message: format!(
            "Out beyond the threshold: {} of the {} connections of the {name} pool.{}",
            pool.suspects,
            pool.max,
            holder(pool)
        ),
        since: now - TimeDelta::milliseconds((longest * 1000.0) as i64),
        alert: Some("SectorwatchPoolLeaseOverdue"),
        severity: Status::Degraded,
    })
}

/// No audit succeeds, so that leaks that only the server can see stay undetected.
pub fn audit_blind(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Option<Reason> {
    let pool = live.ingest.as_ref()?;
    let since = pool.last_audit_at.unwrap_or(snapshot.service.started_at);
    (now - since > AUDIT_GRACE).then(|| Reason {
        code: "audit_blind",
        message: "The server's sessions were not audited for more than 300 s.".into(),
        since,
        alert: Some("SectorwatchLeakAuditBlind"),
        severity: Status::Degraded,
    })
}

fn holder(pool: &PoolFigures) -> String {
    let Some(OldestLease { owner, seconds, location }) = &pool.oldest_lease else {
        return String::new();
    };
    format!(" Out longest: {owner}, {location}, {seconds:.0} s.")
}
