//! One writer: a lock in a session of its own, and a generation that every write checks.

mod holder;
mod lock;
mod locked_out;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};
use diesel_async::RunQueryDsl;

pub use self::{
    lock::{Patience, WriterLock},
    locked_out::LockedOut,
};
use super::{
    Store,
    data_version::{HOME, next_version},
    error::StoreError,
    schema::collector_state,
};
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, Prepared};

/// Identifies the writer of a generation.
#[derive(Debug, Clone)]
pub struct WriterIdentity {
    /// Setting `SECTORWATCH_INSTANCE`.
    pub instance: String,
    /// Eight hexadecimal digits, different at each start.
    pub boot_id: String,
    /// Whether the data is simulated.
    pub is_demo: bool,
}

impl Store {
    /// Takes the next generation, in the airspace of this revision. From then on, writes of older generations are
    /// refused.
    ///
    /// # Errors
    /// [`StoreError::LockLost`] when the lock's connection is gone, [`StoreError::WrongKind`] when demo data
    /// and real data would be mixed.
    pub async fn next_generation(
        &self,
        lock: &WriterLock,
        writer: &WriterIdentity,
        airspace_revision: &str,
    ) -> Result<i64, StoreError> {
        let mut session = lock.session().await;
        let Some(session) = session.as_mut().filter(|_| lock.is_held()) else {
            return Err(StoreError::LockLost);
        };
        let taken = claim(session, writer, airspace_revision).await;
        taken.map_err(|error| match error {
            error if error.is_connection_lost() => StoreError::LockLost,
            error => error,
        })
    }
}

#[derive(diesel::QueryableByName)]
struct State {
    #[diesel(sql_type = Bool)]
    is_demo: bool,
    #[diesel(sql_type = Bool)]
    is_empty: bool,
}

async fn claim(
    session: &mut Connection,
    writer: &WriterIdentity,
    airspace_revision: &str,
) -> Result<i64, StoreError> {
    let state: State = session
        .run(async |pg| {
            diesel::sql_query(
                "select is_demo, mark is null and not exists (select from flights) as is_empty \
                 from collector_state",
            )
            .get_result(pg)
            .await
        })
        .await?;
    if state.is_demo && !writer.is_demo {
        return Err(StoreError::WrongKind(
            "this database holds simulated data (made by serve --demo); real data needs \
             another one",
        ));
    }
    if writer.is_demo && !state.is_demo && !state.is_empty {
        return Err(StoreError::WrongKind(
            "this database holds real data; serve --demo needs an empty one, or one that a \
             demo made",
        ));
    }
    let next: Generation = session
        .run(async |pg| {
            diesel::sql_query(format!(
                "update collector_state set generation = generation + 1, is_demo = $1, \
                     airspace_revision = $2, writer = jsonb_build_object('instance', $3::text, \
                         'boot_id', $4::text, 'since', now()), data_home = {HOME}, \
                     data_version = case when data_home is distinct from {HOME} \
                         then {} else data_version end \
                 returning generation",
                next_version!()
            ))
            .bind::<Bool, _>(writer.is_demo)
            .bind::<Text, _>(airspace_revision)
            .bind::<Text, _>(&writer.instance)
            .bind::<Text, _>(&writer.boot_id)
            .get_result(pg)
            .await
        })
        .await?;
    Ok(next.generation)
}

#[derive(diesel::QueryableByName)]
struct Generation {
    #[diesel(sql_type = BigInt)]
    generation: i64,
}

/// Refuses all but the newest generation. The row stays locked until the transaction ends.
pub(super) async fn may_write(
    connection: &mut Connection,
    generation: i64,
) -> Result<(), StoreError> {
    use collector_state::dsl;
    let held = connection
        .run(async |pg| {
            let held = dsl::collector_state.filter(dsl::generation.eq(generation));
            held.select(dsl::id).for_update().first::<i16>(pg).await.optional()
        })
        .await?;
    held.map(drop).ok_or(StoreError::Superseded)
}

/// Like [`may_write`], and sets up to which snapshot contact and control are known.
pub(super) async fn may_write_and_know(
    connection: &mut Connection,
    generation: i64,
    contacts_mark: Time,
) -> Result<(), StoreError> {
    use collector_state::dsl;
    let held = connection
        .run(async |pg| {
            let held = diesel::update(dsl::collector_state.filter(dsl::generation.eq(generation)));
            Prepared(held.set(dsl::contacts_mark.eq(contacts_mark))).execute(pg).await
        })
        .await?;
    if held == 1 { Ok(()) } else { Err(StoreError::Superseded) }
}

/// Like [`may_write`], but without a lock, for long work that a successor need not undo. The next cycle would
/// wait for the lock.
pub(super) async fn is_newest_generation(
    connection: &mut Connection,
    generation: i64,
) -> Result<(), StoreError> {
    use collector_state::dsl;
    let newest: i64 = connection
        .run(async |pg| dsl::collector_state.select(dsl::generation).first(pg).await)
        .await?;
    if newest == generation { Ok(()) } else { Err(StoreError::Superseded) }
}
