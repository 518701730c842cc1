//! The sector state machine: `step(state, snapshot) → (next state, transitions)`.
//!
//! Each flight has one state. Live operation, replay and restart use it alike, with feed time; the wall clock
//! is never read. The table of rules is in `docs/architecture.md`.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use super::{
    Time,
    absence::{Begun, Moment},
    filter::{Filtered, Sighting},
    flight::{PartialKey, Pilot, says_something},
    movements::{self, AirportState, Happened, Observed},
    presence::Refused,
    rules::Rules,
    tracking::{StoredPlan, Tracked, Tracking},
    transition::{Transition, TransitionKind},
};

/// A flight to be written, observed in this snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation<'s> {
    /// The pilot's record in the snapshot.
    pub pilot: &'s Pilot,
    /// `flights.id`, if the flight is known.
    pub flight_id: Option<i64>,
    /// `greatest(least(last_updated, update_timestamp), the previous observation time)`.
    pub observed_at: Time,
    /// Slow observations in a row. Stored, so that a restart changes nothing.
    pub slow_polls: i16,
    /// Whether the flight is in scope. Only then does it get a row in the history of positions.
    pub in_scope: bool,
    /// Whether the plan is new, and not less complete than the stored one.
    pub plan_changed: bool,
    /// Where the flight is with respect to airports. Stored, so that a restart changes nothing.
    pub airport: AirportState,
    /// The movement at an airport that became known by this observation.
    pub movement: Option<Happened>,
}

/// The effect of one snapshot on the state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step<'s> {
    /// The moment of the snapshot.
    pub now: Moment,
    /// The state after the flights transaction has committed.
    pub next: Tracking,
    /// The flights to write.
    pub observations: Vec<Observation<'s>>,
    /// `flights.id` of flights that are present by a refused record, which only updates `last_seen`.
    pub present: Vec<i64>,
    /// New items of the queue. For each flight, closes precede opens.
    pub transitions: Vec<Transition>,
}

/// Applies a snapshot to the state: the selected pilots, and flights that are present by a refused record.
pub fn step<'s>(
    begun: Begun,
    filtered: &Filtered<'s>,
    refused: &[PartialKey],
    rules: &Rules,
    of_movements: &movements::Rules,
) -> Step<'s> {
    let Begun { now, tracking, ended } = begun;
    let mut step = Step { now, next: tracking, transitions: ended, ..Step::default() };
    for sighting in &filtered.sightings {
        step.observe(sighting, rules, of_movements);
    }
    step.see(&Refused::new(refused));
    step.next.retain(|_, flight| flight.is_remembered(now.at));
    step
}

impl<'s> Step<'s> {
    /// Marks flights inside as present when a refused record agrees with them. That is no observation.
    fn see(&mut self, refused: &Refused<'_>) {
        if refused.is_empty() {
            return;
        }
        for (key, flight) in &mut self.next {
            let was_observed = flight.last_seen == self.now.at;
            if flight.visit.is_some() && !was_observed && refused.agree(key) {
                (flight.last_seen, flight.observed_time) = (self.now.at, self.now.observed_time);
                self.present.extend(flight.id);
            }
        }
    }

    fn observe(&mut self, sighting: &Sighting<'s>, rules: &Rules, of_movements: &movements::Rules) {
        let pilot = sighting.pilot;
        let previous = self.next.get(&pilot.key);
        let visit = previous.and_then(|flight| flight.visit.clone());
        let slow_polls = previous.map_or(0, |flight| flight.slow_polls);
        let judged = judge(visit, slow_polls, sighting, rules);
        let stored_plan = previous.map(|flight| flight.plan).unwrap_or_default();
        let new_plan = plan_to_store(stored_plan, pilot);
        // A record ahead of its publication must not freeze its track until that time.
        let heard = pilot.last_updated.min(self.now.at);
        let observed_at = previous.map_or(heard, |flight| flight.observed_at.max(heard));
        let airport = previous.map(|flight| flight.airport.clone()).unwrap_or_default();
        let seen = Observed::of(pilot, observed_at, self.now.at);
        let (airport, movement) = of_movements.step(&airport, &seen);
        let flight = Tracked {
            id: previous.and_then(|flight| flight.id),
            observed_at,
            last_seen: self.now.at,
            observed_time: self.now.observed_time,
            latitude: pilot.latitude,
            longitude: pilot.longitude,
            altitude: pilot.altitude,
            slow_polls: judged.slow_polls,
            visit: judged.visit,
            plan: new_plan.unwrap_or(stored_plan),
            airport: airport.clone(),
        };
        if let Some((kind, sector)) = judged.transition {
            self.transitions.push(flight.transition(&pilot.key, kind, sector));
        }
        self.observations.push(Observation {
            pilot,
            flight_id: flight.id,
            observed_at: flight.observed_at,
            slow_polls: flight.slow_polls,
            in_scope: sighting.in_scope,
            plan_changed: new_plan.is_some(),
            airport,
            movement,
        });
        self.next.insert(pilot.key.clone(), flight);
    }
}

struct Judged {
    visit: Option<Arc<str>>,
    slow_polls: i16,
    transition: Option<(TransitionKind, Arc<str>)>,
}

/// Applies the table of rules to one observation of a flight that is in scope or has an open visit.
fn judge(
    visit: Option<Arc<str>>,
    slow_polls: i16,
    sighting: &Sighting<'_>,
    rules: &Rules,
) -> Judged {
    let speed_kt = sighting.pilot.groundspeed;
    let Some(current) = visit else {
        let is_fast = speed_kt.is_some_and(|kt| kt >= rules.entry_speed_kt);
        let entered = sighting.sector.clone().filter(|_| is_fast);
        return Judged {
            transition: entered.clone().map(|sector| (TransitionKind::Entered, sector)),
            visit: entered,
            slow_polls: 0,
        };
    };
    if speed_kt.is_some_and(|kt| kt < rules.exit_speed_kt) {
        let slow_polls = slow_polls.saturating_add(1);
        if slow_polls >= rules.exit_polls {
            return Judged::outside(TransitionKind::Slow, current);
        }
        return Judged { visit: Some(current), slow_polls, transition: None };
    }
    let sector = if sighting.stays { Some(&current) } else { sighting.sector.as_ref() };
    match sector {
        None => Judged::outside(TransitionKind::Left, current),
        Some(sector) if *sector != current => Judged {
            visit: Some(sector.clone()),
            slow_polls: 0,
            transition: Some((TransitionKind::Crossed, sector.clone())),
        },
        Some(_) => Judged {
            visit: Some(current),
            slow_polls: if speed_kt.is_some() { 0 } else { slow_polls },
            transition: None,
        },
    }
}

impl Judged {
    fn outside(kind: TransitionKind, left: Arc<str>) -> Self {
        Self { visit: None, slow_polls: 0, transition: Some((kind, left)) }
    }
}

/// Returns the stored plan after the pilot's plan is written, or `None` when it is not written: a known plan
/// is never overwritten by an absent one, nor a complete one by an incomplete one. Unreadable fields keep
/// their stored values.
fn plan_to_store(stored: StoredPlan, pilot: &Pilot) -> Option<StoredPlan> {
    let plan = pilot.flight_plan.as_ref()?;
    let mut hasher = DefaultHasher::new();
    plan.hash(&mut hasher);
    // An unreadable field is not an absent field.
    let of_plan = pilot.unreadable.iter().filter(|field| field.starts_with("flight_plan."));
    of_plan.for_each(|field| field.hash(&mut hasher));
    let kept = |field| pilot.unreadable.contains(&field);
    let new = StoredPlan {
        has_departure: says_something(plan.departure.as_deref())
            || (stored.has_departure && kept("flight_plan.departure")),
        has_arrival: says_something(plan.arrival.as_deref())
            || (stored.has_arrival && kept("flight_plan.arrival")),
        digest: Some(hasher.finish()),
    };
    let is_worse = stored.is_complete() && !plan.is_complete();
    (!is_worse && new.digest != stored.digest).then_some(new)
}

#[cfg(test)]
mod tests;
