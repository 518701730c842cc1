//! The error type of each phase, and the effect of a failure on its cycle.

use std::time::Duration;

use crate::{
    collector::snapshot_source::{RadiosSourceError, SnapshotSourceError},
    status::{
        outcome::{CycleOutcome, Phase},
        standing::MarkAhead,
    },
};
use sectorwatch_feed::decode::{DecodeError, losses::RefusedSnapshot};
use sectorwatch_store::StoreError;

/// A failed phase. `Display` names only the phase; `source` is the cause.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// No document was received.
    #[error("the phase fetch failed")]
    Fetch(#[from] SnapshotSourceError),
    /// The document is not a snapshot.
    #[error("the phase decode failed")]
    Decode(#[from] DecodeError),
    /// The snapshot was not stored.
    #[error("the phase flights failed")]
    Flights(#[from] FlightsError),
    /// The controllers of the snapshot were not stored.
    #[error("the phase controllers failed")]
    Controllers(#[from] ControllersError),
    /// The radios of the cycle were not stored.
    #[error("the phase transceivers failed")]
    Transceivers(#[from] TransceiversError),
    /// Contact and control were not stored.
    #[error("the phase contacts failed")]
    Contacts(#[from] ContactsError),
    /// The queue of transitions was not applied.
    #[error("the phase sectors failed")]
    Sectors(#[from] SectorsError),
}

/// Why the flights of a snapshot were not stored.
#[derive(Debug, thiserror::Error)]
pub enum FlightsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mark is ahead of the clock, so that no snapshot can be newer.
    #[error(transparent)]
    MarkAhead(#[from] MarkAhead),
}

/// Why the controllers of a snapshot were not stored.
#[derive(Debug, thiserror::Error)]
pub enum ControllersError {
    /// The snapshot has no list of controllers.
    #[error("the feed's list of controllers is missing or of a wrong type")]
    Missing,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the radios of a cycle were not stored.
#[derive(Debug, thiserror::Error)]
pub enum TransceiversError {
    /// The list was not received, or cannot be read.
    #[error(transparent)]
    Source(#[from] RadiosSourceError),
    #[error("the radios were not stored")]
    Store(#[from] StoreError),
}

/// Why contact and control were not stored.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ContactsError(#[from] pub StoreError);

/// Why the queue of transitions was not applied.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SectorsError(#[from] pub StoreError);

impl PollError {
    /// The phase that failed.
    pub fn phase(&self) -> Phase {
        match self {
            PollError::Fetch(_) => Phase::Fetch,
            PollError::Decode(_) => Phase::Decode,
            PollError::Flights(_) => Phase::Flights,
            PollError::Controllers(_) => Phase::Controllers,
            PollError::Transceivers(_) => Phase::Transceivers,
            PollError::Contacts(_) => Phase::Contacts,
            PollError::Sectors(_) => Phase::Sectors,
        }
    }

    /// The cause, as named in metrics, logs and status.
    pub fn kind(&self) -> &'static str {
        match self {
            PollError::Fetch(error) => error.kind(),
            PollError::Decode(error) => error.kind(),
            PollError::Transceivers(TransceiversError::Source(error)) => error.kind(),
            PollError::Flights(FlightsError::MarkAhead(_)) => "mark_ahead",
            PollError::Controllers(ControllersError::Missing) => "schema",
            PollError::Flights(FlightsError::Store(error))
            | PollError::Controllers(ControllersError::Store(error))
            | PollError::Transceivers(TransceiversError::Store(error))
            | PollError::Contacts(ContactsError(error))
            | PollError::Sectors(SectorsError(error)) => error.kind(),
        }
    }

    /// The database error, in any phase.
    fn store(&self) -> Option<&StoreError> {
        match self {
            PollError::Flights(FlightsError::Store(error))
            | PollError::Controllers(ControllersError::Store(error))
            | PollError::Transceivers(TransceiversError::Store(error))
            | PollError::Contacts(ContactsError(error))
            | PollError::Sectors(SectorsError(error)) => Some(error),
            _ => None,
        }
    }

    /// Whether the database is unreachable or busy, so that another attempt is of no use.
    pub fn is_database_away(&self) -> bool {
        self.store().is_some_and(StoreError::is_away)
    }

    /// Whether the main feed answered with something that is not the feed, or with too little of it.
    pub fn is_schema(&self) -> bool {
        use DecodeError::{Drifted, Schema, Truncated};
        matches!(self, PollError::Decode(Schema(_) | Drifted { .. } | Truncated { .. }))
    }

    /// The rest of a snapshot that was refused as a whole.
    pub fn refused_snapshot(&self) -> Option<&RefusedSnapshot> {
        match self {
            PollError::Decode(error) => error.refused_snapshot(),
            _ => None,
        }
    }

    /// The pause that the feed asked for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            PollError::Fetch(SnapshotSourceError::Feed(error)) => error.retry_after(),
            _ => None,
        }
    }

    /// The outcome of a cycle whose first failure this is.
    pub fn outcome(&self) -> CycleOutcome {
        match self.store() {
            Some(StoreError::Superseded) => return CycleOutcome::Superseded,
            Some(error) if error.is_acquire_timeout() => return CycleOutcome::PoolTimeout,
            _ => {}
        }
        match self {
            PollError::Fetch(_) => CycleOutcome::FetchError,
            PollError::Decode(_) => CycleOutcome::DecodeError,
            PollError::Flights(FlightsError::MarkAhead(_)) => CycleOutcome::MarkAhead,
            PollError::Flights(FlightsError::Store(_)) => CycleOutcome::FlightsError,
            PollError::Controllers(_) => CycleOutcome::ControllersError,
            PollError::Transceivers(_) => CycleOutcome::TransceiversError,
            PollError::Contacts(_) => CycleOutcome::ContactsError,
            PollError::Sectors(_) => CycleOutcome::SectorsError,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sectorwatch_core::Time;
    use sectorwatch_store::{PgError, chain};

    fn in_each_phase(error: fn() -> StoreError) -> [PollError; 5] {
        [
            FlightsError::from(error()).into(),
            ControllersError::from(error()).into(),
            TransceiversError::from(error()).into(),
            ContactsError::from(error()).into(),
            SectorsError::from(error()).into(),
        ]
    }

    #[test]
    fn what_the_database_says_is_told_alike_in_each_phase_and_ends_it_as_it_means() {
        use CycleOutcome::{
            ContactsError, ControllersError, FlightsError, SectorsError, TransceiversError,
        };
        let timeout = || PgError::AcquireTimeout { pool: "ingest", owner: "flights" }.into();
        let each = [FlightsError, ControllersError, TransceiversError, ContactsError, SectorsError];
        for (error, kind, is_away, outcomes) in [
            (
                (|| StoreError::Superseded) as fn() -> _,
                "superseded",
                false,
                [CycleOutcome::Superseded; 5],
            ),
            (timeout, "pool_timeout", true, [CycleOutcome::PoolTimeout; 5]),
            (|| StoreError::LockLost, "lock_lost", true, each),
            (|| StoreError::MemberForgotten, "member_forgotten", false, each),
        ] {
            let failed = in_each_phase(error);
            assert_eq!(failed.each_ref().map(PollError::outcome), outcomes);
            for failed in failed {
                assert_eq!((failed.kind(), failed.is_database_away()), (kind, is_away), "{failed}");
                assert!(!failed.is_schema() && failed.refused_snapshot().is_none(), "{failed}");
            }
        }
    }

    #[test]
    fn an_error_says_its_phase_and_then_its_cause_once() {
        let said = |error: PollError| (chain(&error), error.kind(), error.outcome());
        let superseded = "superseded: another poller may write";
        let radios =
            format!("the phase transceivers failed: the radios were not stored: {superseded}");
        let [flights, _, transceivers, contacts, sectors] =
            in_each_phase(|| StoreError::Superseded);
        assert_eq!(said(flights).0, format!("the phase flights failed: {superseded}"));
        assert_eq!(said(transceivers).0, radios);
        assert_eq!(said(contacts).0, format!("the phase contacts failed: {superseded}"));
        assert_eq!(said(sectors).0, format!("the phase sectors failed: {superseded}"));
        let missing = said(ControllersError::Missing.into());
        let text = "the phase controllers failed: the feed's list of controllers is missing or of a wrong type";
        assert_eq!(missing, (text.to_owned(), "schema", CycleOutcome::ControllersError));
        let ahead = MarkAhead { mark: Time::UNIX_EPOCH, published: Time::UNIX_EPOCH };
        let ahead = said(FlightsError::from(ahead).into());
        assert!(
            ahead.0.starts_with("the phase flights failed: the newest stored snapshot is of 1970")
        );
        assert_eq!((ahead.1, ahead.2), ("mark_ahead", CycleOutcome::MarkAhead));
        let schema = PollError::from(DecodeError::Schema("no list"));
        assert!(schema.is_schema());
        let undecodable = RadiosSourceError::from(DecodeError::Schema("no list"));
        let radios = PollError::from(TransceiversError::from(undecodable));
        assert!(!radios.is_schema(), "that is not the main feed");
        assert_eq!((radios.kind(), radios.outcome()), ("schema", CycleOutcome::TransceiversError));
    }
}
