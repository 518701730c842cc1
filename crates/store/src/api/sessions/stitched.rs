//! Connections as sessions. Pure, as `v_controller_sessions` has them.

use chrono::TimeDelta;
use diesel::{
    prelude::Queryable,
    sql_types::{BigInt, Integer, Text, Timestamptz},
};
use sectorwatch_core::Time;

/// The most time between two connections of a session.
pub const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// The columns of [`ConnectionRow`]. Rows are read by place, because there are thousands of them.
pub type ConnectionColumns = (BigInt, Integer, Text, Timestamptz, Timestamptz, Integer, Integer);

/// A connection of a controller.
#[derive(Debug, Clone, Queryable)]
pub struct ConnectionRow {
    /// `controllers.id`.
    pub id: i64,
    /// The member.
    pub cid: i32,
    /// The callsign as the network has it.
    pub callsign: String,
    /// The logon, or the first sight if that is earlier.
    pub started_at: Time,
    /// The last sight.
    pub ended_at: Time,
    /// The facility.
    pub facility: i32,
    /// The rating.
    pub rating: i32,
}

/// A session, with the facility and the rating of its last connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Stitched {
    /// The member.
    pub cid: i32,
    /// The callsign, normalised.
    pub callsign: String,
    /// The begin of its first connection.
    pub started_at: Time,
    /// The last end of its connections.
    pub ended_at: Time,
    /// How many they are.
    pub connections: i32,
    /// The facility.
    pub facility: i32,
    /// The rating.
    pub rating: i32,
    /// The least id of its connections.
    pub id: i64,
}

/// The sessions of these connections, which may be in any order.
pub fn stitched(rows: Vec<ConnectionRow>) -> Vec<Stitched> {
    let mut rows: Vec<_> = rows
        .into_iter()
        .filter(|row| !is_observer(&row.callsign))
        .map(|row| ConnectionRow { callsign: normalised(&row.callsign), ..row })
        .collect();
    rows.sort_unstable_by(|a, b| {
        let key = |row: &ConnectionRow| (row.started_at, row.id);
        (a.cid, &a.callsign, key(a)).cmp(&(b.cid, &b.callsign, key(b)))
    });
    let mut sessions: Vec<Stitched> = Vec::new();
    for row in rows {
        match sessions.last_mut() {
            Some(session) if session.goes_on(&row) => session.add(&row),
            _ => sessions.push(row.into()),
        }
    }
    sessions
}

impl Stitched {
    fn goes_on(&self, row: &ConnectionRow) -> bool {
        (self.cid, &self.callsign) == (row.cid, &row.callsign)
            && row.started_at - self.ended_at <= PAUSE
    }

    /// Adds a connection that began after all others.
    fn add(&mut self, row: &ConnectionRow) {
        self.ended_at = self.ended_at.max(row.ended_at);
        self.connections += 1;
        (self.facility, self.rating) = (row.facility, row.rating);
        self.id = self.id.min(row.id);
    }
}

impl From<ConnectionRow> for Stitched {
    fn from(row: ConnectionRow) -> Self {
        let ConnectionRow { id, cid, callsign, started_at, ended_at, facility, rating } = row;
        Self { cid, callsign, started_at, ended_at, connections: 1, facility, rating, id }
    }
}

/// Whether the view leaves out a callsign: `callsign !~* '_(OBS|SUP)$'`.
fn is_observer(callsign: &str) -> bool {
    let end = callsign.len().checked_sub(4).and_then(|at| callsign.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("_OBS") || end.eq_ignore_ascii_case("_SUP"))
}

/// As `normalised_callsign`.
fn normalised(callsign: &str) -> String {
    let mut normalised = callsign.to_ascii_uppercase();
    while normalised.contains("__") {
        normalised = normalised.replace("__", "_");
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, cid: i32, callsign: &str, minutes: (i64, i64)) -> ConnectionRow {
        let at = |minute| Time::UNIX_EPOCH + TimeDelta::minutes(minute);
        let (started_at, ended_at) = (at(minutes.0), at(minutes.1));
        let (callsign, facility, rating) = (callsign.to_owned(), id as i32, 5);
        ConnectionRow { id, cid, callsign, started_at, ended_at, facility, rating }
    }

    #[test]
    fn connections_with_short_pauses_are_one_session() {
        let sessions = stitched(vec![
            row(5, 1, "SY_APP", (75, 80)),
            row(9, 1, "sy__app", (0, 30)),
            row(4, 1, "SY_APP", (35, 70)),
            row(6, 1, "SY_APP", (86, 90)),
            row(7, 2, "SY_APP", (20, 40)),
            row(8, 1, "SY_TWR", (10, 20)),
            row(10, 1, "SY_Sup", (0, 90)),
        ]);
        let told: Vec<_> = sessions
            .iter()
            .map(|it| (it.cid, &*it.callsign, it.connections, it.facility, it.id))
            .collect();
        assert_eq!(
            told,
            [
                (1, "SY_APP", 3, 5, 4),
                (1, "SY_APP", 1, 6, 6),
                (1, "SY_TWR", 1, 8, 8),
                (2, "SY_APP", 1, 7, 7),
            ]
        );
    }

    #[test]
    fn one_within_another_ends_with_that() {
        let sessions = stitched(vec![
            row(1, 1, "SY_APP", (0, 60)),
            row(2, 1, "SY_APP", (10, 20)),
            row(3, 1, "SY_APP", (64, 70)),
        ]);
        assert_eq!(sessions.len(), 1);
        assert_eq!(sessions[0].ended_at - sessions[0].started_at, TimeDelta::minutes(70));
    }

    #[test]
    fn observers_are_told_by_the_end_of_their_callsigns() {
        for callsign in ["XX_OBS", "xx_obs", "_SUP", "é_SUP"] {
            assert!(is_observer(callsign), "{callsign}");
        }
        for callsign in ["OBS", "XX_OBSR", "XXOBS", "", "SY_APP", "éSUP"] {
            assert!(!is_observer(callsign), "{callsign}");
        }
    }
}
