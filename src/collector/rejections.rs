//! Rejected records: those of the feed, items that PostgreSQL refused, and fields that could not be read.

use crate::{
    collector::{report::CycleReport, setup::Setup},
    status::outcome::CycleOutcome,
};
use sectorwatch_core::{
    Time,
    flight::FlightKey,
    snapshot::{RecordType, Rejected, RejectionReason, Unreadable},
    visits::Queued,
};
use sectorwatch_feed::decode::losses::RefusedSnapshot;
use sectorwatch_store::{FlightsWritten, Refused, SectorsApplied, chain};

/// What of a snapshot was not stored.
pub struct NotStored<'a> {
    /// Records that cannot be read.
    pub rejected: Vec<Rejected>,
    /// Items that PostgreSQL refused.
    pub refused: Vec<Rejected>,
    /// Fields that cannot be read.
    pub unreadable: &'a Unreadable,
}

/// Counts what was not stored, and keeps what fits. A failure to keep it is only logged.
pub async fn keep(
    setup: &Setup,
    not_stored_items: NotStored<'_>,
    published: Time,
    report: &mut CycleReport,
) {
    if report.outcome() == CycleOutcome::Superseded {
        return;
    }
    let NotStored { mut rejected, refused, unreadable } = not_stored_items;
    rejected.extend(refused);
    setup.figures.feed.rejected(&rejected);
    setup.figures.feed.unreadable(unreadable);
    // Fields come first: they are few, and each explains many records.
    let mut rows = of_fields(unreadable);
    rows.append(&mut rejected);
    rows.append(&mut report.rejected_radios);
    rows.retain(|record| !report.left_out.names(record));
    write(setup, rows, published).await;
}

/// Counts and keeps the records of a snapshot that was refused as a whole.
pub async fn keep_refused_snapshot(setup: &Setup, refused_snapshot: &RefusedSnapshot) {
    setup.figures.feed.rejected(&refused_snapshot.rejected);
    write(setup, refused_snapshot.rejected.clone(), refused_snapshot.update_timestamp).await;
}

async fn write(setup: &Setup, mut rows: Vec<Rejected>, published: Time) {
    if !setup.selection.store_free_text {
        rows.iter_mut().for_each(Rejected::drop_free_text);
    }
    if let Err(error) = setup.writing.store.write_rejected(&rows, published).await {
        tracing::debug!(error = %chain(&error), "rejected records were not kept");
    }
}

/// The items that both transactions refused.
pub fn of(written: &FlightsWritten, applied: Option<&SectorsApplied>) -> Vec<Rejected> {
    let flights = written.refused.iter().map(flight);
    let transitions = applied.into_iter().flat_map(|it| &it.refused).map(transition);
    flights.chain(transitions).collect()
}

/// One row per unreadable field, for all records together; none for fields that are only counted.
pub fn of_fields(unreadable: &Unreadable) -> Vec<Rejected> {
    let kept = unreadable.keys().filter(|(source, _)| *source != RecordType::Atis);
    let row = |(source, field): &(RecordType, &str)| Rejected {
        source: *source,
        reason: RejectionReason::Field,
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
        source: RecordType::Flight,
        reason: RejectionReason::Other,
        detail: refused.detail.clone(),
        cid: Some(key.cid),
        callsign: Some(key.callsign.to_string()),
        raw: format!("logon_time {}", key.logon_time.to_rfc3339()),
    }
}

fn transition(refused: &Refused<Queued>) -> Rejected {
    let item = &refused.item;
    Rejected {
        source: RecordType::Transition,
        reason: RejectionReason::Other,
        detail: refused.detail.clone(),
        cid: None,
        callsign: Some(item.callsign.clone()),
        raw: format!("{} {} {}", item.kind.as_str(), item.sector, item.at.time.to_rfc3339()),
    }
}
