//! The whole network at a moment.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Publication, SimulatorSettings,
    clock::{Clock, stamp},
    controllers,
    documents::{self, General, MainDocument, PilotRecord},
    leg::Leg,
    members::Member,
    reference, transceivers,
};
use sectorwatch_core::Time;

/// A simulated network. Any moment can be requested in any order.
#[derive(Debug)]
pub struct World {
    seed: u64,
    clock: Clock,
    members: Vec<Arc<Member>>,
    /// The latest leg of each member, as a cache: a leg follows from its number.
    legs: Mutex<Vec<Option<Arc<Leg>>>>,
}

impl World {
    /// Creates the members of a network.
    pub fn new(settings: SimulatorSettings) -> Self {
        let members = Member::all(&settings);
        Self {
            seed: settings.seed,
            clock: Clock::new(settings.start, settings.pace),
            legs: Mutex::new(vec![None; members.len()]),
            members,
        }
    }

    /// The publication at a moment: the same text for every request.
    pub fn snapshot(&self, at: Time) -> Publication {
        let now_s = self.clock.simulated(at);
        let legs = self.legs(at);
        let pilots = self.pilots(&legs, at);
        let duties = controllers::on_duty(self.seed, now_s);
        let stations = pilots
            .iter()
            .filter_map(|pilot| transceivers::of_pilot(pilot, &duties))
            .chain(duties.iter().filter_map(transceivers::of_controller))
            .collect::<Vec<_>>();
        let controllers = duties.iter().map(|duty| duty.record(&self.clock)).collect::<Vec<_>>();
        let atis = duties
            .iter()
            .filter_map(|duty| duty.atis(self.seed, now_s, &self.clock))
            .collect::<Vec<_>>();
        let users = pilots.iter().map(|pilot| pilot.cid).chain(controllers.iter().map(|c| c.cid));
        let document = MainDocument {
            general: General {
                version: 3,
                reload: 1,
                update: at.format("%Y%m%d%H%M%S").to_string(),
                update_timestamp: stamp(at),
                connected_clients: pilots.len() + controllers.len() + atis.len(),
                unique_users: users.collect::<HashSet<_>>().len(),
            },
            pilots,
            controllers,
            atis,
            servers: &reference::SERVERS,
            prefiles: [],
            facilities: &reference::FACILITIES,
            ratings: &reference::RATINGS,
            pilot_ratings: &reference::PILOT_RATINGS,
            military_ratings: &reference::MILITARY_RATINGS,
        };
        Publication { main_json: json(&document), transceivers_json: json(&stations) }
    }

    /// The leg of each member at a moment.
    pub(super) fn legs(&self, at: Time) -> Vec<Arc<Leg>> {
        let now_s = self.clock.simulated(at);
        let mut legs = self.legs.lock().unwrap_or_else(PoisonError::into_inner);
        let legs = legs.iter_mut().zip(&self.members).map(|(leg, member)| {
            let number = member.leg_number(now_s);
            match leg {
                Some(leg) if leg.trip.number == number => leg.clone(),
                _ => leg.insert(Arc::new(Leg::new(member, number, self.seed, &self.clock))).clone(),
            }
        });
        legs.collect()
    }

    /// The pilots that the network shows at a moment.
    pub(super) fn pilots<'a>(&self, legs: &'a [Arc<Leg>], at: Time) -> Vec<PilotRecord<'a>> {
        let now_s = self.clock.simulated(at);
        let mut pilots = Vec::with_capacity(legs.len());
        for leg in legs {
            for connection in &leg.connections {
                if let Some(state) = leg.state(connection, now_s) {
                    pilots.push(documents::pilot(leg, connection, &state, &self.clock));
                }
            }
        }
        pilots
    }
}

/// Records of texts and finite numbers cannot fail to serialize, and a document has nothing else.
fn json(document: &impl serde::Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}
