//! The aircraft of the map.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::AircraftRadio;

/// An aircraft in scope in the latest stored snapshot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Aircraft {
    /// `flights.id`, if it is stored.
    #[serde(skip)]
    pub flight_id: Option<i64>,
    /// Not unique: a ghost of an earlier session can be online beside the member's new session.
    #[serde(serialize_with = "text")]
    pub callsign: Arc<str>,
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// Degrees, 0…359.
    pub heading_deg: Option<i16>,
    /// True altitude.
    pub altitude_ft: i32,
    /// `None` when the feed does not state it.
    pub groundspeed_kt: Option<i32>,
    /// The sector of its open visit, where it is counted.
    #[serde(serialize_with = "optional_text")]
    pub sector: Option<Arc<str>>,
    #[serde(flatten)]
    pub radio: AircraftRadio,
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

pub(super) fn optional_text<S: Serializer>(
    text: &Option<Arc<str>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}

/// The aircraft of one snapshot. Clones share them and their JSON, which is the largest part of a status and
/// is written once for all requests between two cycles.
#[derive(Debug, Clone, Default)]
pub struct AircraftList(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    aircraft: Vec<Aircraft>,
    json: OnceLock<Box<RawValue>>,
}

impl Deref for AircraftList {
    type Target = [Aircraft];

    fn deref(&self) -> &[Aircraft] {
        &self.0.aircraft
    }
}

impl FromIterator<Aircraft> for AircraftList {
    fn from_iter<I: IntoIterator<Item = Aircraft>>(aircraft: I) -> Self {
        let aircraft = aircraft.into_iter().collect();
        Self(Arc::new(Inner { aircraft, json: OnceLock::new() }))
    }
}

impl Serialize for AircraftList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(json) = self.0.json.get() {
            return json.serialize(serializer);
        }
        let json = to_raw_value(&self[..]).map_err(serde::ser::Error::custom)?;
        self.0.json.get_or_init(|| json).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::to_string;

    use super::*;

    #[test]
    fn the_json_is_written_once_for_all_who_share_it() {
        let aircraft = Aircraft {
            flight_id: Some(1),
            callsign: "QFA1".into(),
            latitude: -33.5,
            longitude: 151.25,
            heading_deg: None,
            altitude_ft: 5_000,
            groundspeed_kt: Some(250),
            sector: None,
            radio: AircraftRadio::default(),
        };
        let list: AircraftList = [aircraft].into_iter().collect();
        let copy = list.clone();
        let written = to_string(&list).expect("a text");
        assert_eq!(copy.0.json.get().map(|json| json.get()), Some(written.as_str()));
        assert_eq!(to_string(&copy).expect("a text"), to_string(&copy[..]).expect("a text"));
    }
}
