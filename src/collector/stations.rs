//! Which controllers are kept, and the callsigns with wanted radios.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use sectorwatch_core::{
    control::Doubtful,
    controller::{Controller, Facility, Station, observes},
    filter::Filtered,
    flight::PartialKey,
    radios::{Entity, Listed},
};

/// The division's callsigns as globs, case-insensitive.
#[derive(Debug, Clone)]
pub struct ControllerFilter(GlobSet);

impl ControllerFilter {
    /// Compiles the globs.
    ///
    /// # Errors
    /// A glob cannot be parsed; the error names it.
    pub fn new(globs: &[String]) -> Result<Self, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(GlobBuilder::new(glob).case_insensitive(true).build()?);
        }
        Ok(Self(set.build()?))
    }

    fn is_ours(&self, callsign: &str) -> bool {
        self.0.is_match(callsign)
    }

    /// The division's controllers who are neither observers nor supervisors.
    pub fn kept<'c>(&self, controllers: &'c [Controller]) -> Vec<&'c Controller> {
        let kept = |it: &&Controller| !it.is_observer() && self.is_ours(&it.callsign);
        controllers.iter().filter(kept).collect()
    }

    /// Unreadable controllers who might be kept and online: refused records, and those of `kept` with an unknown
    /// frequency.
    pub fn doubtful(&self, refused: &[PartialKey], kept: &[&Controller]) -> Vec<Doubtful> {
        let silent = kept.iter().filter(|it| it.lost("frequency"));
        let readable = silent.map(|it| Some(it.callsign.clone()));
        let callsigns = refused.iter().map(|key| key.callsign.clone()).chain(readable);
        let may_staff = |callsign: &str| self.is_ours(callsign) && !observes(callsign);
        callsigns.filter(|callsign| callsign.as_deref().is_none_or(may_staff)).collect()
    }

    /// The callsigns of those who may be heard and cannot be told: refused records that might be kept, and those of
    /// `kept` with an unknown frequency.
    pub fn unheard(&self, refused: &[PartialKey], kept: &[&Controller]) -> Vec<Arc<str>> {
        let may_be_kept = |callsign: &&Arc<str>| self.is_ours(callsign) && !observes(callsign);
        let refused = refused.iter().filter_map(|key| key.callsign.as_ref()).filter(may_be_kept);
        let silent = kept.iter().filter(|it| it.lost("frequency")).map(|it| &it.callsign);
        refused.chain(silent).cloned().collect()
    }

    /// The division's controllers online by facility. ATIS stations come from their own list.
    pub fn online(
        &self,
        controllers: &[Controller],
        atis: Option<usize>,
    ) -> BTreeMap<&'static str, u64> {
        let mut online: BTreeMap<_, _> = crate::collector::traffic::FACILITIES
            .into_iter()
            .map(|facility| (facility, 0))
            .collect();
        for controller in controllers.iter().filter(|it| self.is_ours(&it.callsign)) {
            *online.entry(facility(controller.facility_kind())).or_default() += 1;
        }
        online.insert("atis", atis.unwrap_or(0) as u64);
        online
    }
}

/// The value of the label `facility`.
pub fn facility(facility: Facility) -> &'static str {
    match facility {
        Facility::Obs => "obs",
        Facility::Fss => "fss",
        Facility::Del => "del",
        Facility::Gnd => "gnd",
        Facility::Twr => "twr",
        Facility::App => "app",
        Facility::Ctr => "ctr",
    }
}

/// The callsigns with wanted radios, in upper case: flights in scope and kept controllers.
pub struct Wanted {
    flights: BTreeSet<String>,
    controllers: BTreeSet<String>,
}

impl Wanted {
    /// Collects the callsigns of one snapshot. Radios are joined by callsign, in any case, within one cycle.
    pub fn new(filtered: &Filtered<'_>, kept: &[&Controller]) -> Self {
        let in_scope = filtered.sightings.iter().filter(|sighting| sighting.in_scope);
        Self {
            flights: in_scope
                .map(|sighting| sighting.pilot.key.callsign.to_ascii_uppercase())
                .collect(),
            controllers: kept.iter().map(|it| it.callsign.to_ascii_uppercase()).collect(),
        }
    }

    /// The wanted stations among those of the network.
    pub fn of<'s>(&self, stations: &'s [Station]) -> Vec<Listed<'s>> {
        let listed = |Station { callsign, transceivers, is_whole, .. }: &'s Station| {
            let entity = match &callsign.to_ascii_uppercase() {
                it if self.controllers.contains(it) => Entity::Atc,
                it if self.flights.contains(it) => Entity::Flight,
                _ => return None,
            };
            Some(Listed { callsign, entity, transceivers, is_whole: *is_whole })
        };
        stations.iter().filter_map(listed).collect()
    }
}
