//! The profile: an airspace as a GeoJSON feature collection, the same bytes for the same airspace.

use std::collections::HashMap;

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{json, value::RawValue};

use super::draft::{Draft, DraftSector, Outline, Position};

/// The text of the profile, one feature a line. The shapes of the draft are repaired.
pub(super) fn text(draft: &Draft, dataset: &RawValue) -> serde_json::Result<String> {
    let mut text = b"{\"type\":\"FeatureCollection\",\n".to_vec();
    member(&mut text, "dataset", dataset)?;
    if let Some(ft) = draft.transition_altitude_ft {
        member(&mut text, "transition_altitude_ft", &number(ft))?;
    }
    if draft.cut_hyphen {
        member(&mut text, "cut_hyphen", &true)?;
    }
    if draft.approximate {
        member(&mut text, "approximate", &true)?;
    }
    member(&mut text, "positions", &Positions(&draft.positions))?;
    text.extend_from_slice(b"\"features\":[");
    let mut separator: &[u8] = b"\n";
    // Straight into the text: of a large airspace there is no room for a copy.
    let mut feature = |feature: &dyn Fn(&mut Vec<u8>) -> serde_json::Result<()>| {
        text.extend_from_slice(std::mem::replace(&mut separator, b",\n"));
        feature(&mut text)
    };
    if !draft.boundary.is_empty() {
        let properties = json!({"role": "boundary"});
        let boundary = Feature::new(properties, &draft.boundary);
        feature(&|text| serde_json::to_writer(text, &boundary))?;
    }
    for sector in &draft.sectors {
        for volume in &sector.volumes {
            let limits = [volume.floor_ft, volume.ceiling_ft];
            let properties = Properties::new(sector, limits, volume.active_when.as_deref());
            let volume = Feature::new(properties, &volume.outlines);
            feature(&|text| serde_json::to_writer(text, &volume))?;
        }
    }
    text.extend_from_slice(b"\n]}\n");
    // What serde_json writes is UTF-8.
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

fn member<T: Serialize + ?Sized>(
    text: &mut Vec<u8>,
    name: &str,
    value: &T,
) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *text, name)?;
    text.push(b':');
    serde_json::to_writer(&mut *text, value)?;
    text.extend_from_slice(b",\n");
    Ok(())
}

#[derive(Serialize)]
struct Feature<P> {
    r#type: &'static str,
    properties: P,
    geometry: Geometry,
}

impl<P> Feature<P> {
    fn new(properties: P, outlines: &[Outline]) -> Self {
        let rings = |outline: &Outline| -> Vec<Vec<[f64; 2]>> {
            let rings = std::iter::once(&outline.exterior).chain(&outline.holes);
            rings.map(|ring| ring.iter().map(|point| [point.x, point.y]).collect()).collect()
        };
        let geometry = match outlines {
            [outline] => Geometry::Polygon { coordinates: rings(outline) },
            outlines => {
                Geometry::MultiPolygon { coordinates: outlines.iter().map(rings).collect() }
            }
        };
        Self { r#type: "Feature", properties, geometry }
    }
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Geometry {
    Polygon { coordinates: Vec<Vec<[f64; 2]>> },
    MultiPolygon { coordinates: Vec<Vec<Vec<[f64; 2]>>> },
}

/// All properties are written, those without a value as null, so that a reader finds them.
#[derive(Serialize)]
struct Properties<'a> {
    role: &'static str,
    id: &'a str,
    name: &'a str,
    kind: Option<&'a str>,
    floor_ft: Option<serde_json::Number>,
    ceiling_ft: Option<serde_json::Number>,
    owners: &'a [String],
    airports: &'a [String],
    active_when: Option<&'a str>,
    capacity: Option<u32>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    callsigns: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
}

impl<'a> Properties<'a> {
    fn new(
        sector: &'a DraftSector,
        [floor_ft, ceiling_ft]: [Option<f64>; 2],
        active_when: Option<&'a str>,
    ) -> Self {
        Self {
            role: "sector",
            id: &sector.id,
            name: &sector.name,
            kind: sector.kind.as_deref(),
            floor_ft: floor_ft.and_then(number),
            ceiling_ft: ceiling_ft.and_then(number),
            owners: &sector.owners,
            airports: &sector.airports,
            active_when,
            capacity: sector.capacity,
            callsigns: &sector.callsigns,
            frequency: sector.frequency.as_deref(),
            group: sector.group.as_deref(),
        }
    }
}

/// Whole numbers without a point.
fn number(value: f64) -> Option<serde_json::Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = value.fract() == 0.0 && value.abs() < EXACT;
    // A whole number below 2^53 is the same as an i64.
    if is_whole { Some((value as i64).into()) } else { serde_json::Number::from_f64(value) }
}

/// The member `positions`: by id in the order of the draft; several of one id as a list.
struct Positions<'a>(&'a [Position]);

impl Serialize for Positions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut ids: Vec<&str> = Vec::new();
        let mut by_id: HashMap<&str, Vec<Stated<'_>>> = HashMap::new();
        for position in self.0 {
            let of_id = by_id.entry(&position.id).or_default();
            if of_id.is_empty() {
                ids.push(&position.id);
            }
            of_id.push(Stated::from(position));
        }
        let mut map = serializer.serialize_map(Some(ids.len()))?;
        for id in ids {
            match by_id.get(id).map(Vec::as_slice) {
                Some([single]) => map.serialize_entry(id, single)?,
                several => map.serialize_entry(id, several.unwrap_or_default())?,
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Stated<'a> {
    prefixes: &'a [String],
    suffix: &'a str,
    frequency_hz: Option<u32>,
    name: Option<&'a str>,
}

impl<'a> From<&'a Position> for Stated<'a> {
    fn from(position: &'a Position) -> Self {
        Self {
            prefixes: &position.prefixes,
            suffix: &position.suffix,
            frequency_hz: position.frequency_hz,
            name: position.name.as_deref(),
        }
    }
}
