//! What every cycle of this process has in common, by what it is for.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::Utc;
use tokio::sync::watch;

use crate::collector::{
    claim::Claims, metrics::PollerMetrics, source::Publication, stations::ControllerFilter,
};
use sectorwatch_core::{
    Time,
    absence::Begun,
    airspace::Airspace,
    controller::Controller,
    filter::{Filtered, filter},
    rules::Rules,
    snapshot::Snapshot,
    staffing::{Staff, staffing},
    transition::Transition,
};
use sectorwatch_feed::metrics::{Feed, FeedMetrics};
use sectorwatch_store::{Store, StoredMark};
use sectorwatch_telemetry::metrics::Registry;

/// The network publishes every 15 s.
const NETWORK_PERIOD: Duration = Duration::from_secs(15);

/// What every cycle has in common. Cloning shares it.
#[derive(Clone)]
pub struct Setup {
    /// Where cycles write, and by which right.
    pub writing: Writing,
    /// What of a snapshot is kept.
    pub selection: Selection,
    /// What is counted.
    pub figures: Figures,
}

/// Where cycles write, and by which right.
#[derive(Clone)]
pub struct Writing {
    /// The database.
    pub store: Store,
    /// The right to write it.
    pub claims: Claims,
    /// The newest stored snapshot, for jobs that follow it; `None` before the first.
    pub stored: watch::Sender<Option<StoredMark>>,
}

/// What of a snapshot is kept, and how flights are judged.
#[derive(Clone)]
pub struct Selection {
    /// Boundary and sectors.
    pub airspace: Arc<Airspace>,
    /// Figures of the state machine.
    pub rules: Rules,
    /// Setting `SECTORWATCH_REQUIRE_FLIGHT_PLAN`.
    pub require_flight_plan: bool,
    /// Setting `SECTORWATCH_STORE_FREE_TEXT`.
    pub store_free_text: bool,
    /// Setting `SECTORWATCH_CONTROLLERS`.
    pub controllers: ControllerFilter,
}

/// What is counted of the feed and of the cycles.
#[derive(Clone)]
pub struct Figures {
    /// Groups E and H.
    pub poller: PollerMetrics,
    /// Group F.
    pub feed: FeedMetrics,
    /// The feed's period, by which missed publications are counted.
    pub publication_period: Duration,
}

/// Who asks less often than the network publishes cannot store more than it asks for.
fn publication_period(interval: Duration) -> Duration {
    NETWORK_PERIOD.max(interval)
}

impl Writing {
    /// Tells the jobs that follow it of a stored snapshot.
    pub fn announce(&self, stored: StoredMark) {
        // A superseded poller that wakes after its commit has older news than its successor.
        self.stored.send_if_modified(|newest| {
            let is_newer = newest.is_none_or(|newest| newest.generation <= stored.generation);
            if is_newer {
                *newest = Some(stored);
            }
            is_newer
        });
    }
}

impl Selection {
    /// The flights of a snapshot that are kept.
    pub fn filter<'s>(&self, snapshot: &'s Snapshot, begun: &Begun) -> Filtered<'s> {
        let hysteresis_ft = self.rules.level_hysteresis_ft;
        filter(snapshot, &self.airspace, begun, self.require_flight_plan, hysteresis_ft)
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
}

impl Figures {
    /// Registers the families of a poller that asks in this interval.
    ///
    /// # Errors
    /// When the registry holds these families already.
    pub fn register(
        registry: &Registry,
        interval: Duration,
        airspace: &Airspace,
    ) -> prometheus::Result<Self> {
        Ok(Self {
            poller: PollerMetrics::register(registry, interval, airspace)?,
            feed: FeedMetrics::register(registry)?,
            publication_period: publication_period(interval),
        })
    }

    /// Counts the publications between the mark and this one, which nobody stored.
    pub fn missed(&self, mark: Option<Time>, published: Time) {
        let Some(mark) = mark else { return };
        let gap = (published - mark).to_std().unwrap_or_default();
        let periods = gap.as_secs_f64() / self.publication_period.as_secs_f64();
        self.feed.missed((periods.round() as u64).saturating_sub(1));
    }

    /// The flights transaction committed, with these transitions in the queue.
    pub fn stored(&self, publication: &Publication, published: Time, transitions: &[Transition]) {
        // In a replay, feed time is the clock, so that there is no lag.
        if publication.received_at.is_some() {
            self.feed.committed(Feed::V3, published, Utc::now());
        }
        transitions.iter().for_each(|it| self.poller.traffic.transition(it.kind));
    }

    /// Counts and logs each field that the feed did not send before.
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
