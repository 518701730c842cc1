//! One writer: a session lock on a connection of its own, and a generation that every write checks.

use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio_postgres::Client;

use super::{
    Store,
    connection::{Connection, Dialled, Role},
    error::StoreError,
    schema::collector_state,
};

/// The advisory lock of the writer: `sectorwa` in ASCII, as a bigint.
const LOCK: i64 = i64::from_be_bytes(*b"sectorwa");
const PAUSE: Duration = Duration::from_millis(250);

/// Whose writes a generation's are.
#[derive(Debug, Clone)]
pub struct WriterIdentity {
    /// Setting `SECTORWATCH_INSTANCE`.
    pub instance: String,
    /// Eight hex digits, new at each start.
    pub boot_id: String,
    /// The data is simulated.
    pub is_demo: bool,
    /// Of the airspace in force.
    pub airspace_revision: String,
}

/// The right to write, while its connection lives.
pub struct WriterLock {
    dialled: Dialled,
}

impl WriterLock {
    /// Whether PostgreSQL still holds it for us, as far as this side can tell. A successor that
    /// takes it raises the generation, so that a write in between is refused.
    pub fn is_held(&self) -> bool {
        !self.dialled.client.is_closed()
    }
}

impl Store {
    /// Takes the writer's lock on a connection of its own.
    ///
    /// # Errors
    /// [`StoreError::Locked`] with the holder when `patience` is over.
    pub async fn lock_writer(&self, patience: Duration) -> Result<WriterLock, StoreError> {
        let dialled = self.dial_system().await?;
        let client = &dialled.client;
        let begun = tokio::time::Instant::now();
        loop {
            let locked: bool = client
                .query_one("select pg_try_advisory_lock($1)", &[&LOCK])
                .await
                .map_err(refused)?
                .get(0);
            if locked {
                return Ok(WriterLock { dialled });
            }
            if begun.elapsed() >= patience {
                return Err(StoreError::Locked { holder: holder(client).await });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Takes the next generation: from now on, writes of older ones are refused.
    ///
    /// # Errors
    /// [`StoreError::LockLost`] when the lock's connection is gone, [`StoreError::WrongKind`] when
    /// demo data and real data would meet.
    pub async fn next_generation(
        &self,
        lock: &WriterLock,
        writer: &WriterIdentity,
    ) -> Result<i64, StoreError> {
        if !lock.is_held() {
            return Err(StoreError::LockLost);
        }
        let client = &lock.dialled.client;
        let state = client
            .query_one(
                "select is_demo, mark is null and not exists (select from flights) \
                 from collector_state",
                &[],
            )
            .await
            .map_err(refused)?;
        let (is_demo, is_empty): (bool, bool) = (state.get(0), state.get(1));
        if is_demo && !writer.is_demo {
            return Err(StoreError::WrongKind(
                "this database holds simulated data (made by serve --demo); real data needs \
                 another one",
            ));
        }
        if writer.is_demo && !is_demo && !is_empty {
            return Err(StoreError::WrongKind(
                "this database holds real data; serve --demo needs an empty one, or one that a \
                 demo made",
            ));
        }
        let row = client
            .query_one(
                "update collector_state set generation = generation + 1, is_demo = $1, \
                     airspace_revision = $2, writer = jsonb_build_object('instance', $3::text, \
                         'boot_id', $4::text, 'since', now()) \
                 returning generation",
                &[&writer.is_demo, &writer.airspace_revision, &writer.instance, &writer.boot_id],
            )
            .await
            .map_err(refused)?;
        Ok(row.get(0))
    }

    async fn dial_system(&self) -> Result<Dialled, StoreError> {
        let dialler = self.system().clone();
        let dialling = self.runtime().spawn(async move { dialler.dial(Role::System).await });
        dialling.await.map_err(|_| StoreError::LockLost)?.map_err(StoreError::Connect)
    }
}

fn refused(error: tokio_postgres::Error) -> StoreError {
    match error.is_closed() {
        true => StoreError::LockLost,
        false => StoreError::Claim(error),
    }
}

async fn holder(client: &Client) -> String {
    let unknown = || "it did not write down who it is".to_owned();
    let row = client
        .query_one(
            "select format('instance %s (boot %s), since %s', writer ->> 'instance', \
                 writer ->> 'boot_id', \
                 to_char((writer ->> 'since')::timestamptz at time zone 'UTC', \
                     'YYYY-MM-DD HH24:MI:SS UTC')) \
             from collector_state where writer is not null",
            &[],
        )
        .await;
    row.ok().and_then(|row| row.get::<_, Option<String>>(0)).unwrap_or_else(unknown)
}

/// Only the newest generation may write; the row stays locked until the transaction ends.
pub(super) async fn may_write(
    connection: &mut Connection,
    generation: i64,
) -> Result<(), StoreError> {
    use collector_state::dsl;
    let held = connection
        .run(async |pg| {
            diesel::update(dsl::collector_state.filter(dsl::generation.eq(generation)))
                .set(dsl::generation.eq(generation))
                .execute(pg)
                .await
        })
        .await?;
    if held == 1 { Ok(()) } else { Err(StoreError::Superseded) }
}
