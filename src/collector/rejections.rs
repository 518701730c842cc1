//! Items that PostgreSQL refused, and fields that could not be read, as rejected records.

use sectorwatch_core::{
    flight::FlightKey,
    snapshot::{Reason, Rejected, Source, Unreadable},
    visits::Queued,
};
use sectorwatch_store::{FlightsWritten, Refused, SectorsApplied};

/// What both transactions refused.
pub fn of(written: &FlightsWritten, applied: Option<&SectorsApplied>) -> Vec<Rejected> {
    let flights = written.refused.iter().map(flight);
    let transitions = applied.into_iter().flat_map(|it| &it.refused).map(transition);
    flights.chain(transitions).collect()
}

/// One for each field, whosever records lost it; what is only counted has none.
pub fn of_fields(unreadable: &Unreadable) -> Vec<Rejected> {
    let kept = unreadable.keys().filter(|(source, _)| *source != Source::Atis);
    let row = |(source, field): &(Source, &str)| Rejected {
        source: *source,
        reason: Reason::Field,
        detail: (*field).to_owned(),
        cid: None,
        callsign: None,
        raw: String::new(),
    };
    kept.map(row).collect()
}

fn flight(refused: &Refused<FlightKey>) -> Rejected {
    let key = &refused.item;
    Rejected {
        source: Source::Flight,
        reason: Reason::Other,
        detail: refused.detail.clone(),
        cid: Some(key.cid),
        callsign: Some(key.callsign.to_string()),
        raw: format!("logon_time {}", key.logon_time.to_rfc3339()),
    }
}

fn transition(refused: &Refused<Queued>) -> Rejected {
    let item = &refused.item;
    Rejected {
        source: Source::Transition,
        reason: Reason::Other,
        detail: refused.detail.clone(),
        cid: None,
        callsign: Some(item.callsign.clone()),
        raw: format!("{} {} {}", item.kind.as_str(), item.sector, item.at.time.to_rfc3339()),
    }
}
