//! The whole network at a moment.

use std::collections::HashSet;

use super::{
    Publication, SimulatorSettings,
    clock::{Clock, stamp},
    controllers,
    documents::{self, General, MainDocument, PilotRecord},
    leg::Leg,
    members::Member,
    reference, transceivers,
};
use crate::domain::Time;

/// A simulated network. Cheap to ask for any moment, in any order.
#[derive(Debug)]
pub struct World {
    seed: u64,
    clock: Clock,
    members: Vec<Member>,
}

impl World {
    /// Draws the members of a network.
    pub fn new(settings: SimulatorSettings) -> Self {
        Self {
            seed: settings.seed,
            clock: Clock::new(settings.start, settings.pace),
            members: Member::all(&settings),
        }
    }

    /// What the network publishes at a moment: the same text whenever it is asked for.
    pub fn snapshot(&self, at: Time) -> Publication {
        let now_s = self.clock.simulated(at);
        let pilots = self.pilots(at);
        let duties = controllers::on_duty(self.seed, now_s);
        let stations = pilots
            .iter()
            .filter_map(|pilot| transceivers::of_pilot(pilot, &duties))
            .chain(duties.iter().filter_map(transceivers::of_controller))
            .collect::<Vec<_>>();
        let controllers = duties
            .iter()
            .map(|duty| duty.record(&self.clock))
            .collect::<Vec<_>>();
        let atis = duties
            .iter()
            .filter_map(|duty| duty.atis(self.seed, now_s, &self.clock))
            .collect::<Vec<_>>();
        let users = pilots
            .iter()
            .map(|pilot| pilot.cid)
            .chain(controllers.iter().map(|c| c.cid));
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
        Publication {
            main_json: json(&document),
            transceivers_json: json(&stations),
        }
    }

    /// The pilots that the network shows at a moment.
    pub(super) fn pilots(&self, at: Time) -> Vec<PilotRecord> {
        let now_s = self.clock.simulated(at);
        let legs = self
            .members
            .iter()
            .map(|member| Leg::of(member, self.seed, now_s));
        legs.flat_map(|leg| {
            leg.sessions
                .iter()
                .filter_map(|session| {
                    let state = leg.state(session, self.seed, now_s)?;
                    Some(documents::pilot(&leg, session, &state, &self.clock))
                })
                .collect::<Vec<_>>()
        })
        .collect()
    }
}

/// Records of texts and finite numbers cannot fail to serialize; nothing else is in a document.
fn json(document: &impl serde::Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}
