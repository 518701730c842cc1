//! What cursors and tags of the API are sealed with, asked in a session beside the pools.
//!
//! Whether an answer that a client has kept still holds is known by the version of the data alone. It is asked each
//! time, so that no process takes an erased row for a kept one, and in a session of its own, so that it waits for no
//! lease.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::sql_types::{BigInt, Binary};
use diesel_async::RunQueryDsl;
use sectorwatch_pg::{Connection, PgError};
use tokio::{runtime::Handle, sync::Mutex};

use super::{Store, error::StoreError, owner::Owner};

/// The limit of a question.
const LONGEST: Duration = Duration::from_secs(2);

/// What cursors and tags are sealed with.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct Seal {
    /// The key that all instances with one database share.
    #[diesel(sql_type = Binary)]
    pub cursor_key: Vec<u8>,
    /// It grows when rows change that were closed.
    #[diesel(sql_type = BigInt)]
    pub data_version: i64,
}

/// Asks the reader's server for the seal. Clones share one session, which is opened by the first question.
#[derive(Clone)]
pub struct SealProbe {
    runtime: Handle,
    latest: Arc<Mutex<Latest>>,
}

struct Latest {
    probe: sectorwatch_pg::Probe<Owner>,
    /// The last answer, with when it was asked for.
    answer: Option<(Instant, Seal)>,
}

impl Store {
    /// Creates a probe for the seal, without connecting.
    pub fn seal_probe(&self) -> SealProbe {
        let dialler = self.reading().unwrap_or_else(|| self.system());
        let (metrics, lifetime) = (self.counters(), self.connection_max_lifetime());
        let probe = sectorwatch_pg::Probe::new(dialler, metrics, Owner::Health, LONGEST, lifetime);
        let latest = Arc::new(Mutex::new(Latest { probe, answer: None }));
        SealProbe { runtime: self.runtime().clone(), latest }
    }
}

impl SealProbe {
    /// The seal as it is now: it is read after this is called. Callers at the same time share a question.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn ask(&self) -> Result<Seal, StoreError> {
        let (latest, called) = (self.latest.clone(), Instant::now());
        // A session is driven by the runtime that opened it.
        let asking = self.runtime.spawn(async move {
            let mut latest = latest.lock().await;
            if let Some((asked, seal)) = &latest.answer
                && *asked >= called
            {
                return Ok(seal.clone());
            }
            let asked = Instant::now();
            let seal = latest.probe.ask(ask).await?;
            latest.answer = Some((asked, seal.clone()));
            Ok(seal)
        });
        asking.await.unwrap_or(Err(StoreError::Panicked))
    }
}

async fn ask(session: &mut Connection) -> Result<Seal, PgError> {
    let question = "select cursor_key, data_version from collector_state";
    session.run(async |pg| diesel::sql_query(question).get_result(pg).await).await
}
