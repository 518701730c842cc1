//! Radio contact and control in group H of the catalogue.

use std::sync::Arc;

use prometheus::{IntCounterVec, IntGaugeVec};
use strum::{IntoStaticStr, VariantArray};

use crate::{
    collector::stations::facility,
    status::{RadioCounts, RadioState, SectorFigures},
};
use sectorwatch_core::{contact::Changes, controller::Facility};
use sectorwatch_telemetry::metrics::Registry;

/// Whoever can be in contact.
const FACILITIES: [&str; 6] = ["del", "gnd", "twr", "app", "ctr", "fss"];
/// The states of a sector.
const CONTROL: [&str; 3] = ["controlled", "uncontrolled", "unknown"];

/// What came of asking for the list of radios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RadioList {
    /// A list with radios, by which contact is judged.
    Usable,
    /// A list without any that could be read, which is taken as unknown.
    Empty,
    /// None: the feed did not answer, or cannot be read.
    Failed,
}

impl RadioList {
    /// The value of the label `outcome`.
    fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The metrics of contact and control. Clones share them.
#[derive(Clone)]
pub struct ContactMetrics(Arc<Families>);

struct Families {
    flights: IntGaugeVec,
    changes: IntCounterVec,
    control: IntGaugeVec,
    lists: IntCounterVec,
}

impl ContactMetrics {
    /// Registers the families with every label set at 0.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self(Arc::new(Families::register(registry)?));
        metrics.flights(None);
        metrics.control(&[]);
        for facility in FACILITIES {
            metrics.0.changes.with_label_values(&[facility]);
        }
        for list in RadioList::VARIANTS.iter().copied() {
            metrics.0.lists.with_label_values(&[list.as_str()]);
        }
        Ok(metrics)
    }

    /// Counts a list of radios that contact was to be judged by.
    pub fn list(&self, list: RadioList) {
        self.0.lists.with_label_values(&[list.as_str()]).inc();
    }

    /// Counts the contacts that begin, of committed changes.
    pub fn changed(&self, changes: &Changes) {
        let partners = changes.inserted.iter().filter_map(|row| row.state.partner());
        let kinds = partners.filter_map(|it| Facility::of_suffix(it.callsign.as_deref()?));
        kinds.for_each(|kind| self.0.changes.with_label_values(&[facility(kind)]).inc());
    }

    /// Sets the flights by what is known of their radio; none while that is not recorded.
    pub fn flights(&self, counts: Option<RadioCounts>) {
        let counts = counts.unwrap_or_default();
        for state in RadioState::VARIANTS.iter().copied() {
            let gauge = self.0.flights.with_label_values(&[state.as_str()]);
            gauge.set(counts.of(state) as i64);
        }
    }

    /// Sets the number of sectors in each state of control.
    pub fn control(&self, sectors: &[SectorFigures]) {
        let states = || sectors.iter().filter_map(|sector| sector.control.as_ref());
        for state in CONTROL {
            let count = states().filter(|control| control.as_str() == state).count();
            self.0.control.with_label_values(&[state]).set(count as i64);
        }
    }
}

impl Families {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        Ok(Self {
            flights: registry.int_gauges(
                "flights_by_radio",
                "Flights that were observed in the latest stored snapshot, by contact by radio: contact (with a controller), none, unknown. Their sum is that of all such flights; all are 0 before the first snapshot, and while contact is not recorded.",
                &["state"],
            )?,
            changes: registry.counters(
                "contact_changes_total",
                "Contacts by radio that began and were committed, by facility of the controller: del, gnd, twr, app, ctr, fss. A contact that goes on after a short miss does not begin again.",
                &["facility"],
            )?,
            control: registry.int_gauges(
                "sector_control",
                "Sectors by control: controlled (by the first of its owners that is online), uncontrolled, unknown. Sectors without owners are not counted; all are 0 before the first cycle.",
                &["state"],
            )?,
            lists: registry.counters(
                "radio_lists_total",
                "Lists of radios that contact was to be judged by, one for each stored snapshot, by outcome: usable, empty (no radio in it could be read), failed (not fetched, or it cannot be read). None is counted while contact is not recorded.",
                &["outcome"],
            )?,
        })
    }
}
