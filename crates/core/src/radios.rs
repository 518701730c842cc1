//! The stored radios, and the changes that a new list makes.
//!
//! There is rarely a change: radios keep their channel for many minutes, and a flight's radio is where the
//! flight is. The rows are therefore kept in memory, and only differences are written.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::TimeDelta;
use strum::IntoStaticStr;

use super::{Time, controller::Transceiver};

/// How long a callsign keeps its radios after it was last listed and wanted.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// The type of station that has a radio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Entity {
    /// A flight in scope.
    Flight,
    /// A kept controller.
    Atc,
}

impl Entity {
    /// The value in the column.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The place of a controller's radio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// In metres above mean sea level; `None` when unknown.
    pub height_msl_m: Option<f64>,
    /// In metres above ground; `None` when unknown.
    pub height_agl_m: Option<f64>,
}

/// The row of one radio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Radio {
    /// The frequency in hertz.
    pub frequency_hz: i32,
    /// `None` for a flight's radio, which moves with the flight.
    pub site: Option<Site>,
}

/// The radios of one wanted callsign in a list.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// The callsign as in the list.
    pub callsign: &'a Arc<str>,
    /// The type of station.
    pub entity: Entity,
    /// The radios, with unique ids. An empty list means that there are none.
    pub transceivers: &'a [Transceiver],
    /// Whether these are all radios. An unreadable radio is unknown, not gone.
    pub is_whole: bool,
}

/// The rows of `transceivers`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Radios(BTreeMap<Arc<str>, Station>);

#[derive(Debug, Clone, PartialEq)]
struct Station {
    radios: BTreeMap<i32, Radio>,
    /// `update_timestamp` of the snapshot in which it was last listed and wanted.
    listed_at: Time,
}

/// The changes that a list makes. They advance [`Radios`] once they are written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RadioChanges {
    /// Rows that are new, or have a changed channel or site.
    pub written: Vec<(Arc<str>, i32, Radio)>,
    /// Rows to be deleted, by callsign and id.
    pub gone: Vec<(Arc<str>, i32)>,
    listed: Vec<Arc<str>>,
}

impl RadioChanges {
    /// Whether there is no change.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.gone.is_empty()
    }
}

impl Radios {
    /// The rows at a start. It is unknown for how long a callsign has not been listed, so that the time is
    /// counted from now on.
    pub fn restored(rows: impl IntoIterator<Item = (Arc<str>, i32, Radio)>, now: Time) -> Self {
        let mut radios = Self::default();
        for (callsign, id, radio) in rows {
            radios.station(callsign, now).radios.insert(id, radio);
        }
        radios
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.0.values().map(|station| station.radios.len()).sum()
    }

    /// The changes by the list of `published`, of which `listed` is the wanted part.
    pub fn changes(&self, listed: &[Listed<'_>], published: Time) -> RadioChanges {
        let mut changes = RadioChanges::default();
        let none = BTreeMap::new();
        for station in listed {
            let rows = self.0.get(station.callsign).map_or(&none, |stored| &stored.radios);
            let of = |it: &Transceiver| radio(station.entity, it, rows.get(&it.id));
            let radios = station.transceivers.iter().map(|it| (it.id, of(it)));
            let radios: BTreeMap<i32, Radio> = radios.collect();
            let named = |id: &i32| (station.callsign.clone(), *id);
            let gone = rows.keys().filter(|id| station.is_whole && !radios.contains_key(id));
            changes.gone.extend(gone.map(named));
            let new = radios.iter().filter(|(id, radio)| rows.get(id) != Some(radio));
            changes.written.extend(new.map(|(id, radio)| (station.callsign.clone(), *id, *radio)));
            changes.listed.push(station.callsign.clone());
        }
        let named: BTreeSet<&Arc<str>> = changes.listed.iter().collect();
        for (callsign, station) in &self.0 {
            if published - station.listed_at > KEPT && !named.contains(callsign) {
                changes.gone.extend(station.radios.keys().map(|id| (callsign.clone(), *id)));
            }
        }
        changes
    }

    /// Advances the rows after the changes are stored.
    pub fn advance(&mut self, changes: RadioChanges, published: Time) {
        for (callsign, id) in changes.gone {
            if let Some(station) = self.0.get_mut(&callsign) {
                station.radios.remove(&id);
            }
        }
        for (callsign, id, radio) in changes.written {
            self.station(callsign, published).radios.insert(id, radio);
        }
        for callsign in changes.listed {
            if let Some(station) = self.0.get_mut(&callsign) {
                station.listed_at = published;
            }
        }
        self.0.retain(|_, station| !station.radios.is_empty());
    }

    fn station(&mut self, callsign: Arc<str>, listed_at: Time) -> &mut Station {
        let new = || Station { radios: BTreeMap::new(), listed_at };
        self.0.entry(callsign).or_insert_with(new)
    }
}

/// The row of a radio. An unreadable height keeps its stored value.
fn radio(entity: Entity, transceiver: &Transceiver, stored: Option<&Radio>) -> Radio {
    let stored = stored.and_then(|radio| radio.site);
    let is_lost = |field| transceiver.unreadable.contains(&field);
    let mut site = Site {
        latitude: transceiver.latitude,
        longitude: transceiver.longitude,
        height_msl_m: transceiver.height_msl_m,
        height_agl_m: transceiver.height_agl_m,
    };
    if is_lost("heightMslM") {
        site.height_msl_m = stored.and_then(|stored| stored.height_msl_m);
    }
    if is_lost("heightAglM") {
        site.height_agl_m = stored.and_then(|stored| stored.height_agl_m);
    }
    // The decoder's range keeps a frequency within the column.
    let frequency_hz = i32::try_from(transceiver.frequency_hz).unwrap_or(i32::MAX);
    Radio { frequency_hz, site: (entity == Entity::Atc).then_some(site) }
}

#[cfg(test)]
mod tests;
