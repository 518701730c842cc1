//! Refuses a document when too much of it is lost.

use super::DecodeError;
use sectorwatch_core::{
    Time,
    drift::Drift,
    snapshot::{Rejected, Snapshot},
};

/// Fewer losses than this may be chance.
const LEAST: usize = 10;

/// What is kept of a refused document.
#[derive(Debug)]
pub struct RefusedSnapshot {
    /// When it was published.
    pub update_timestamp: Time,
    /// The losses among its pilots.
    pub drift: Drift,
    /// The rejected records.
    pub rejected: Vec<Rejected>,
}

/// Refuses a snapshot when at least half of it, and at least [`LEAST`], cannot be read or is missing. The
/// flights in it must not look present while the rest looks gone.
pub(super) fn accept(snapshot: Snapshot, listed: usize) -> Result<Snapshot, DecodeError> {
    let (update_timestamp, drift) = (snapshot.update_timestamp, Drift::of(&snapshot));
    let refused_snapshot = |snapshot: Snapshot| {
        Box::new(RefusedSnapshot { update_timestamp, drift, rejected: snapshot.rejected })
    };
    let Drift { pilots, refused, .. } = drift;
    if is_most(refused, pilots) {
        return Err(DecodeError::Drifted {
            refused,
            pilots,
            refused_snapshot: refused_snapshot(snapshot),
        });
    }
    if let Some(connected) = snapshot.connected_clients
        && let Ok(clients) = usize::try_from(connected)
        && is_most(clients.saturating_sub(listed), clients)
    {
        return Err(DecodeError::Truncated {
            connected,
            listed,
            refused_snapshot: refused_snapshot(snapshot),
        });
    }
    Ok(snapshot)
}

fn is_most(lost: usize, all: usize) -> bool {
    lost >= LEAST && lost >= all - lost
}
