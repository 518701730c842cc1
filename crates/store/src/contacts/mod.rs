//! The contacts transaction: the intervals of contact by radio and of control, and up to when both are known.
//!
//! It is one statement, which writes only with the newest generation. Its parts are made to wait for one another,
//! because the indexes allow one open row for a flight and for a sector: rows are deleted, then ended or opened again,
//! then inserted.

mod control;
mod radio;
mod restore;
mod stored;

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Timestamptz};
use diesel_async::RunQueryDsl;

pub use self::restore::StoredContacts;
use super::{
    Store, api::last_closed_midnight, data_version::next_version, error::StoreError,
    members::refusal, owner::Owner, statement::Statement,
};
use sectorwatch_core::{Time, contact, control as of_sectors};
use sectorwatch_pg::Prepared;

/// The new rows of radio contact: the flight, when the row begins, and its id.
pub type NewRows = Vec<(i64, Time, i64)>;

/// What the statement returns: the new rows, or one of nulls. No row if this generation may not write.
type Written = (Nullable<BigInt>, Nullable<Timestamptz>, Nullable<BigInt>);

/// The changes that one snapshot makes.
#[derive(Debug, Clone, Copy)]
pub struct ContactChanges<'c> {
    /// The rows of `flight_radio_intervals`.
    pub radio: &'c contact::Changes,
    /// The rows of `sector_control`.
    pub control: &'c of_sectors::Changes,
}

impl ContactChanges<'_> {
    /// The number of rows that are inserted, changed or deleted.
    pub fn rows(&self) -> usize {
        let Self { radio, control } = self;
        radio.deleted.len()
            + radio.ended.len()
            + radio.inserted.len()
            + control.deleted.len()
            + control.ended.len()
            + control.inserted.len()
    }

    /// The rows of contact that are deleted, or get another end.
    fn stored(&self) -> Vec<i64> {
        let ended = self.radio.ended.iter().map(|(id, _)| *id);
        ended.chain(self.radio.deleted.iter().copied()).collect()
    }

    /// Whether a row begins, or an interval of control ends, before the last closed midnight. An interval of control
    /// is nowhere shown but cut to a span.
    fn is_late(&self, at: Time) -> bool {
        let Self { radio, control } = self;
        let begins = radio.inserted.iter().map(|it| it.from);
        let begins = begins.chain(control.inserted.iter().map(|it| it.from));
        let ends = control.ended.iter().filter_map(|(.., to)| *to);
        let gone = control.deleted.iter().map(|(_, from)| *from);
        let earliest = begins.chain(ends).chain(gone).min();
        last_closed_midnight(at).is_some_and(|midnight| earliest.is_some_and(|it| it < midnight))
    }
}

impl Store {
    /// Writes the changes of the snapshot of `at`, and that the intervals are known up to it. Without a change, no
    /// statement is sent: the sector transaction states how far they are known.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, and [`StoreError::MemberForgotten`] when
    /// a member was forgotten since [`Store::restore`]. Nothing is written then.
    pub async fn write_contacts(
        &self,
        generation: i64,
        at: Time,
        changes: ContactChanges<'_>,
    ) -> Result<NewRows, StoreError> {
        if changes.rows() == 0 {
            return Ok(Vec::new());
        }
        let query =
            Statement::<Written>::new("with mine as (update collector_state set contacts_mark = ")
                .value::<Timestamptz, _>(at)
                .text(", data_version = case when ")
                .value::<Bool, _>(changes.is_late(at))
                .text(
                    " or exists (select from flight_radio_intervals i, collector_state s \
                     where i.from_timestamp < date_trunc('day', s.mark - interval '25 hours', 'UTC') \
                     and i.id = any(",
                )
                .value::<Array<BigInt>, _>(changes.stored())
                .text(concat!(")) then ", next_version!(), " else data_version end"))
                .text(" where generation = ")
                .value::<BigInt, _>(generation)
                .text(" and forget_revision = ")
                .value::<BigInt, _>(self.forget_revision())
                .text(" returning 1)");
        let query = control::add(radio::add(query, changes.radio), changes.control).text(
            " select new.flight_id, new.from_timestamp, new.id from mine left join new on true",
        );
        let scope = self.ingest().scope(Owner::Contacts);
        let mut lease = scope.acquire().await?;
        let written = lease.run(async |pg| Prepared(query).load(pg).await).await;
        sectorwatch_fault::point("contacts.committed");
        let written: Vec<(Option<i64>, Option<Time>, Option<i64>)> = written?;
        if written.is_empty() {
            return Err(refusal(&mut lease, generation).await);
        }
        self.count_contacts(changes);
        let new = written.into_iter().filter_map(|(flight, from, id)| Some((flight?, from?, id?)));
        Ok(new.collect())
    }
}
