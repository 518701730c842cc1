//! What all cycles of this process share, grouped by purpose.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::Utc;
use tokio::sync::watch;

use crate::collector::{
    airspaces::Airspaces, claim::Claims, metrics::PollerMetrics, movements::MovementMetrics,
    snapshot_source::Publication, stations::ControllerFilter,
};
use sectorwatch_core::{
    Time,
    absence::{Begun, Moment, begin},
    airspace::Airspace,
    contact,
    control::{Online, Staff},
    controller::Controller,
    filter::{Filtered, filter},
    movements::{self, Airports},
    occupancy::{Step, step},
    rules::Rules,
    snapshot::Snapshot,
    tracking::Tracking,
    transition::Transition,
};
use sectorwatch_feed::metrics::{Feed, FeedMetrics};
use sectorwatch_store::{Store, StoredMark};
use sectorwatch_telemetry::metrics::Registry;

/// The network publishes every 15 s.
const NETWORK_PERIOD: Duration = Duration::from_secs(15);

/// What all cycles share. Clones share it.
#[derive(Clone)]
pub struct Setup {
    /// Where cycles write, and with which right.
    pub writing: Writing,
    pub selection: Selection,
    pub figures: Figures,
    /// The airspace that the next cycle is to use.
    pub airspaces: Airspaces,
}

/// Where cycles write, and with which right.
#[derive(Clone)]
pub struct Writing {
    pub store: Store,
    pub claims: Claims,
    /// The newest stored snapshot, for jobs that follow it; `None` before the first.
    pub stored: watch::Sender<Option<StoredMark>>,
    /// The newest stored snapshot whose cycle has ended, for those who show it; `None` before the first.
    pub completed: watch::Sender<Option<StoredMark>>,
}

/// Which parts of a snapshot are kept, and the rules for flights.
#[derive(Clone)]
pub struct Selection {
    pub airspace: Arc<Airspace>,
    /// The numbers of the state machine.
    pub rules: Rules,
    /// Setting `SECTORWATCH_REQUIRE_FLIGHT_PLAN`.
    pub require_flight_plan: bool,
    /// Setting `SECTORWATCH_STORE_FREE_TEXT`.
    pub store_free_text: bool,
    /// Setting `SECTORWATCH_CONTROLLERS`.
    pub controllers: ControllerFilter,
    /// What movements at airports are judged by.
    pub movements: Arc<movements::Rules>,
    /// The rule of contact by radio; `None` when it is not recorded.
    pub contact: Option<contact::Rules>,
}

/// The metrics of the feed and of the cycles.
#[derive(Clone)]
pub struct Figures {
    /// Metrics of groups E and H.
    pub poller: PollerMetrics,
    /// The metric of movements at airports.
    pub movements: MovementMetrics,
    /// Metrics of group F.
    pub feed: FeedMetrics,
    /// The time between publications, from which missed ones are counted.
    pub publication_period: Duration,
}

/// The period by which missed publications are counted. A poller that is slower than the network misses none
/// between two of its own polls.
fn publication_period(interval: Duration) -> Duration {
    NETWORK_PERIOD.max(interval)
}

impl Writing {
    /// Announces a stored snapshot to the jobs that follow it.
    pub fn announce(&self, stored: StoredMark) {
        send_newer(&self.stored, stored);
    }

    /// Announces that the cycle of a stored snapshot has ended.
    pub fn complete(&self, stored: StoredMark) {
        send_newer(&self.completed, stored);
    }
}

/// A superseded poller that wakes up after its commit has older news than its successor.
fn send_newer(sender: &watch::Sender<Option<StoredMark>>, stored: StoredMark) {
    sender.send_if_modified(|newest| {
        let is_newer = newest.is_none_or(|newest| newest.generation <= stored.generation);
        if is_newer {
            *newest = Some(stored);
        }
        is_newer
    });
}

impl Selection {
    /// The state of the flights when a snapshot begins, before its records are considered.
    pub fn begin(&self, tracking: &Tracking, now: Moment) -> Begun {
        begin(tracking, &self.airspace, now, &self.rules)
    }

    /// The flights of a snapshot, with the reason why each is in scope or not.
    pub fn filter<'s>(&self, snapshot: &'s Snapshot, begun: &Begun) -> Filtered<'s> {
        let hysteresis_ft = self.rules.level_hysteresis_ft;
        filter(snapshot, &self.airspace, begun, self.require_flight_plan, hysteresis_ft)
    }

    /// The effect of a snapshot of which these flights are kept.
    pub fn step<'s>(&self, begun: Begun, filtered: &Filtered<'s>, snapshot: &Snapshot) -> Step<'s> {
        step(begun, filtered, &snapshot.refused_pilots, &self.rules, &self.movements)
    }

    /// Who staffs each sector, in the order of the airspace files, according to the controllers that are kept. `None`
    /// if the snapshot has no list of controllers.
    pub fn staffing(
        &self,
        snapshot: &Snapshot,
        kept: Option<&[&Controller]>,
    ) -> Option<Vec<Option<Staff>>> {
        let controllers = snapshot.controllers.as_ref()?;
        let as_fed = self.controllers.kept(controllers);
        let kept = kept.unwrap_or(&as_fed);
        let doubtful = self.controllers.doubtful(&snapshot.refused_controllers, kept);
        let online = Online::new(self.airspace.positions(), kept, &doubtful);
        Some(self.airspace.sectors().iter().map(|sector| online.staff(sector)).collect())
    }
}

impl Figures {
    /// Registers the metrics of a poller with this poll interval, this airspace and these airports.
    ///
    /// # Errors
    /// The registry already holds these metrics.
    pub fn register(
        registry: &Registry,
        interval: Duration,
        airspace: &Airspace,
        airports: &Airports,
    ) -> prometheus::Result<Self> {
        Ok(Self {
            poller: PollerMetrics::register(registry, interval, airspace)?,
            movements: MovementMetrics::register(registry, airspace, airports)?,
            feed: FeedMetrics::register(registry)?,
            publication_period: publication_period(interval),
        })
    }

    /// Counts the publications between the mark and this one, which were never stored.
    pub fn missed(&self, mark: Option<Time>, published: Time) {
        let Some(mark) = mark else { return };
        let gap = (published - mark).to_std().unwrap_or_default();
        let periods = gap.as_secs_f64() / self.publication_period.as_secs_f64();
        self.feed.missed((periods.round() as u64).saturating_sub(1));
    }

    /// Counts a committed flights transaction with these queued transitions.
    pub fn stored(&self, publication: &Publication, published: Time, transitions: &[Transition]) {
        // In a replay, feed time is the clock, so there is no lag.
        if publication.received_at.is_some() {
            self.feed.committed(Feed::V3, published, Utc::now());
        }
        transitions.iter().for_each(|it| self.poller.traffic.transition(it.kind));
    }

    /// Counts and logs each field that the feed has not sent before.
    pub fn unknown_fields(&self, feed: Feed, names: &BTreeSet<String>) {
        for name in self.feed.unknown_fields(feed, names) {
            tracing::warn!(feed = feed.as_str(), field = name, "the feed has a new field");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn publications_are_missed_by_the_period_of_the_network_or_of_a_slower_poller() {
        for (interval_ms, period_s) in [(100, 15), (15_000, 15), (15_001, 15), (60_000, 60)] {
            let period = publication_period(Duration::from_millis(interval_ms));
            assert_eq!(period.as_secs(), period_s, "{interval_ms} ms");
        }
    }
}
