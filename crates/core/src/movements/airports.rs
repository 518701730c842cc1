//! Airports, and which one a flight is at.

use std::sync::Arc;

use rstar::{RTree, primitives::GeomWithData};

use crate::distance::{EARTH_RADIUS_NM, great_circle_nm};

/// An airport.
#[derive(Debug, Clone, PartialEq)]
pub struct Airport {
    /// Its ICAO code.
    pub icao: Arc<str>,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// In feet above mean sea level.
    pub elevation_ft: f64,
}

/// Airports that are found by their code and by their place.
#[derive(Debug, Default)]
pub struct Airports {
    /// In the order of their codes.
    by_icao: Vec<Airport>,
    /// Their points on the unit sphere, where no pole and no meridian is special.
    places: RTree<GeomWithData<[f64; 3], usize>>,
}

impl Airports {
    /// Takes the airports. Of several with one code the first is kept.
    pub fn new(airports: impl IntoIterator<Item = Airport>) -> Self {
        let mut by_icao: Vec<Airport> = airports.into_iter().collect();
        by_icao.sort_by(|a, b| a.icao.cmp(&b.icao));
        by_icao.dedup_by(|later, first| later.icao == first.icao);
        let points = by_icao.iter().enumerate().map(|(number, airport)| {
            GeomWithData::new(on_unit_sphere(airport.latitude, airport.longitude), number)
        });
        let places = RTree::bulk_load(points.collect());
        Self { by_icao, places }
    }

    /// The airports in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Airport> {
        self.by_icao.iter()
    }

    /// The number of airports.
    pub fn len(&self) -> usize {
        self.by_icao.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_icao.is_empty()
    }

    /// The airport with this code.
    pub fn get(&self, icao: &str) -> Option<&Airport> {
        let found = self.by_icao.binary_search_by(|airport| airport.icao.as_ref().cmp(icao));
        found.ok().map(|index| &self.by_icao[index])
    }

    /// The nearest airport at most this far away; of several equally near the first by code.
    pub fn nearest(&self, latitude: f64, longitude: f64, within_nm: f64) -> Option<&Airport> {
        let here = on_unit_sphere(latitude, longitude);
        let chord = 2.0 * (within_nm / EARTH_RADIUS_NM / 2.0).sin();
        // A little more than the chord, because its rounding is not that of the distance, which decides.
        let around = self.places.locate_within_distance(here, (chord * (1.0 + 1e-6)).powi(2));
        around
            .map(|point| &self.by_icao[point.data])
            .map(|airport| (airport.distance_nm(latitude, longitude), airport))
            .filter(|(distance, _)| *distance <= within_nm)
            .min_by(|(a, first), (b, second)| a.total_cmp(b).then(first.icao.cmp(&second.icao)))
            .map(|(_, airport)| airport)
    }
}

impl Airport {
    /// The great-circle distance to a point, in nautical miles.
    pub fn distance_nm(&self, latitude: f64, longitude: f64) -> f64 {
        great_circle_nm((self.latitude, self.longitude), (latitude, longitude))
    }
}

fn on_unit_sphere(latitude: f64, longitude: f64) -> [f64; 3] {
    let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}
