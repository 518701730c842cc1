//! The poller's task: one cycle after another on a schedule, until it is stopped or superseded.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;
use tracing::Instrument as _;

use crate::{
    collector::{
        cycle::Collector,
        error::PollError,
        heartbeat::Heartbeat,
        phase_runner::PhaseRunner,
        publish::{Published, Publisher},
        report::CycleReport,
        schedule::Schedule,
        setup::Setup,
        snapshot_source::SnapshotSource,
    },
    status::outcome::{CycleOutcome, PollerState},
};
use sectorwatch_core::airspace::Airspace;
use sectorwatch_feed::client::{Backoff, Client, ClientSettings, FeedError};
use sectorwatch_store::operation;

/// What a poller needs beyond what its cycles need. Clones share it.
#[derive(Clone)]
pub struct PollerSetup {
    /// What all cycles share.
    pub cycle: Setup,
    /// Settings of the feed's client.
    pub client: ClientSettings,
    /// Setting `SECTORWATCH_POLL_INTERVAL`.
    pub interval: Duration,
    /// Setting `SECTORWATCH_FEED_CLOCK_SKEW`.
    pub clock_skew: Duration,
    /// Where the status is published.
    pub published: Published,
    /// Its liveness, for the supervisor and the status.
    pub heartbeat: Heartbeat,
    /// True once the service stops.
    pub stop: watch::Receiver<bool>,
}

/// Why a poller ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The service stops.
    Stopped,
    /// Another poller may write.
    Superseded,
}

/// Polls until stopped.
///
/// # Errors
/// When the HTTP client cannot be made.
pub async fn run(setup: PollerSetup, epoch: u64) -> Result<Ended, FeedError> {
    let client = Client::new(setup.client.clone(), setup.cycle.figures.feed.clone())?;
    let mut source = SnapshotSource::Live {
        client: Box::new(client),
        stop: setup.stop.clone(),
        clock_skew: setup.clock_skew,
    };
    let mut poller = Poller {
        collector: Collector::new(setup.cycle.clone(), epoch),
        publisher: Publisher::new(setup.published.clone()),
        backoff: Backoff::new(
            setup.interval,
            setup.cycle.selection.rules.missing_grace.to_std().unwrap_or_default(),
        ),
        schedule: Schedule::from(Instant::now(), setup.interval),
        airspaces: setup.cycle.airspaces.subscribe(),
        stop: setup.stop.clone(),
        setup,
    };
    poller.take_airspace();
    // Claims a ready database before the first answer of the feed.
    if let Err(error) = poller.collector.restored().await {
        tracing::warn!(error = %sectorwatch_store::chain(&error), "not ready to write yet");
    }
    poller.setup.heartbeat.mark(poller.collector.mark());
    while poller.wait().await {
        let outcome = poller.poll(&mut source).await;
        // A poller that was blocked ends when it finds that a successor has taken over, whatever the outcome
        // of its own cycle.
        if outcome == CycleOutcome::Superseded || !poller.is_current() {
            return Ok(Ended::Superseded);
        }
    }
    Ok(Ended::Stopped)
}

struct Poller {
    setup: PollerSetup,
    collector: Collector,
    publisher: Publisher,
    backoff: Backoff,
    schedule: Schedule,
    airspaces: watch::Receiver<Arc<Airspace>>,
    stop: watch::Receiver<bool>,
}

impl Poller {
    /// Waits for the next scheduled poll, and puts airspaces in force that come meanwhile. Returns false once the
    /// service stops.
    async fn wait(&mut self) -> bool {
        loop {
            let polls = tokio::select! {
                biased;
                _ = self.stop.wait_for(|stopping| *stopping) => Some(false),
                Ok(()) = self.airspaces.changed() => None,
                () = tokio::time::sleep_until(self.schedule.due().into()) => Some(true),
            };
            match polls {
                Some(polls) => return polls,
                None => self.take_airspace(),
            }
        }
    }

    /// Puts the newest airspace in force, unless another poller has taken over.
    fn take_airspace(&mut self) {
        if self.is_current() {
            self.airspaces.mark_unchanged();
            self.collector.take_airspace();
            self.publisher.airspace(&self.collector);
            self.setup.cycle.airspaces.taken(&self.collector.setup.selection.airspace);
        }
    }

    fn is_current(&self) -> bool {
        self.setup.cycle.writing.claims.is_current(self.collector.epoch)
    }

    async fn poll(&mut self, source: &mut SnapshotSource) -> CycleOutcome {
        let heartbeat = self.setup.heartbeat.clone();
        heartbeat.state(PollerState::Polling);
        let mut phases = PhaseRunner::begin(&heartbeat, self.collector.generation());
        let mut report = CycleReport::default();
        let span = phases.span.clone();
        let cycle = self.collector.cycle(source, &mut phases, &mut report).instrument(span.clone());
        let cycle = operation(cycle).await;
        let outcome = cycle.unwrap_or_else(|error| {
            let outcome = error.outcome();
            report.failed(error);
            outcome
        });
        let finishing = self.publisher.finish(&self.collector, &mut phases, &report, outcome);
        finishing.instrument(span).await;
        if !self.is_current() {
            return outcome;
        }
        if let Some(generation) = self.collector.generation() {
            heartbeat.generation(generation);
        }
        if outcome.is_failure() {
            source.forget();
        }
        heartbeat.skipped(self.schedule.ended(Instant::now()));
        heartbeat.state(self.back_off(&report, outcome));
        outcome
    }

    /// Backs off only from a failing feed. After a database failure, the next cycle is the retry.
    fn back_off(&mut self, report: &CycleReport, outcome: CycleOutcome) -> PollerState {
        if !matches!(outcome, CycleOutcome::FetchError | CycleOutcome::DecodeError) {
            if report.answered {
                self.backoff.reset();
            }
            return PollerState::Idle;
        }
        let retry_after = report.error.as_ref().and_then(PollError::retry_after);
        let wait = self.backoff.failed(retry_after, &mut rand::rng());
        let silence = match retry_after {
            Some(_) => wait,
            None => silence(wait, self.setup.interval, self.backoff.longest()),
        };
        self.schedule.wait_until(Instant::now() + silence);
        PollerState::Backoff
    }
}

/// For how long no poll may begin. Our own wait ends at the nearest scheduled poll, so that a wait of about
/// one interval means the next poll, but never after the longest wait. A pause that the feed asked for is not
/// shortened.
fn silence(wait: Duration, interval: Duration, longest: Duration) -> Duration {
    wait.saturating_sub(interval / 2).min(longest.saturating_sub(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds from the failure of a first poll to the next request.
    fn asks_again(silence: Duration, interval: Duration) -> Duration {
        let first = Instant::now();
        let mut schedule = Schedule::from(first, interval);
        let failed = first + Duration::from_millis(300);
        schedule.ended(failed);
        schedule.wait_until(failed + silence);
        schedule.due() - failed
    }

    #[test]
    fn a_wait_of_our_own_ends_at_the_nearest_tick_and_never_later_than_the_longest() {
        let seconds = Duration::from_secs;
        // (wait, interval, longest, the scheduled poll after the failed one that asks the feed again)
        for (wait, interval, longest, tick) in [
            (60, 15, 75, 60),
            (12, 15, 75, 15),
            (18, 15, 75, 15),
            (75, 15, 75, 75),
            (75, 20, 75, 60),
            (70, 20, 75, 60),
            (300, 300, 300, 300),
            (75, 1, 75, 75),
        ] {
            let silence = silence(seconds(wait), seconds(interval), seconds(longest));
            let waited = asks_again(silence, seconds(interval));
            assert_eq!(waited + Duration::from_millis(300), seconds(tick), "{wait} {interval}");
            assert!(waited <= seconds(longest), "{wait} {interval}");
        }
    }

    #[test]
    fn what_the_feed_asks_for_is_waited_out() {
        let seconds = Duration::from_secs;
        for (asked, tick) in [(60, 75), (61, 75), (300, 315)] {
            let waited = asks_again(seconds(asked), seconds(15));
            assert_eq!(waited + Duration::from_millis(300), seconds(tick), "{asked}");
        }
    }
}
