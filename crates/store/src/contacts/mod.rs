//! The contacts transaction: the intervals of contact by radio and of control, and up to when both are known.

mod control;
mod radio;
mod restore;
mod stored;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

pub use self::restore::StoredContacts;
use super::{Store, error::StoreError, members::refusal, owner::Owner, schema::collector_state};
use sectorwatch_core::{Time, contact, control as of_sectors};
use sectorwatch_pg::{Connection, Prepared, transaction};

/// The new rows of radio contact: the flight, when the row begins, and its id.
pub type NewRows = Vec<(i64, Time, i64)>;

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
        let forget_revision = self.forget_revision();
        let scope = self.ingest().scope(Owner::Contacts);
        let mut lease = scope.acquire().await?;
        let written = transaction::<_, StoreError>(&mut lease, async |connection| {
            if !know_up_to(connection, generation, forget_revision, at).await? {
                return Err(refusal(connection, generation).await);
            }
            let new = radio::write(connection, changes.radio).await?;
            control::write(connection, changes.control).await?;
            sectorwatch_fault::point("contacts.inside");
            Ok(new)
        })
        .await;
        sectorwatch_fault::point("contacts.committed");
        let new = written?;
        self.count_contacts(changes);
        Ok(new)
    }
}

/// Sets `contacts_mark` if this generation is the newest and the list of forgotten members is unchanged. Returns
/// whether they are. The row stays locked until the transaction ends.
async fn know_up_to(
    connection: &mut Connection,
    generation: i64,
    forget_revision: i64,
    at: Time,
) -> Result<bool, StoreError> {
    use collector_state::dsl;
    let known = connection
        .run(async |pg| {
            let update = diesel::update(dsl::collector_state)
                .filter(dsl::generation.eq(generation))
                .filter(dsl::forget_revision.eq(forget_revision))
                .set(dsl::contacts_mark.eq(at));
            Prepared(update).execute(pg).await
        })
        .await?;
    Ok(known == 1)
}
