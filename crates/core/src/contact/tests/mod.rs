//! The rule of contact by radio: the worked examples, and histories against a rule written apart.

mod examples;
mod histories;
mod observations;
mod tuned;

use chrono::TimeDelta;

use super::*;
use crate::{
    Time,
    controller::{Antenna, Controller, Station},
    sample::time,
};

pub const GRACE: TimeDelta = TimeDelta::seconds(45);

pub fn controller(callsign: &str, frequency: &str) -> Controller {
    Controller {
        cid: 1,
        callsign: callsign.into(),
        logon_time: time(-3_600),
        facility: 0,
        rating: 5,
        frequency: frequency.to_owned(),
        visual_range: None,
        text_atis: None,
        server: String::new(),
        last_updated: time(0),
        unreadable: Vec::new(),
    }
}

pub fn antenna(mhz: f64, (latitude, longitude): (f64, f64), height_m: f64) -> Antenna {
    let frequency_hz = (mhz * 1e6).round() as u32;
    Antenna { frequency_hz, latitude, longitude, height_msl_m: Some(height_m) }
}

pub fn station(callsign: &str, antennas: &[Antenna]) -> Station {
    Station {
        callsign: callsign.into(),
        transceivers: Vec::new(),
        antennas: antennas.to_vec(),
        is_whole: true,
    }
}

/// In contact with the controller of this letter.
pub fn with(letter: char) -> State {
    State::Contact(Partner {
        controller_id: Some(i64::from(u32::from(letter))),
        callsign: Some(format!("{letter}_CTR").into()),
        frequency_hz: 128_300_000,
        is_primary: true,
    })
}

/// A letter for what an interval holds: `N`, `U`, or that of its controller.
pub fn letter(state: &State) -> char {
    match state {
        State::Alone => 'N',
        State::Unknown => 'U',
        State::Contact(partner) => {
            let id = partner.controller_id.and_then(|id| u32::try_from(id).ok());
            id.and_then(char::from_u32).unwrap_or('?')
        }
    }
}

/// What a letter stands for.
pub fn state(letter: char) -> State {
    match letter {
        'N' => State::Alone,
        'U' => State::Unknown,
        letter => with(letter),
    }
}

/// The table of one flight, into which changes are written as the store does.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub rows: Vec<(i64, Interval)>,
    ids: i64,
    /// How many rows were inserted, changed or deleted.
    pub touched: usize,
}

pub const FLIGHT: i64 = 7;

impl Table {
    /// Writes the changes. Returns the ids of the new rows.
    pub fn write(&mut self, changes: &Changes) -> Vec<(i64, Time, i64)> {
        self.touched += changes.deleted.len() + changes.ended.len() + changes.inserted.len();
        self.rows.retain(|(id, _)| !changes.deleted.contains(id));
        for (id, to) in &changes.ended {
            self.rows.iter_mut().find(|(known, _)| known == id).expect("a row").1.to = *to;
        }
        let mut ids = Vec::new();
        for new in &changes.inserted {
            self.ids += 1;
            let NewInterval { flight_id, state, from, to } = new.clone();
            self.rows.push((self.ids, Interval { id: Some(self.ids), state, from, to }));
            ids.push((flight_id, from, self.ids));
        }
        self.rows.sort_by_key(|(_, row)| row.from);
        let open = self.rows.iter().filter(|(_, row)| row.to.is_none()).count();
        assert!(open <= 1, "the index allows one open row: {:?}", self.rows);
        ids
    }

    /// The rows that a restart reads.
    pub fn stored(&self, last_seen: Time, contact_seen: Option<Time>) -> StoredFlight {
        let rows: Vec<Interval> = self.rows.iter().map(|(_, row)| row.clone()).collect();
        let open = rows.iter().find(|row| row.to.is_none()).cloned();
        let touched = |open: &Interval| {
            let is_alone = open.state == State::Alone;
            let before = rows.iter().find(|row| row.to == Some(open.from));
            before.filter(|row| is_alone && row.state.partner().is_some()).cloned()
        };
        let ended = rows.last().and_then(|row| row.to);
        let before = open.as_ref().and_then(touched);
        let rows = before.into_iter().chain(open).collect();
        StoredFlight { flight_id: FLIGHT, last_seen, contact_seen, rows, ended }
    }
}
