//! The whole network at a moment.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Publication, SimulatorSettings,
    clock::{Clock, stamp},
    connections::NetworkConnection,
    documents::{self, General, MainDocument, PilotRecord},
    habits::LATE_S,
    leg::{Leg, State},
    members::Member,
    reference,
    stations::{Caller, Stations},
    transceivers,
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
        let on_duty = Stations::at(self.seed, now_s);
        let transceivers_json = json(&self.radios(&legs, &on_duty, now_s));
        let duties = || on_duty.0.iter().map(|(duty, _)| duty);
        let controllers = duties().map(|duty| duty.record(&self.clock)).collect::<Vec<_>>();
        let atis = duties()
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
        Publication { main_json: json(&document), transceivers_json }
    }

    /// The radios of pilots and controllers at a moment.
    fn radios<'a>(
        &self,
        legs: &'a [Arc<Leg>],
        on_duty: &'a Stations,
        now_s: f64,
    ) -> Vec<transceivers::Station<'a>> {
        let earlier = LATE_S.map(|late_s| {
            let then_s = now_s - f64::from(late_s);
            (late_s, then_s, Stations::at(self.seed, then_s))
        });
        // The voice connection of a ghost has ended.
        let talking = visible(legs, now_s).filter(|(_, connection, _)| now_s < connection.until_s);
        let of_pilots = talking.filter_map(|(leg, connection, state)| {
            let pilot = documents::pilot(leg, connection, &state, &self.clock);
            let channel = |late_s: i32| {
                let (then, stations) = match earlier.iter().find(|(late, ..)| *late == late_s) {
                    Some((_, then_s, stations)) => (leg.state(connection, *then_s)?, stations),
                    None => (state, on_duty),
                };
                stations.channel_for(&Caller {
                    place: then.position,
                    altitude_ft: then.altitude_ft,
                    groundspeed_kt: then.groundspeed_kt,
                    calls_locally: pilot.cid % 2 == 0,
                })
            };
            transceivers::of_pilot(&pilot, self.seed, now_s, channel)
        });
        let duties = on_duty.0.iter();
        let of_controllers =
            duties.filter_map(|(duty, sites)| transceivers::of_controller(duty, sites));
        of_pilots.chain(of_controllers).collect()
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
        let shown = visible(legs, self.clock.simulated(at));
        shown
            .map(|(leg, connection, state)| documents::pilot(leg, connection, &state, &self.clock))
            .collect()
    }
}

/// The connections that the network shows at a moment, each with what is known of it.
fn visible(
    legs: &[Arc<Leg>],
    now_s: f64,
) -> impl Iterator<Item = (&Leg, &NetworkConnection, State)> {
    legs.iter().flat_map(move |leg| {
        let connections = leg.connections.iter();
        connections.filter_map(move |connection| {
            Some((leg.as_ref(), connection, leg.state(connection, now_s)?))
        })
    })
}

/// Records of texts and finite numbers cannot fail to serialize, and a document has nothing else.
fn json(document: &impl serde::Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}
