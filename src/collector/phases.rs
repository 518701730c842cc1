//! The phases after the flights transaction: none of them undoes it, and none holds up another.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::Utc;

use crate::{
    collector::{
        cycle::Setup,
        error::{Kind, PollError},
        rejections,
        report::CycleReport,
        source::{Publication, Source},
        stations::Wanted,
    },
    status::outcome::{CycleOutcome, Phase},
};
use sectorwatch_core::{
    Time,
    controller::Controller,
    radios::{Listed, Radios},
    snapshot::{Rejected, Snapshot, Transceivers, Unreadable},
    staffing::{Staff, staffing},
};
use sectorwatch_feed::{
    client::{Body, FeedError},
    decode::{DecodeError, decode_transceivers, losses::Remains},
    metrics::Feed,
};
use sectorwatch_store::{SectorsApplied, StoreError, StoredMark, chain};

/// The controllers of a snapshot are unknown.
#[derive(Debug, thiserror::Error)]
#[error("the feed's list of controllers is missing or of a wrong type")]
struct NoControllers;

impl Kind for NoControllers {
    fn kind(&self) -> &'static str {
        "schema"
    }
}

impl Setup {
    /// Stores the controllers that are kept, and returns them.
    pub async fn store_controllers<'s>(
        &self,
        generation: i64,
        snapshot: &'s Snapshot,
        report: &mut CycleReport,
    ) -> Vec<Cow<'s, Controller>> {
        let Some(controllers) = &snapshot.controllers else {
            report.failed(PollError::new(Phase::Controllers, NoControllers));
            return Vec::new();
        };
        let kept = self.controllers.kept(controllers);
        let published = snapshot.update_timestamp;
        let writing = async {
            let kept = self.store.as_stored(&kept).await?;
            let rows: Vec<&Controller> = kept.iter().map(AsRef::as_ref).collect();
            let written = self.store.write_controllers(generation, published, &rows).await?;
            Ok::<_, StoreError>((written, kept))
        };
        let written = report.attempt(Phase::Controllers, |(rows, _)| *rows, writing).await;
        let (rows, stored) = written.unzip();
        report.controllers = rows.unwrap_or(0);
        stored.unwrap_or_else(|| kept.into_iter().map(Cow::Borrowed).collect())
    }

    /// Who staffs each sector, by the controllers that are kept; `None` where the snapshot holds no list of them.
    pub fn staffing(
        &self,
        snapshot: &Snapshot,
        kept: Option<&[&Controller]>,
    ) -> Option<Vec<Option<Staff>>> {
        let controllers = snapshot.controllers.as_ref()?;
        let as_fed = self.controllers.kept(controllers);
        let kept = kept.unwrap_or(&as_fed);
        let doubtful = self.controllers.doubtful(&snapshot.refused_controllers, controllers, kept);
        Some(staffing(self.airspace.sectors(), kept, &doubtful))
    }

    /// Fetches the radios, and stores what changed of those that are wanted. `memory` holds what is stored:
    /// `None` until it is read, and after a write that may or may not have happened.
    pub async fn store_radios(
        &self,
        generation: i64,
        published: Time,
        source: &mut Source,
        wanted: &Wanted,
        memory: &mut Option<Radios>,
        report: &mut CycleReport,
    ) {
        if !source.has_radios() {
            return;
        }
        let storing = async {
            let body = source.fetch_radios().await.map_err(RadiosError::Feed)?;
            let Some(body) = body else {
                return Ok::<_, RadiosError>((0, Transceivers::default()));
            };
            let decoded = self.decode_radios(&body)?;
            // An empty list says as little as none: that all are gone is never meant.
            if decoded.stations.is_empty() {
                return Ok((0, decoded));
            }
            let listed = wanted.of(&decoded.stations);
            let writing = self.write_radios(generation, published, &listed, memory);
            let rows = writing.await.map_err(RadiosError::Store)?;
            Ok((rows, decoded))
        };
        let stored = report.attempt(Phase::Transceivers, |(rows, _)| *rows, storing).await;
        if let Some((rows, mut decoded)) = stored {
            report.transceivers = rows;
            report.rejected += decoded.rejected.len();
            report.rejected_radios = rejections::of_fields(&decoded.unreadable);
            report.rejected_radios.append(&mut decoded.rejected);
        }
    }

    async fn write_radios(
        &self,
        generation: i64,
        published: Time,
        listed: &[Listed<'_>],
        memory: &mut Option<Radios>,
    ) -> Result<usize, StoreError> {
        let mut stored = match memory.take() {
            Some(stored) => stored,
            None => self.store.read_transceivers(published).await?,
        };
        let changes = stored.changes(listed, published);
        let rows = self.store.write_transceivers(generation, published, &changes).await?;
        stored.advance(changes, published);
        *memory = Some(stored);
        Ok(rows)
    }

    fn decode_radios(&self, body: &Body) -> Result<Transceivers, RadiosError> {
        let decoded = decode_transceivers(&body.bytes).map_err(RadiosError::Decode)?;
        self.note_unknown_fields(Feed::Transceivers, &decoded.unknown_fields);
        self.feed_metrics.rejected(&decoded.rejected);
        self.feed_metrics.unreadable(&decoded.unreadable);
        if let Some(changed_at) = body.changed_at {
            self.feed_metrics.published(Feed::Transceivers, changed_at);
            self.feed_metrics.committed(Feed::Transceivers, changed_at, Utc::now());
        }
        Ok(decoded)
    }

    /// Drains the queue, and writes the ledger's row.
    pub async fn apply_transitions(
        &self,
        generation: i64,
        report: &mut CycleReport,
    ) -> Option<SectorsApplied> {
        let record = report.record();
        let revision = self.airspace.revision();
        let applying = self.store.apply_transitions(generation, revision, Some(&record));
        report.attempt(Phase::Sectors, |it| it.applied, applying).await
    }

    /// Drains the queue in a cycle that stored nothing, and has no row in the ledger.
    pub async fn drain(&self, generation: i64, report: &mut CycleReport) -> Option<SectorsApplied> {
        let revision = self.airspace.revision();
        let applying = self.store.apply_transitions(generation, revision, None);
        report.attempt(Phase::Sectors, |it| it.applied, applying).await
    }

    /// The flights transaction committed. A recording's feed time is the clock, so that it has no lag.
    pub fn tell_stored(&self, publication: &Publication, stored: StoredMark, report: &CycleReport) {
        report.progress.stored(stored.mark);
        // A superseded poller that wakes after its commit has older news than its successor.
        self.stored.send_if_modified(|newest| {
            let is_newer = newest.is_none_or(|newest| newest.generation <= stored.generation);
            if is_newer {
                *newest = Some(stored);
            }
            is_newer
        });
        if publication.received_at.is_some() {
            self.feed_metrics.committed(Feed::V3, stored.mark, Utc::now());
        }
    }

    /// Counts what was not taken, and keeps what fits; best effort.
    pub async fn keep_rejected(
        &self,
        mut rejected: Vec<Rejected>,
        refused: Vec<Rejected>,
        unreadable: &Unreadable,
        published: Time,
        report: &mut CycleReport,
    ) {
        if report.outcome() == CycleOutcome::Superseded {
            return;
        }
        rejected.extend(refused);
        self.feed_metrics.rejected(&rejected);
        self.feed_metrics.unreadable(unreadable);
        // Fields come first: they are few, and say of many records what is wrong.
        let mut rows = rejections::of_fields(unreadable);
        rows.append(&mut rejected);
        rows.append(&mut report.rejected_radios);
        rows.retain(|record| !report.left_out.names(record));
        self.write_rejected(rows, published).await;
    }

    /// Keeps the records of a snapshot that was refused as a whole.
    pub async fn keep_refused(&self, remains: &Remains) {
        self.feed_metrics.rejected(&remains.rejected);
        self.write_rejected(remains.rejected.clone(), remains.update_timestamp).await;
    }

    async fn write_rejected(&self, mut rows: Vec<Rejected>, published: Time) {
        if !self.store_free_text {
            rows.iter_mut().for_each(Rejected::drop_free_text);
        }
        if let Err(error) = self.store.write_rejected(&rows, published).await {
            tracing::debug!(error = %chain(&error), "rejected records were not kept");
        }
    }

    /// Publications between the mark and this one, which nobody stored.
    pub fn count_missed(&self, mark: Option<Time>, published: Time) {
        let Some(mark) = mark else { return };
        let gap = (published - mark).to_std().unwrap_or_default();
        let periods = gap.as_secs_f64() / self.publication_period.as_secs_f64();
        self.feed_metrics.missed((periods.round() as u64).saturating_sub(1));
    }

    /// One line for each field that upstream did not send before.
    pub fn note_unknown_fields(&self, feed: Feed, names: &BTreeSet<String>) {
        for name in self.feed_metrics.unknown_fields(feed, names) {
            tracing::warn!(feed = feed.as_str(), field = name, "the feed has a new field");
        }
    }
}

/// Why the radios of a cycle were not stored.
#[derive(Debug, thiserror::Error)]
enum RadiosError {
    #[error("the transceivers feed did not answer")]
    Feed(#[source] FeedError),
    #[error("the transceivers feed cannot be read")]
    Decode(#[source] DecodeError),
    #[error("the radios were not stored")]
    Store(#[source] StoreError),
}

impl Kind for RadiosError {
    fn kind(&self) -> &'static str {
        match self {
            RadiosError::Feed(error) => error.kind(),
            RadiosError::Decode(error) => error.kind(),
            RadiosError::Store(error) => error.kind(),
        }
    }
}
