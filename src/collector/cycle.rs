//! One poll, from top to bottom: fetch → decode → filter → collect → flights → controllers →
//! transceivers → contacts → sectors. Data moves forward only; memory advances by what was committed.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    collector::{
        claim::Claim,
        contacts::ContactMemory,
        error::{FlightsError, PollError},
        flights::{self, StoredFlights, observed},
        memory::Memory,
        phase_runner::PhaseRunner,
        rejections::{self, NotStored},
        report::CycleReport,
        setup::Setup,
        snapshot_source::{Publication, SnapshotSource},
    },
    status::{
        outcome::{CycleOutcome, Phase},
        standing::Standing,
    },
};
use sectorwatch_core::{
    Time,
    control::{Control, Staff},
    filter::Filtered,
    occupancy::Step,
    radios::Radios,
    snapshot::Snapshot,
};
use sectorwatch_feed::{decode::decode, metrics::Feed};
use sectorwatch_store::{StoreError, StoredMark, chain};

/// A poller: what it knows, and the claim with which it writes.
pub struct Collector {
    pub setup: Setup,
    /// The epoch of this poller in its process.
    pub epoch: u64,
    claim: Option<Claim>,
    /// `None` until restored, and after a failed flights phase.
    pub memory: Option<Memory>,
    /// The newest publication that was not behind the mark.
    pub(super) newest_seen: Option<Time>,
    /// The generation for which `restored` was logged.
    logged_generation: Option<i64>,
    /// Controllers online in the latest snapshot that held any.
    pub online: Option<BTreeMap<&'static str, u64>>,
    /// Who staffs each sector according to the same snapshot, in the order of the airspace file.
    pub staffing: Option<Vec<Option<Staff>>>,
    /// Who controls each sector according to the newest stored snapshot; `None` while that is unknown.
    pub control: Option<BTreeMap<Arc<str>, Control>>,
    /// The radios that are stored; `None` until they are read.
    pub(super) radios: Option<Radios>,
    /// What is known of contact by radio and of control.
    pub contacts: ContactMemory,
    /// Whether a member was forgotten since the newest snapshot was stored. What is displayed of it may then
    /// be theirs.
    pub(super) has_forgotten: bool,
}

impl Collector {
    /// Creates a poller that has no claim and no memory yet.
    pub fn new(mut setup: Setup, epoch: u64) -> Self {
        setup.selection.airspace = setup.airspaces.newest();
        Self {
            setup,
            epoch,
            claim: None,
            memory: None,
            newest_seen: None,
            logged_generation: None,
            online: None,
            staffing: None,
            control: None,
            radios: None,
            contacts: ContactMemory::default(),
            has_forgotten: false,
        }
    }

    /// Uses the newest airspace from now on. Only between two cycles.
    pub fn take_airspace(&mut self) {
        self.setup.selection.airspace = self.setup.airspaces.newest();
        // They are of the sectors of the airspace before.
        (self.staffing, self.control) = (None, None);
    }

    /// The generation with which it writes, once it holds a claim.
    pub fn generation(&self) -> Option<i64> {
        self.claim.as_ref().map(|claim| claim.generation)
    }

    /// Runs one poll.
    ///
    /// # Errors
    /// Returns the error of the phase that ended the cycle. Failures of later phases are in the report.
    pub async fn cycle(
        &mut self,
        source: &mut SnapshotSource,
        phases: &mut PhaseRunner,
        report: &mut CycleReport,
    ) -> Result<CycleOutcome, PollError> {
        let Some((publication, mut snapshot)) = self.observe(source, phases, report).await? else {
            return Ok(self.unchanged(source, phases, report).await);
        };
        let published = snapshot.update_timestamp;
        let standing = self.standing_of(&mut snapshot, source, phases, report).await?;
        if standing != Standing::Newer {
            source.remember(publication.etag.filter(|_| standing == Standing::Same));
            return Ok(self.not_newer(standing, phases, report).await);
        }
        let (Some(memory), Some(claim)) = (&mut self.memory, &self.claim) else {
            return Err(FlightsError::from(StoreError::LockLost).into());
        };
        let (setup, generation) = (self.setup.clone(), claim.generation);
        let Setup { writing, selection, figures, .. } = &setup;
        figures.missed(memory.mark, published);
        figures.poller.traffic.forgotten(report.left_out.records);
        let recalled = memory.recall(&writing.store, &snapshot, &selection.airspace).await;
        recalled.map_err(FlightsError::from)?;

        let in_scope = |(_, filtered): &(_, Filtered<'_>)| filtered.in_scope();
        let (begun, filtered) = phases.compute(Phase::Filter, in_scope, || {
            sectorwatch_fault::point("cycle.filter");
            let begun = selection.begin(&memory.tracking, memory.moment(published));
            let filtered = selection.filter(&snapshot, &begun);
            (begun, filtered)
        });
        figures.poller.traffic.filtered(snapshot.pilots.len(), &filtered);
        report.in_scope = filtered.in_scope();
        let step = phases.compute(Phase::Collect, transitions, || {
            sectorwatch_fault::point("cycle.collect");
            selection.step(begun, &filtered, &snapshot)
        });

        let written = match flights::store(&setup, generation, &step, phases).await {
            Ok(written) => written,
            Err(error) => {
                // The commit may or may not have happened; only the tables know.
                self.memory = None;
                return Err(error);
            }
        };
        self.has_forgotten = false;
        phases.progress.stored(published);
        writing.announce(StoredMark { mark: published, generation });
        figures.stored(&publication, published, &step.transitions);
        figures.movements.stored(&written.movements);
        report.flights_stored(&step, &memory.tracking, &written, snapshot.rejected.len());
        let observed = &observed(&step, &memory.tracking, &written);
        let previous = memory.mark;
        let stored = StoredFlights { generation, previous, filtered: &filtered, observed };
        memory.advance(step, &written);
        source.remember(publication.etag);
        let applied = self.after_flights(stored, &snapshot, source, phases, report).await;

        let refused = rejections::of(&written, applied.as_ref());
        if !refused.is_empty() {
            // Memory has a state for refused items that the tables do not have.
            self.memory = None;
        }
        let Snapshot { rejected, unreadable, .. } = snapshot;
        let not_stored_items = NotStored { rejected, refused, unreadable: &unreadable };
        rejections::keep(&setup, not_stored_items, published, report).await;
        Ok(report.outcome())
    }

    /// Fetches and decodes. Returns `None` when the feed has nothing newer.
    async fn observe(
        &mut self,
        source: &mut SnapshotSource,
        phases: &mut PhaseRunner,
        report: &mut CycleReport,
    ) -> Result<Option<(Publication, Snapshot)>, PollError> {
        sectorwatch_fault::point("cycle.fetch");
        let size = |it: &Option<Publication>| it.as_ref().map_or(0, |it| it.bytes.len());
        let fetched = phases.run(Phase::Fetch, size, source.fetch()).await;
        report.answered = fetched.is_ok();
        phases.progress.asked(report.answered);
        let Some(publication) = fetched? else { return Ok(None) };
        let newest = source.newest_allowed();
        let decoding = async { decode(&publication.bytes, newest) };
        let decoded = phases.run(Phase::Decode, |it| it.pilots.len(), decoding).await;
        let mut snapshot = decoded.inspect_err(|error| report.refused(error))?;
        if !self.setup.selection.store_free_text {
            snapshot.drop_free_text();
        }
        report.update_timestamp = Some(snapshot.update_timestamp);
        report.pilots = Some(snapshot.pilots.len());
        report.etag = publication.etag.clone();
        self.setup.figures.unknown_fields(Feed::V3, &snapshot.unknown_fields);
        Ok(Some((publication, snapshot)))
    }

    /// Makes sure that the right to write is held and that memory is restored.
    ///
    /// # Errors
    /// Any database error.
    pub async fn restored(&mut self) -> Result<(), StoreError> {
        let store = self.setup.writing.store.clone();
        if !self.claim.as_ref().is_some_and(Claim::is_held) {
            (self.memory, self.radios) = (None, None);
            let claim = self.setup.writing.claims.take(self.epoch, Duration::ZERO).await?;
            // Transitions that a predecessor queued are applied before anything new is stored.
            let drained = store.apply_transitions(claim.generation, None, None).await;
            if let Err(error) = drained {
                tracing::warn!(error = %chain(&error), "queued transitions wait");
            }
            self.claim = Some(claim);
        }
        if self.memory.is_some() && !store.is_forgotten_known().await? {
            self.memory = None;
        }
        if self.memory.is_none() {
            let known = store.forgotten().revision();
            let restored = store.restore().await?;
            self.contacts.forget();
            if store.forgotten().revision() != known {
                self.has_forgotten = true;
                (self.radios, self.online) = (None, None);
                (self.staffing, self.control) = (None, None);
            }
            // Logged once per claim, because memory may be restored in every cycle while a phase fails.
            if self.logged_generation != self.generation() {
                self.logged_generation = self.generation();
                tracing::info!(
                    mark = restored.mark.map(|mark| mark.to_rfc3339()),
                    flights = restored.tracking.len(),
                    pending = restored.pending,
                    "restored"
                );
            }
            self.memory = Some(Memory::from(restored));
        }
        Ok(())
    }
}

fn transitions(step: &Step<'_>) -> usize {
    step.transitions.len()
}
