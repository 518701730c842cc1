//! What the phase `contacts` judges: the flights of a snapshot, their radios and the controllers.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use crate::collector::flights::Observed;
use sectorwatch_core::{
    Time,
    airspace::{Airspace, Sector},
    contact::{self, Kept, Listening, State},
    control::{Control, Doubtful, Judged, Online},
    controller::{Controller, Station},
};

/// One snapshot as it is judged.
pub struct ContactSnapshot<'s> {
    /// Its `update_timestamp`.
    pub at: Time,
    /// That of the stored snapshot before.
    pub previous: Option<Time>,
    /// The flights that were observed in it.
    pub flights: &'s [Observed],
    /// The radios of the same cycle; `None` when they are unknown.
    pub stations: Option<&'s [Station]>,
    /// The controllers; `None` when they are unknown.
    pub controllers: Option<Controllers<'s>>,
    /// `None` when contact is not recorded.
    pub rules: Option<&'s contact::Rules>,
    /// The airspace in force.
    pub airspace: &'s Airspace,
    /// What the radios show, once it was asked for.
    pub heard: OnceLock<Option<Listening<'s>>>,
}

/// The controllers of a snapshot, and who may be one.
pub struct Controllers<'s> {
    /// Those that are kept, with their rows.
    pub kept: Vec<Kept<'s>>,
    /// Callsigns whose record, or whose frequency, is unknown.
    pub unheard: Vec<Arc<str>>,
    /// Who may be online on a position.
    pub doubtful: Vec<Doubtful>,
}

impl<'s> ContactSnapshot<'s> {
    /// What is known of the radio of each flight.
    pub fn radio(&self, rules: &'s contact::Rules) -> Vec<(i64, State)> {
        let listening = self.listening(rules);
        let state = |flight: &Observed| match listening {
            Some(listening) => listening.of(&flight.callsign),
            None => State::Unknown,
        };
        self.flights.iter().map(|flight| (flight.flight_id, state(flight))).collect()
    }

    /// What the radios show; `None` when they or the controllers are unknown.
    pub fn listening(&self, rules: &'s contact::Rules) -> Option<&Listening<'s>> {
        let listening = || {
            // An empty list is unknown: it never means that nobody has a radio.
            let stations = self.stations.filter(|stations| !stations.is_empty())?;
            let controllers = self.controllers.as_ref()?;
            let kept = controllers.kept.iter().copied();
            let heard: Vec<Kept<'_>> = kept.filter(|it| !it.controller.lost("frequency")).collect();
            Some(Listening::new(stations, &heard, controllers.unheard.iter().cloned(), rules))
        };
        self.heard.get_or_init(listening).as_ref()
    }

    /// The flights that were observed in an earlier snapshot, too.
    pub fn seen_before(&self) -> impl Iterator<Item = i64> {
        let before = self.flights.iter().filter(|flight| flight.previous.is_some());
        before.map(|flight| flight.flight_id)
    }

    /// The sectors with owners.
    pub fn sectors(&self) -> impl Iterator<Item = &Sector> {
        self.airspace.sectors().iter().filter(|sector| !sector.owners.is_empty())
    }

    /// Who controls each sector.
    pub fn control(&self) -> Judged {
        let of = |control: &dyn Fn(&Sector) -> Control| -> BTreeMap<Arc<str>, Control> {
            self.sectors().map(|sector| (Arc::clone(&sector.id), control(sector))).collect()
        };
        let sectors = match &self.controllers {
            None => of(&|_| Control::Unknown),
            Some(Controllers { kept, doubtful, .. }) => {
                let controllers: Vec<&Controller> = kept.iter().map(|it| it.controller).collect();
                let online = Online::new(self.airspace.positions(), &controllers, doubtful);
                let row = |by: &Controller| {
                    kept.iter().find(|it| std::ptr::eq(it.controller, by)).map(|it| it.id)
                };
                of(&|sector| {
                    let verdict = online.verdict(sector);
                    verdict.map_or(Control::Unknown, |verdict| Control::of(verdict, row))
                })
            }
        };
        let airspace_revision = self.airspace.revision().into();
        Judged { at: self.at, airspace_revision, sectors }
    }
}
