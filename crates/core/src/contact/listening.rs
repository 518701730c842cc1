//! What the radios of one snapshot show of each flight.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Rules, State,
    sites::{Sites, Tuned},
};
use crate::controller::{Antenna, Controller, Station};

/// A controller that is kept, with its row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept<'c> {
    /// `controllers.id`.
    pub id: i64,
    /// Its record, with stored values for what could not be read.
    pub controller: &'c Controller,
}

/// The radios of one cycle, with the controllers of the same snapshot.
#[derive(Debug)]
pub struct Listening<'s> {
    /// By callsign in upper case.
    stations: HashMap<String, &'s Station>,
    sites: Sites<'s>,
    rules: &'s Rules,
}

impl<'s> Listening<'s> {
    /// Takes the stations of the network, each callsign once, and the controllers that are kept. `doubtful` are the
    /// callsigns whose record as a controller could not be read.
    pub fn new(
        stations: &'s [Station],
        kept: &[Kept<'s>],
        doubtful: impl IntoIterator<Item = Arc<str>>,
        rules: &'s Rules,
    ) -> Self {
        let stations: HashMap<String, &Station> =
            stations.iter().map(|it| (it.callsign.to_ascii_uppercase(), it)).collect();
        let antennas = |callsign: &str| -> &'s [Antenna] {
            stations.get(callsign).map_or(&[], |station| &station.antennas)
        };
        let mut sites = Sites::default();
        for (callsign, controller) in one_each(kept) {
            sites.add(controller, antennas(&callsign), rules);
        }
        for callsign in doubtful {
            sites.doubt(antennas(&callsign.to_ascii_uppercase()), rules);
        }
        Self { stations, sites, rules }
    }

    /// What is known of the flight with this callsign. Unknown when it is not listed, as of pilots who use text, or
    /// when none of its radios can be read.
    pub fn of(&self, callsign: &str) -> State {
        let Some(station) = self.station(callsign) else { return State::Unknown };
        let best = self.tuned_by(station).min_by(Tuned::order);
        match best {
            Some(best) => State::Contact(best.partner()),
            None if station.antennas.is_empty() && !station.is_whole => State::Unknown,
            None if self.sites.may_hear_doubtful(&station.antennas, self.rules) => State::Unknown,
            None => State::Alone,
        }
    }

    /// All that the flight is tuned to, in no order.
    pub fn tuned(&self, callsign: &str) -> Vec<Tuned<'s>> {
        self.station(callsign).map_or_else(Vec::new, |station| self.tuned_by(station).collect())
    }

    fn station(&self, callsign: &str) -> Option<&'s Station> {
        self.stations.get(&callsign.to_ascii_uppercase()).copied()
    }

    fn tuned_by<'a>(&'a self, station: &'a Station) -> impl Iterator<Item = Tuned<'s>> + 'a {
        self.sites.tuned(&station.antennas, self.rules)
    }
}

/// The controller of each callsign: of two, who logged on first, then the lesser CID.
fn one_each<'c>(kept: &[Kept<'c>]) -> BTreeMap<String, Kept<'c>> {
    let mut first: BTreeMap<String, Kept<'c>> = BTreeMap::new();
    let precedence = |it: &Kept<'_>| (it.controller.logon_time, it.controller.cid);
    for controller in kept {
        first
            .entry(controller.controller.callsign.to_ascii_uppercase())
            .and_modify(|other| {
                if precedence(controller) < precedence(other) {
                    *other = *controller;
                }
            })
            .or_insert(*controller);
    }
    first
}
