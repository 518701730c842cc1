//! The phase `transceivers`: fetches the radios, and stores changes of those that are wanted.

use chrono::Utc;

use crate::{
    collector::{
        contact_metrics::RadioList,
        error::TransceiversError,
        phase_runner::PhaseRunner,
        rejections,
        report::CycleReport,
        setup::{Figures, Setup},
        snapshot_source::{RadiosPublication, SnapshotSource},
        stations::Wanted,
    },
    status::outcome::Phase,
};
use sectorwatch_core::{
    Time,
    controller::Station,
    radios::{Listed, Radios},
    snapshot::Transceivers,
};
use sectorwatch_feed::{
    decode::{DecodeError, decode_transceivers},
    metrics::Feed,
};
use sectorwatch_store::{Store, StoreError};

/// The input of the phase.
pub struct RadiosOf<'a> {
    /// The generation that may write.
    pub generation: i64,
    /// When the snapshot was published.
    pub published: Time,
    /// The callsigns with wanted radios.
    pub wanted: &'a Wanted,
    /// The stored radios. `None` until they are read, and after a write of unknown result.
    pub memory: &'a mut Option<Radios>,
}

/// Fetches the radios, and stores changes of those that are wanted. Returns the stations of the network; `None` when
/// they are unknown.
pub async fn store(
    setup: &Setup,
    source: &mut SnapshotSource,
    radios: RadiosOf<'_>,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<Vec<Station>> {
    if !source.has_radios() {
        return None;
    }
    // They are known even if they cannot be stored.
    let mut fetched = None;
    let storing = async {
        let Some(publication) = source.fetch_radios().await? else {
            return Ok::<_, TransceiversError>(0);
        };
        let decoded = decode(&setup.figures, &publication)
            .map_err(|error| source.undecodable_radios(error))?;
        let decoded = fetched.insert(decoded);
        // An empty list is taken as unknown: it never means that all radios are gone.
        if decoded.stations.is_empty() {
            return Ok(0);
        }
        let listed = radios.wanted.of(&decoded.stations);
        Ok(radios.write(&setup.writing.store, &listed).await?)
    };
    let stored = phases.run(Phase::Transceivers, |rows| *rows, storing).await;
    if setup.selection.contact.is_some() {
        let list = list(fetched.as_ref(), stored.is_err());
        list.into_iter().for_each(|list| setup.figures.poller.contact.list(list));
    }
    report.transceivers = report.unless_failed(stored).unwrap_or(0);
    let mut fetched: Transceivers = fetched?;
    report.rejected += fetched.rejected.len() + fetched.surplus;
    report.rejected_radios = rejections::of_fields(&fetched.unreadable);
    report.rejected_radios.append(&mut fetched.rejected);
    Some(fetched.stations)
}

/// What came of asking for a list; `None` when a stop interrupted that.
fn list(fetched: Option<&Transceivers>, has_failed: bool) -> Option<RadioList> {
    match fetched {
        Some(fetched) if fetched.stations.is_empty() => Some(RadioList::Empty),
        Some(_) => Some(RadioList::Usable),
        None => has_failed.then_some(RadioList::Failed),
    }
}

impl RadiosOf<'_> {
    async fn write(self, store: &Store, listed: &[Listed<'_>]) -> Result<usize, StoreError> {
        let Self { generation, published, memory, .. } = self;
        let mut stored = match memory.take() {
            Some(stored) => stored,
            None => store.read_transceivers(published).await?,
        };
        let changes = stored.changes(listed, published);
        let rows = store.write_transceivers(generation, published, &changes).await?;
        stored.advance(changes, published);
        *memory = Some(stored);
        Ok(rows)
    }
}

fn decode(figures: &Figures, publication: &RadiosPublication) -> Result<Transceivers, DecodeError> {
    let decoded = decode_transceivers(&publication.bytes)?;
    figures.unknown_fields(Feed::Transceivers, &decoded.unknown_fields);
    figures.feed.rejected(&decoded.rejected);
    figures.feed.surplus(decoded.surplus);
    figures.feed.unreadable(&decoded.unreadable);
    if let Some(changed_at) = publication.changed_at {
        figures.feed.published(Feed::Transceivers, changed_at);
        figures.feed.committed(Feed::Transceivers, changed_at, Utc::now());
    }
    Ok(decoded)
}
