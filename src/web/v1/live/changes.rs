//! From two pictures to what changed between them. Pure.

use std::collections::BTreeMap;

use super::{
    cycle::{
        ContactChange, ControlChange, ControllerChanges, ControllerGone, Cycle, Entered,
        FlightChanges, Left, PositionChange,
    },
    picture::Picture,
};
use sectorwatch_core::Time;
use sectorwatch_store::api::{EndedVisit, LiveController, LiveFlight};

/// What changed from `before` to `after`. `ended` are the visits of `before` that are over.
///
/// `None` where no event can say it, because there is no mark, or the sectors themselves are others.
pub fn changes<'p>(
    before: &'p Picture,
    after: &'p Picture,
    ended: &[EndedVisit],
) -> Option<Cycle<'p>> {
    let mark = after.mark?;
    let names = |picture: &'p Picture| picture.now.sectors.iter().map(|it| &it.sector_name);
    if !names(before).eq(names(after)) {
        return None;
    }
    let flights = Pairs::of(before, after);
    Some(Cycle {
        mark,
        behind_seconds: after.now.behind_seconds,
        entered: flights.now().filter_map(|(was, now)| entered(was, now)).collect(),
        left: flights.left(mark, ended),
        contacts: flights.now().filter_map(|(was, now)| contact(mark, was, now)).collect(),
        control: control(mark, before, after),
        controllers: controllers(before, after),
        flights: FlightChanges {
            set: flights.now().filter(|(was, now)| is_other(*was, now)).map(|(_, it)| it).collect(),
            gone: flights.gone().map(|flight| flight.id).collect(),
        },
        positions: flights.now().filter_map(|(was, now)| position(was, now)).collect(),
        counts: after.now.counts,
    })
}

/// The flights of two pictures, by id.
struct Pairs<'p> {
    before: BTreeMap<i64, &'p LiveFlight>,
    after: BTreeMap<i64, &'p LiveFlight>,
}

impl<'p> Pairs<'p> {
    fn of(before: &'p Picture, after: &'p Picture) -> Self {
        let by_id = |picture: &'p Picture| {
            picture.now.flights.iter().map(|flight| (flight.id, flight)).collect()
        };
        Self { before: by_id(before), after: by_id(after) }
    }

    /// The flights that are there now, each with what it was.
    fn now(&self) -> impl Iterator<Item = (Option<&'p LiveFlight>, &'p LiveFlight)> {
        self.after.values().map(|now| (self.before.get(&now.id).copied(), *now))
    }

    fn gone(&self) -> impl Iterator<Item = &'p LiveFlight> {
        self.before.values().copied().filter(|was| !self.after.contains_key(&was.id))
    }

    fn left(&self, mark: Time, ended: &[EndedVisit]) -> Vec<Left<'p>> {
        let left = |was: &&'p LiveFlight| {
            let visit = was.visit_id?;
            let now = self.after.get(&was.id).and_then(|now| now.visit_id);
            if now == Some(visit) {
                return None;
            }
            let ended = ended.iter().find(|ended| ended.id == visit);
            Some(Left {
                flight_id: was.id,
                callsign: &was.callsign,
                sector_name: was.sector_name.as_deref()?,
                at: ended.map_or(mark, |ended| ended.exit_timestamp),
                exit_reason: ended.and_then(|ended| ended.exit_reason.clone()),
            })
        };
        self.before.values().filter_map(left).collect()
    }
}

fn entered<'p>(was: Option<&LiveFlight>, now: &'p LiveFlight) -> Option<Entered<'p>> {
    let visit = now.visit_id?;
    if was.is_some_and(|was| was.visit_id == Some(visit)) {
        return None;
    }
    Some(Entered {
        flight_id: now.id,
        callsign: &now.callsign,
        sector_name: now.sector_name.as_deref()?,
        at: now.entered_at?,
    })
}

/// A new flight of which nothing is known needs no event: it is in the list of flights as it is.
fn contact<'p>(
    mark: Time,
    was: Option<&LiveFlight>,
    now: &'p LiveFlight,
) -> Option<ContactChange<'p>> {
    let radio = &now.radio;
    let is_same = was.map_or(radio.from_timestamp.is_none(), |was| was.radio == *radio);
    (!is_same).then(|| ContactChange {
        flight_id: now.id,
        callsign: &now.callsign,
        state: &radio.state,
        controller_callsign: radio.controller_callsign.as_deref(),
        frequency_hz: radio.frequency_hz,
        from: radio.from_timestamp.unwrap_or(mark),
    })
}

fn control<'p>(mark: Time, before: &Picture, after: &'p Picture) -> Vec<ControlChange<'p>> {
    let pairs = before.now.sectors.iter().zip(&after.now.sectors);
    let changed = pairs.filter(|(was, now)| was.control != now.control);
    let change = |(_, now): (_, &'p sectorwatch_store::api::LiveSector)| ControlChange {
        sector_name: &now.sector_name,
        state: &now.control.state,
        controller_callsign: now.control.controller_callsign.as_deref(),
        owner_rank: now.control.owner_rank,
        from: now.control.from_timestamp.unwrap_or(mark),
    };
    changed.map(change).collect()
}

fn controllers<'p>(before: &'p Picture, after: &'p Picture) -> ControllerChanges<'p> {
    let (was, now) = (&before.now.controllers, &after.now.controllers);
    let key = |it: &'p LiveController| (it.callsign.as_str(), it.logon_time);
    let had: BTreeMap<_, _> = was.iter().map(|it| (key(it), it)).collect();
    let has: BTreeMap<_, _> = now.iter().map(|it| (key(it), it)).collect();
    let gone = had.keys().filter(|key| !has.contains_key(key));
    ControllerChanges {
        online: now.iter().filter(|it| had.get(&key(it)) != Some(it)).collect(),
        offline: gone
            .map(|&(callsign, logon_time)| ControllerGone { callsign, logon_time })
            .collect(),
    }
}

/// Whether more of a flight is other than its position, its visit and its radio.
fn is_other(was: Option<&LiveFlight>, now: &LiveFlight) -> bool {
    was.is_none_or(|was| {
        was.callsign != now.callsign
            || was.departure != now.departure
            || was.arrival != now.arrival
            || was.aircraft_short != now.aircraft_short
    })
}

fn position(was: Option<&LiveFlight>, now: &LiveFlight) -> Option<PositionChange> {
    let position = PositionChange::of(now);
    (was.map(PositionChange::of).as_ref() != Some(&position)).then_some(position)
}
