//! The right to write, as a process takes it at its start, and what is a reason to end there.

use sectorwatch_store::{Patience, StoreError};

use crate::collector::{claim::Claim, setup::Writing};

/// Why a process does not begin to write.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be reached.
    #[error("{advice}")]
    OutOfReach {
        /// What to do.
        advice: &'static str,
        /// Why not.
        #[source]
        source: StoreError,
    },
    /// The database, or who else writes it, refuses.
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
    /// Looks at what lies between, takes the right to write, with patience for a predecessor that is
    /// about to end, and brings the schema to this version. `advice` says what to do when the database cannot be
    /// reached.
    ///
    /// # Errors
    /// What the database, or who else writes it, refuses.
    pub async fn claim_at_start(&self, advice: &'static str) -> Result<Claim, StartError> {
        let claiming = async {
            self.store.look_between().await?;
            self.claims.take(self.claims.next_epoch(), Patience::AT_START).await
        };
        claiming.await.map_err(|error| StartError::of(error, advice))
    }

    /// The same for who is about to write flights: refuses to begin where members were forgotten and their
    /// key is not here, since nobody could tell who they are.
    ///
    /// # Errors
    /// As [`Writing::claim_at_start`], and [`StoreError::ForgetKey`].
    pub async fn begin(&self, advice: &'static str) -> Result<Claim, StartError> {
        let claim = self.claim_at_start(advice).await?;
        needed_at_start(self.store.require_key().await).map_err(StartError::Refused)?;
        Ok(claim)
    }

    /// The same for who serves, and stays up without the right while a stranger holds the lock: the cycles try
    /// again. That is told.
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

/// What else fails than the key is found again by the first cycle.
fn needed_at_start(key: Result<(), StoreError>) -> Result<(), StoreError> {
    match key {
        Err(error @ StoreError::ForgetKey(_)) => Err(error),
        _ => Ok(()),
    }
}

/// The stranger that holds the lock, which is no reason to end.
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
                    StartError::OutOfReach { source, .. } | StartError::Refused(source) => source.kind(),
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
