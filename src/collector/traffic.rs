//! Group H of the catalogue: traffic, sectors and controllers.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus::{IntCounterVec, IntGauge, IntGaugeVec};
use strum::VariantArray as _;

use crate::status::{ReloadOutcome, SectorFigures};
use sectorwatch_core::{
    airspace::{Airspace, Sector},
    filter::Filtered,
    transition::TransitionKind,
};
use sectorwatch_telemetry::metrics::Registry;

/// Values of the label `facility`.
pub const FACILITIES: [&str; 8] = ["obs", "fss", "del", "gnd", "twr", "app", "ctr", "atis"];
/// Above this number of sectors, all are counted under the label `other`.
const MOST_SECTOR_LABELS: usize = 200;
const OTHER: &str = "other";

/// The metrics of the traffic. Clones share them.
#[derive(Clone)]
pub struct TrafficMetrics(Arc<Families>);

struct Families {
    flights_observed: IntGauge,
    flights_in_airspace: IntGauge,
    flights_tracked: IntGauge,
    filtered: IntCounterVec,
    controllers: IntGaugeVec,
    occupancy: IntGaugeVec,
    staffed: IntGaugeVec,
    transitions: IntCounterVec,
    pending: IntGauge,
    open_entries: IntGauge,
    airspace_info: IntGaugeVec,
    reloads: IntCounterVec,
    reload_failed: IntGauge,
    /// The labels that the airspace in force has.
    labels: Mutex<AirspaceLabels>,
}

#[derive(Default)]
struct AirspaceLabels {
    revision: String,
    sectors: BTreeSet<Arc<str>>,
}

impl TrafficMetrics {
    /// Registers the families with every label set at 0.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: &Registry, airspace: &Airspace) -> prometheus::Result<Self> {
        let metrics = Self(Arc::new(Families::register(registry)?));
        metrics.create_at_zero();
        metrics.in_force(airspace);
        Ok(metrics)
    }

    fn create_at_zero(&self) {
        let families = &self.0;
        for reason in ["outside", "no_plan", "forgotten"] {
            families.filtered.with_label_values(&[reason]);
        }
        for facility in FACILITIES {
            families.controllers.with_label_values(&[facility]);
        }
        for kind in TransitionKind::VARIANTS {
            families.transitions.with_label_values(&[kind.as_str()]);
        }
        for outcome in ReloadOutcome::VARIANTS {
            families.reloads.with_label_values(&[outcome.as_str()]);
        }
    }

    /// Names the airspace that is in force. Its sectors get their series, at 0 where they are new, and those that are
    /// not in it lose theirs.
    pub fn in_force(&self, airspace: &Airspace) {
        let families = &self.0;
        let sectors = airspace.sectors();
        let mut labels = families.labels.lock().unwrap_or_else(PoisonError::into_inner);
        let now: BTreeSet<_> = match sectors.len() > MOST_SECTOR_LABELS {
            true => [Arc::from(OTHER)].into(),
            false => sectors.iter().map(|sector| Arc::clone(&sector.id)).collect(),
        };
        for vanished in labels.sectors.difference(&now) {
            set(&families.occupancy, vanished, None);
            set(&families.staffed, vanished, None);
        }
        let is_new = |sector: &&Sector| !labels.sectors.contains(&sector.id);
        let new: Vec<&Sector> = match now.contains(OTHER) {
            true => sectors.iter().collect(),
            false => sectors.iter().filter(is_new).collect(),
        };
        by_sector(&families.occupancy, new.iter().map(|sector| (&sector.id, Some(0))));
        let can_be_staffed = |sector: &Sector| (!sector.callsigns.is_empty()).then_some(0);
        let staffed = new.iter().map(|sector| (&sector.id, can_be_staffed(sector)));
        by_sector(&families.staffed, staffed);
        families.airspace_info.with_label_values(&[airspace.revision()]).set(1);
        if labels.revision != airspace.revision() {
            // The error only means that there was no airspace before.
            drop(families.airspace_info.remove_label_values(&[labels.revision.as_str()]));
        }
        *labels = AirspaceLabels { revision: airspace.revision().to_owned(), sectors: now };
    }

    /// Counts a reload of the airspace, and records whether it failed.
    pub fn reloaded(&self, outcome: ReloadOutcome) {
        self.0.reloads.with_label_values(&[outcome.as_str()]).inc();
        self.0.reload_failed.set((outcome == ReloadOutcome::Failed).into());
    }

    /// Records the result of the filter.
    pub fn filtered(&self, world: usize, filtered: &Filtered<'_>) {
        self.0.flights_observed.set(world as i64);
        self.0.flights_in_airspace.set(filtered.in_scope() as i64);
        self.0.filtered.with_label_values(&["outside"]).inc_by(filtered.outside);
        self.0.filtered.with_label_values(&["no_plan"]).inc_by(filtered.no_plan);
    }

    /// Counts records of forgotten members in a snapshot.
    pub fn forgotten(&self, records: usize) {
        self.0.filtered.with_label_values(&["forgotten"]).inc_by(records as u64);
    }

    /// Sets the number of flights in memory.
    pub fn tracked(&self, flights: usize) {
        self.0.flights_tracked.set(flights as i64);
    }

    /// Sets the number of queued transitions and of open visits.
    pub fn sectors(&self, pending: usize, open_entries: i64) {
        self.0.pending.set(pending as i64);
        self.0.open_entries.set(open_entries);
    }

    /// Counts a queued transition.
    pub fn transition(&self, kind: TransitionKind) {
        self.0.transitions.with_label_values(&[kind.as_str()]).inc();
    }

    /// Sets the controllers online by facility.
    pub fn controllers(&self, online: impl Iterator<Item = (&'static str, u64)>) {
        for (facility, count) in online {
            self.0.controllers.with_label_values(&[facility]).set(count as i64);
        }
    }

    /// Sets the aircraft inside each sector, and whether it is staffed if that is known.
    pub fn by_sector(&self, sectors: &[SectorFigures]) {
        let occupancy = sectors.iter().map(|sector| (&sector.name, Some(sector.occupancy)));
        by_sector(&self.0.occupancy, occupancy);
        let staffed = |sector: &SectorFigures| sector.is_staffed().map(u64::from);
        by_sector(&self.0.staffed, sectors.iter().map(|sector| (&sector.name, staffed(sector))));
    }
}

/// Sets a gauge by sector. Too many sectors are summed as `other`. An unknown value has no series.
fn by_sector<'s>(
    gauges: &IntGaugeVec,
    sectors: impl ExactSizeIterator<Item = (&'s Arc<str>, Option<u64>)>,
) {
    if sectors.len() > MOST_SECTOR_LABELS {
        let known = sectors.filter_map(|(_, figure)| figure);
        set(gauges, OTHER, known.reduce(|a, b| a + b));
        return;
    }
    for (sector, figure) in sectors {
        set(gauges, sector, figure);
    }
}

fn set(gauges: &IntGaugeVec, sector: &str, figure: Option<u64>) {
    match figure {
        Some(figure) => gauges.with_label_values(&[sector]).set(figure as i64),
        // The error only means that there was no series.
        None => drop(gauges.remove_label_values(&[sector])),
    }
}

impl Families {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        Ok(Self {
            flights_observed: registry
                .int_gauge("flights_observed", "Pilots in the latest snapshot, worldwide.")?,
            flights_in_airspace: registry
                .int_gauge("flights_in_airspace", "Flights inside the airspace with a complete plan, in the latest cycle.")?,
            flights_tracked: registry
                .int_gauge("flights_tracked", "Flights whose way through the sectors is being followed.")?,
            filtered: registry.counters(
                "flights_filtered_total",
                "Pilots that were not kept, by reason: outside (the airspace), no_plan, forgotten (the member asked for it).",
                &["reason"],
            )?,
            controllers: registry.int_gauges(
                "controllers_online",
                "Controllers online in the division, by facility: obs, fss, del, gnd, twr, app, ctr, atis.",
                &["facility"],
            )?,
            occupancy: registry.int_gauges(
                "sector_occupancy_aircraft",
                "Aircraft inside each sector.",
                &["sector"],
            )?,
            staffed: registry.int_gauges(
                "sector_staffed",
                "1 when a controller who is online covers the sector, else 0. Absent when that is unknown: for a sector without callsigns, while the feed has no list of controllers, and while a controller that might cover the sector cannot be read.",
                &["sector"],
            )?,
            transitions: registry.counters(
                "sector_transitions_total",
                "Sector transitions, by kind: entered, crossed, left, slow, disconnected, unobserved, airspace_changed; all but entered are values of `exit_reason`.",
                &["kind"],
            )?,
            pending: registry.int_gauge(
                "sector_transitions_pending",
                "Sector transitions that are stored in the queue and not yet applied; 0 after a successful cycle.",
            )?,
            open_entries: registry.int_gauge(
                "sector_open_entries",
                "Entries into a sector without an exit yet, as stored.",
            )?,
            airspace_info: registry.int_gauges(
                "airspace_info",
                "Always 1; its label is the revision of the airspace in force.",
                &["revision"],
            )?,
            reloads: registry.counters(
                "airspace_reloads_total",
                "Reloads of the airspace, by outcome: applied (another one is in force), unchanged, failed (the files cannot be used; the airspace before stays), built_in (there is no file to read).",
                &["outcome"],
            )?,
            reload_failed: registry.int_gauge(
                "airspace_reload_failed",
                "1 after the latest reload of the airspace failed, until one succeeds; else 0.",
            )?,
            labels: Mutex::default(),
        })
    }
}
