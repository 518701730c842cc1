//! Taking the right to write when the process starts, and which failures end the start.

use sectorwatch_store::{Patience, StoreError};

use crate::collector::{claim::Claim, setup::Writing};

/// Why the start ended.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be reached.
    #[error("{advice}")]
    OutOfReach {
        /// What an operator should do.
        advice: &'static str,
        /// The cause.
        #[source]
        source: StoreError,
    },
    /// The database or another writer refused.
    #[error(transparent)]
    Refused(StoreError),
}

impl StartError {
    fn of(error: StoreError, advice: &'static str) -> Self {
        match error.is_connect() {
            true => Self::OutOfReach { advice, source: error },
            false => Self::Refused(error),
        }
    }
}

impl Writing {
    /// Checks for a pooler, takes the right to write, waiting for a predecessor that is about to end, and migrates
    /// the schema. `advice` is for a database that cannot be reached.
    ///
    /// # Errors
    /// The database cannot be reached, or it or another writer refused.
    pub async fn claim_at_start(&self, advice: &'static str) -> Result<Claim, StartError> {
        let claiming = async {
            self.store.check_for_poolers().await?;
            self.claims.take(self.claims.next_epoch(), Patience::AT_START).await
        };
        claiming.await.map_err(|error| StartError::of(error, advice))
    }

    /// Like [`Writing::claim_at_start`], for a process that will write flights. It also needs the key of forgotten
    /// members, because without it they cannot be recognised.
    ///
    /// # Errors
    /// As [`Writing::claim_at_start`], and [`StoreError::ForgetKey`].
    pub async fn begin(&self, advice: &'static str) -> Result<Claim, StartError> {
        let claim = self.claim_at_start(advice).await?;
        needed_at_start(self.store.require_key().await).map_err(StartError::Refused)?;
        Ok(claim)
    }

    /// Like [`Writing::begin`], for a service: if a stranger holds the lock, this is logged and the service starts
    /// without the right to write. Its cycles try again.
    ///
    /// # Errors
    /// As [`Writing::begin`].
    pub async fn begin_or_stand_by(&self, advice: &'static str) -> Result<(), StartError> {
        if let Some(locked_out) = stands_by(self.begin(advice).await)? {
            let error = sectorwatch_store::chain(&locked_out);
            tracing::error!(error, "nothing is stored until that session is gone");
        }
        Ok(())
    }
}

/// Only a missing key ends the start. The first cycle meets all other failures again.
fn needed_at_start(key: Result<(), StoreError>) -> Result<(), StoreError> {
    match key {
        Err(error @ StoreError::ForgetKey(_)) => Err(error),
        _ => Ok(()),
    }
}

/// The error if a stranger holds the lock, which does not end the start of a service.
fn stands_by<T>(begun: Result<T, StartError>) -> Result<Option<StoreError>, StartError> {
    match begun {
        Ok(_) => Ok(None),
        Err(StartError::Refused(error @ StoreError::LockedOut { .. })) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use sectorwatch_store::{ConnectError, KeyError, PgError, chain};

    use super::*;

    fn missing_key() -> StoreError {
        StoreError::ForgetKey(KeyError::Missing { file: PathBuf::from("/data/forget.key") })
    }

    #[test]
    fn only_a_key_that_is_missing_ends_the_start() {
        for (key, ends) in
            [(Ok(()), false), (Err(missing_key()), true), (Err(StoreError::Panicked), false)]
        {
            let said = format!("{key:?}");
            assert_eq!(needed_at_start(key).is_err(), ends, "{said}");
        }
    }

    #[test]
    fn only_a_stranger_is_waited_out() {
        let holder = || "process 7".to_owned();
        for (begun, expected) in [
            (Ok(()), Ok(None)),
            (Err(StoreError::LockedOut { holder: holder() }), Ok(Some("locked_out"))),
            (Err(StoreError::Locked { holder: holder() }), Err("locked")),
            (Err(StoreError::MigrationLocked { holder: holder() }), Err("locked")),
            (Err(missing_key()), Err("forget_key")),
            (Err(StoreError::WrongKind("demo")), Err("wrong_kind")),
        ] {
            let kinds = stands_by(begun.map_err(StartError::Refused))
                .map(|locked_out| locked_out.map(|error| error.kind()))
                .map_err(|error| match error {
                    StartError::OutOfReach { source, .. } | StartError::Refused(source) => {
                        source.kind()
                    }
                });
            assert_eq!(kinds, expected);
        }
    }

    #[test]
    fn advice_is_given_only_where_the_database_cannot_be_reached() {
        let refused = PgError::Connect(ConnectError::Timeout).into();
        for (error, expected) in [
            (
                refused,
                "look there: cannot connect to PostgreSQL: no answer from the database in time",
            ),
            (StoreError::Panicked, "the work on the database panicked"),
            (
                PgError::AcquireTimeout { pool: "ingest", owner: "flights" }.into(),
                "no connection of pool ingest for flights within the acquire time-out",
            ),
        ] {
            assert_eq!(chain(&StartError::of(error, "look there")), expected);
        }
    }
}
