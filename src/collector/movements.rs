//! The metric of movements at airports.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus::IntCounterVec;
use strum::VariantArray as _;

use sectorwatch_core::{
    airspace::Airspace,
    movements::{Airport, Airports, MovementKind},
};
use sectorwatch_store::NewMovement;
use sectorwatch_telemetry::metrics::Registry;

/// So many airports are counted by name, the others as `other`.
const MOST_AIRPORT_LABELS: usize = 200;
const OTHER: &str = "other";

/// The metric of movements. Clones share it.
#[derive(Clone)]
pub struct MovementMetrics {
    movements: IntCounterVec,
    names: Arc<Mutex<Names>>,
}

/// The airports of the airspace in force.
#[derive(Default)]
struct Names {
    revision: Option<String>,
    inside: BTreeSet<Arc<str>>,
    /// Those that have a series.
    counted: BTreeSet<Arc<str>>,
}

impl MovementMetrics {
    /// Registers the family.
    ///
    /// # Errors
    /// It is already registered.
    pub fn register(
        registry: &Registry,
        airspace: &Airspace,
        airports: &Airports,
    ) -> prometheus::Result<Self> {
        let movements = registry.counters(
            "airport_movements_total",
            "Movements stored, by airport of the airspace and kind: landing, touch_and_go, go_around, takeoff. When the airspace has more than 200 airports, the first 200 at which a flight moves have a series, from then on. All other movements are those of `other`.",
            &["airport", "kind"],
        )?;
        let metrics = Self { movements, names: Arc::default() };
        metrics.create_at_zero(OTHER);
        metrics.in_force(airspace, airports);
        Ok(metrics)
    }

    fn create_at_zero(&self, airport: &str) {
        for kind in MovementKind::VARIANTS {
            self.movements.with_label_values(&[airport, kind.as_str()]);
        }
    }

    /// Names the airspace that is in force. Airports that are not in it lose their series.
    pub fn in_force(&self, airspace: &Airspace, airports: &Airports) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.revision.as_deref() == Some(airspace.revision()) {
            return;
        }
        let is_inside = |it: &&Airport| airspace.contains(it.latitude, it.longitude);
        let inside = airports.iter().filter(is_inside).map(|it| Arc::clone(&it.icao));
        let inside: BTreeSet<Arc<str>> = inside.collect();
        for vanished in names.counted.difference(&inside) {
            for kind in MovementKind::VARIANTS {
                // The error only means that there was no series.
                drop(self.movements.remove_label_values(&[vanished, kind.as_str()]));
            }
        }
        let counted = match inside.len() > MOST_AIRPORT_LABELS {
            true => names.counted.intersection(&inside).cloned().collect(),
            false => inside.clone(),
        };
        counted.iter().for_each(|airport| self.create_at_zero(airport));
        *names = Names { revision: Some(airspace.revision().to_owned()), inside, counted };
    }

    /// Counts movements whose transaction is committed.
    pub fn stored(&self, movements: &[NewMovement]) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        for movement in movements {
            let airport = names.label_of(&movement.icao);
            self.create_at_zero(airport);
            self.movements.with_label_values(&[airport, &movement.kind]).inc();
        }
    }
}

impl Names {
    /// The airport, if it has a series or may have one.
    fn label_of<'n>(&mut self, icao: &'n str) -> &'n str {
        if self.counted.contains(icao) {
            return icao;
        }
        match self.inside.get(icao) {
            Some(name) if self.counted.len() < MOST_AIRPORT_LABELS => {
                self.counted.insert(Arc::clone(name));
                icao
            }
            _ => OTHER,
        }
    }
}

#[cfg(test)]
mod tests {
    use sectorwatch_core::geometry::{Polygon, Ring};

    use super::*;

    /// An airspace of one degree of latitude, from this one on.
    fn airspace(south: f64) -> Airspace {
        let corners = [(0.0, south), (90.0, south), (90.0, south + 1.0), (0.0, south + 1.0)];
        let exterior = Ring::new(corners.map(Into::into).into()).expect("an area");
        let boundary = vec![Polygon { exterior, holes: Vec::new() }];
        Airspace::new(boundary, Vec::new(), format!("from {south}"), false)
    }

    fn airport(icao: &str, latitude: f64, longitude: f64) -> Airport {
        Airport { icao: icao.into(), latitude, longitude, elevation_ft: 0.0 }
    }

    /// The series of landings, with their values.
    fn landings(registry: &Registry) -> Vec<String> {
        let page = String::from_utf8(registry.render().expect("a page")).expect("UTF-8");
        let series = page.lines().filter(|line| line.contains("kind=\"landing\""));
        let short = |line: &str| line.replace("sectorwatch_airport_movements_total{airport=", "");
        series.map(|line| short(line).replace(",kind=\"landing\"}", "").replace('"', "")).collect()
    }

    fn landed(icao: &str) -> NewMovement {
        NewMovement { icao: icao.to_owned(), kind: MovementKind::Landing.as_str().to_owned() }
    }

    #[test]
    fn the_airports_are_those_of_the_airspace_in_force() {
        let registry = Registry::default();
        let airports = [airport("A", 0.5, 1.0), airport("B", 1.0, 1.0), airport("C", 1.5, 1.0)];
        let airports = Airports::new(airports);
        let metrics = MovementMetrics::register(&registry, &airspace(0.0), &airports);
        let metrics = metrics.expect("a metric");
        metrics.stored(&["A", "B", "B", "C", "D"].map(landed));
        assert_eq!(landings(&registry), ["A 1", "B 2", "other 2"]);
        metrics.in_force(&airspace(0.0), &airports);
        metrics.in_force(&airspace(1.0), &airports);
        assert_eq!(landings(&registry), ["B 2", "C 0", "other 2"]);
        metrics.stored(&["A", "B", "C"].map(landed));
        assert_eq!(landings(&registry), ["B 3", "C 1", "other 3"]);
    }

    #[test]
    fn of_many_airports_the_first_to_be_used_have_names_also_after_a_reload() {
        let registry = Registry::default();
        let name = |n: usize| format!("A{n:03}");
        let many = (0..=MOST_AIRPORT_LABELS + 1).map(|n| airport(&name(n), 1.0, n as f64 / 10.0));
        let airports = Airports::new(many);
        let metrics = MovementMetrics::register(&registry, &airspace(0.0), &airports);
        let metrics = metrics.expect("a metric");
        assert_eq!(landings(&registry), ["other 0"]);
        metrics.stored(&[landed("A201"), landed("A201")]);
        assert_eq!(landings(&registry), ["A201 2", "other 0"]);
        metrics.in_force(&airspace(1.0), &airports);
        let all: Vec<_> = (0..=MOST_AIRPORT_LABELS).map(|n| landed(&name(n))).collect();
        metrics.stored(&all);
        let landings = landings(&registry);
        assert_eq!(landings.len(), MOST_AIRPORT_LABELS + 1);
        assert_eq!(landings[landings.len() - 2..], ["A201 2", "other 2"]);
    }
}
