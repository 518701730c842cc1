//! `/livez` and `/readyz`, for systems that restart the process or route requests to it.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use chrono::TimeDelta;

use super::WebState;
use crate::status::{Live, StatusSnapshot};
use sectorwatch_core::Time;

/// Whether the process works. The database does not matter, because its outage must not restart the service
/// in a loop.
pub async fn livez(state: Data<WebState>) -> HttpResponse {
    if is_dead(&state.status.load(), &(state.live)(), WebState::now()) {
        let text = "dead: the poller has no heartbeat, and is not restarted any more\n";
        return plain(StatusCode::SERVICE_UNAVAILABLE, text.into());
    }
    plain(StatusCode::OK, "ok\n".into())
}

/// Whether the service can serve. The feed does not matter, nor does the reader's server.
pub async fn readyz(state: Data<WebState>) -> HttpResponse {
    let (live, now) = ((state.live)(), WebState::now());
    let reasons = unready(&live, now);
    if reasons.is_empty() {
        let is_blind = live.read_database.is_some_and(|reader| !reader.reached_lately(now));
        let text = match is_blind {
            true => {
                "ready: the writer's database answers; the one that history is read from does not\n"
            }
            false => "ready\n",
        };
        return plain(StatusCode::OK, text.into());
    }
    let text = format!("not ready: {}\n", reasons.join("; "));
    plain(StatusCode::SERVICE_UNAVAILABLE, text)
}

/// Why the service is not ready; empty when it is.
pub fn unready(live: &Live, now: Time) -> Vec<&'static str> {
    let rules = [
        (live.draining, "shutting down"),
        (live.data_lost.is_some(), "the data of the embedded PostgreSQL is lost"),
        (live.locked_out.is_some(), "a stranger holds the writer's lock"),
        (!live.migrated, "migrations are not at head"),
        (
            !live.database.reached_lately(now),
            "the database has not answered within the last 30 s (the writer's)",
        ),
    ];
    (rules.into_iter()).filter_map(|(holds, reason)| holds.then_some(reason)).collect()
}

/// No heartbeat for 10 intervals, and at least 30 s, and the supervisor cannot help.
fn is_dead(snapshot: &StatusSnapshot, live: &Live, now: Time) -> bool {
    let heartbeat_at = live.liveness.heartbeat_at.unwrap_or(snapshot.service.started_at);
    let limit = (snapshot.cycles.interval.saturating_mul(10)).max(Duration::from_secs(30));
    let limit = TimeDelta::from_std(limit).unwrap_or(TimeDelta::MAX);
    live.liveness.gave_up_at.is_some() && now - heartbeat_at > limit
}

fn plain(status: StatusCode, text: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Service;

    fn at(seconds: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn dead_needs_both_silence_and_a_supervisor_that_gave_up() {
        // Interval, whether the supervisor gave up, seconds without a heartbeat; whether it is dead.
        let rows = [
            (15, true, 150, false),
            (15, true, 151, true),
            (15, false, 9_000, false),
            (1, true, 30, false),
            (1, true, 31, true),
        ];
        for (interval, gave_up, silence, dead) in rows {
            let service = Service {
                version: "0.1.0",
                revision: None,
                started_at: at(0),
                instance: "test".into(),
            };
            let interval = Duration::from_secs(interval);
            let snapshot = StatusSnapshot::at_start(service, interval, false);
            let mut live = Live::default();
            live.liveness.heartbeat_at = Some(at(100));
            live.liveness.gave_up_at = gave_up.then_some(at(100));
            let now = at(100 + silence);
            let row = (interval, gave_up, silence);
            assert_eq!(is_dead(&snapshot, &live, now), dead, "{row:?}");
        }
    }

    #[test]
    fn ready_needs_migrations_a_database_and_no_shutdown() {
        let mut live = Live { migrated: true, ..Live::default() };
        live.database.contact_at = Some(at(0));
        assert!(unready(&live, at(30)).is_empty());
        assert_eq!(unready(&live, at(31)).len(), 1);
        live.draining = true;
        live.migrated = false;
        assert_eq!(unready(&live, at(31)).len(), 3);
        live.data_lost = Some(at(0));
        let reasons = unready(&live, at(31)).join("; ");
        assert!(reasons.contains("is lost"), "{reasons}");
    }
}
