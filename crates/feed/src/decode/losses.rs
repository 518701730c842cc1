//! When so much of a document is lost that none of it is believed.

use super::DecodeError;
use sectorwatch_core::{
    Time,
    drift::Drift,
    snapshot::{Rejected, Snapshot},
};

/// Fewer than this are lost by chance.
const LEAST: usize = 10;

/// What is kept of a document that is refused although it is the feed.
#[derive(Debug)]
pub struct Remains {
    /// When it was published.
    pub update_timestamp: Time,
    /// How many of its pilots could not be read.
    pub drift: Drift,
    /// Records that could not be read.
    pub rejected: Vec<Rejected>,
}

/// Refuses a snapshot of which at least a half, and no mere handful, cannot be read or is not there: those who
/// are in it are no more gone than the rest of the network.
pub(super) fn accept(snapshot: Snapshot, listed: usize) -> Result<Snapshot, DecodeError> {
    let (update_timestamp, drift) = (snapshot.update_timestamp, Drift::of(&snapshot));
    let remains = |snapshot: Snapshot| {
        Box::new(Remains { update_timestamp, drift, rejected: snapshot.rejected })
    };
    let Drift { pilots, refused, .. } = drift;
    if is_most(refused, pilots) {
        return Err(DecodeError::Drifted { refused, pilots, remains: remains(snapshot) });
    }
    if let Some(connected) = snapshot.connected_clients
        && let Ok(clients) = usize::try_from(connected)
        && is_most(clients.saturating_sub(listed), clients)
    {
        return Err(DecodeError::Truncated { connected, listed, remains: remains(snapshot) });
    }
    Ok(snapshot)
}

fn is_most(lost: usize, all: usize) -> bool {
    lost >= LEAST && lost >= all - lost
}
