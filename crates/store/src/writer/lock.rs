//! The two advisory locks, in one session: the writer's lock as long as the process writes, and the migration
//! lock while the schema changes. The holder of the first may take the second, so that nobody changes the
//! schema under a writer.

use std::time::Duration;

use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::Instant,
};

use super::holder::{Holder, MIGRATION, WRITER, holder};
use crate::{Store, error::StoreError, owner::Owner};
use sectorwatch_pg::{Connection, Life};

const PAUSE: Duration = Duration::from_millis(250);
/// The interval at which a long wait is logged.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// How long to wait for the holder of a lock.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// While another holds the lock.
    pub usual: Duration,
    /// While the holder migrates the schema.
    pub migrating: Duration,
}

impl Patience {
    /// 10 s for a predecessor that is about to end, and 10 min for one that migrates.
    pub const AT_START: Self =
        Self { usual: Duration::from_secs(10), migrating: Duration::from_secs(600) };
}

impl From<Duration> for Patience {
    fn from(patience: Duration) -> Self {
        Self { usual: patience, migrating: patience }
    }
}

/// The right to write, as long as its session lives.
pub struct WriterLock {
    /// `None` during a migration, and after one that did not return the session.
    session: Mutex<Option<Connection>>,
    life: Life,
}

impl WriterLock {
    fn new(session: Connection) -> Self {
        let life = session.life();
        Self { session: Mutex::new(Some(session)), life }
    }

    /// Whether PostgreSQL still holds the lock for us, as far as the client knows. A successor that takes it
    /// raises the generation, so that a write in between is refused.
    pub fn is_held(&self) -> bool {
        self.life.goes_on()
    }

    /// The session, for one or more statements.
    pub(super) async fn session(&self) -> MutexGuard<'_, Option<Connection>> {
        self.session.lock().await
    }
}

impl Store {
    /// Takes the writer's lock in a session of its own.
    ///
    /// # Errors
    /// [`StoreError::Locked`] with the holder when the patience is over, and [`StoreError::LockedOut`] at
    /// once when the holder is no sectorwatch.
    pub async fn lock_writer(
        &self,
        patience: impl Into<Patience>,
    ) -> Result<WriterLock, StoreError> {
        let mut session = self.open_session(Owner::Writer).await?;
        let waited = wait_for(&mut session, WRITER, patience.into()).await;
        self.note_locked_out(waited.as_ref().err());
        waited?;
        Ok(WriterLock::new(session))
    }

    /// Migrates the schema to this version, while the writer's lock is held.
    ///
    /// # Errors
    /// [`StoreError::MigrationLocked`] with the holder when the patience is over, [`StoreError::Migrate`]
    /// when a migration fails or the schema is newer than this program.
    pub async fn migrate(
        &self,
        lock: &WriterLock,
        patience: impl Into<Patience>,
    ) -> Result<String, StoreError> {
        let mut held = lock.session().await;
        let mut session = held.take().ok_or(StoreError::LockLost)?;
        wait_for(&mut session, MIGRATION, patience.into()).await?;
        // On the `db` runtime, because the harness blocks its thread, which only a multi-thread runtime
        // allows.
        let migrating = self.runtime().spawn(session.migrate(crate::migrate::run));
        let migrated = migrating.await.map_err(|_| StoreError::Panicked)?;
        let (mut session, migrated) = migrated?;
        session
            .run(async |pg| Asked::query("select pg_advisory_unlock($1)", MIGRATION, pg).await)
            .await?;
        *held = Some(session);
        migrated
    }
}

/// Polls for a lock, because a waiting statement would run into its own time limit.
async fn wait_for(
    session: &mut Connection,
    lock: i64,
    patience: Patience,
) -> Result<(), StoreError> {
    let begun = Instant::now();
    let mut logged_at = begun;
    let mut is_holder_checked = false;
    loop {
        let asked =
            async |pg: &mut _| Asked::query("select pg_try_advisory_lock($1)", lock, pg).await;
        if session.run(asked).await? {
            return Ok(());
        }
        // A foreign session is not waited for, because nothing indicates how long it will hold the lock.
        if lock == WRITER && !std::mem::replace(&mut is_holder_checked, true) {
            refuse_foreign(holder(session, lock).await?.as_ref())?;
        }
        if begun.elapsed() >= patience.usual
            && let Some(holder) = holder(session, lock).await?
        {
            if lock == WRITER {
                refuse_foreign(Some(&holder))?;
            }
            let migrates = holder.migrates || lock == MIGRATION;
            if !migrates || begun.elapsed() >= patience.migrating {
                return Err(refused(lock, &holder));
            }
            if logged_at.elapsed() >= LOG_EVERY || logged_at == begun {
                logged_at = Instant::now();
                tracing::warn!(
                    holder = %holder,
                    holds = holder.holds(),
                    backend_pid = holder.pid,
                    waited_s = begun.elapsed().as_secs(),
                    "another process changes the schema of this database: waiting for it"
                );
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn refuse_foreign(holder: Option<&Holder>) -> Result<(), StoreError> {
    match holder.filter(|holder| holder.is_foreign()) {
        Some(holder) => Err(StoreError::LockedOut { holder: holder.to_string() }),
        None => Ok(()),
    }
}

fn refused(lock: i64, holder: &Holder) -> StoreError {
    let holder = match holder.migrates {
        true => format!("{holder}, which holds {} (pg_locks)", holder.holds()),
        false => holder.to_string(),
    };
    match lock {
        MIGRATION => StoreError::MigrationLocked { holder },
        _ => StoreError::Locked { holder },
    }
}

#[derive(diesel::QueryableByName)]
struct Asked {
    #[diesel(sql_type = Bool)]
    #[diesel(column_name = "answer")]
    answer: bool,
}

impl Asked {
    async fn query(
        question: &str,
        lock: i64,
        pg: &mut diesel_async::AsyncPgConnection,
    ) -> diesel::QueryResult<bool> {
        let query = diesel::sql_query(format!("{question} as answer")).bind::<BigInt, _>(lock);
        Ok(query.get_result::<Self>(pg).await?.answer)
    }
}
