//! One feature of the file: its role, its properties and its polygons.

use geojson::{
    Feature as GeoFeature, GeometryValue, JsonObject, JsonValue, PolygonType, feature::Id,
};
use serde_json::value::RawValue;

use super::error::{AirspaceError, FeatureFault};
use super::ring::{self, Repairs};
use crate::domain::geometry::Polygon;

/// A feature that passed all checks.
pub(super) struct Feature {
    /// `feature 3 (SYD)`.
    pub label: String,
    pub role: Role,
    pub polygons: Vec<Polygon>,
    pub repairs: Repairs,
}

pub(super) enum Role {
    Boundary,
    Sector(SectorPart),
}

/// What one feature says of a sector.
pub(super) struct SectorPart {
    pub id: String,
    pub name: Option<String>,
    pub callsigns: Vec<String>,
    pub frequency: Option<String>,
    pub group: Option<String>,
    pub floor_ft: Option<f64>,
    pub ceiling_ft: Option<f64>,
}

/// Reads the feature at `index` of the collection.
pub(super) fn parse(index: usize, raw: &RawValue) -> Result<Feature, AirspaceError> {
    let parsed: Result<GeoFeature, _> = raw.get().parse();
    let geo = parsed.map_err(|source| AirspaceError::Feature {
        feature: format!("feature {index}"),
        fault: FeatureFault::NotFeature(Box::new(source)),
    })?;
    let properties = geo.properties.clone().unwrap_or_default();
    let id = id(&geo, &properties);
    let label = match &id {
        Some(id) => format!("feature {index} ({id})"),
        None => format!("feature {index}"),
    };
    let read = || {
        let role = role(&properties, id)?;
        let (polygons, repairs) = polygons(geo.geometry.map(|geometry| geometry.value))?;
        Ok((role, polygons, repairs))
    };
    match read() {
        Ok((role, polygons, repairs)) => Ok(Feature { label, role, polygons, repairs }),
        Err(fault) => Err(AirspaceError::Feature { feature: label, fault }),
    }
}

/// The property `id`, or the feature's own; only where it is text that says something.
fn id(geo: &GeoFeature, properties: &JsonObject) -> Option<String> {
    let id = match (properties.get("id"), &geo.id) {
        (Some(JsonValue::String(id)), _) | (None, Some(Id::String(id))) => id,
        _ => return None,
    };
    let is_label = !id.trim().is_empty() && !id.contains(char::is_control);
    is_label.then(|| id.clone())
}

fn role(properties: &JsonObject, id: Option<String>) -> Result<Role, FeatureFault> {
    match properties.get("role") {
        None | Some(JsonValue::Null) => Err(FeatureFault::NoRole),
        Some(JsonValue::String(role)) if role == "boundary" => Ok(Role::Boundary),
        Some(JsonValue::String(role)) if role == "sector" => {
            let id = id.ok_or(FeatureFault::NoId)?;
            sector(properties, id).map(Role::Sector)
        }
        Some(found) => Err(FeatureFault::UnknownRole { found: found.to_string() }),
    }
}

fn sector(properties: &JsonObject, id: String) -> Result<SectorPart, FeatureFault> {
    let text =
        |property| read(properties, property, "text", |value| value.as_str().map(str::to_owned));
    let feet = |property| read(properties, property, "a number of feet", JsonValue::as_f64);
    let (floor_ft, ceiling_ft) = (feet("floor_ft")?, feet("ceiling_ft")?);
    if let (Some(floor_ft), Some(ceiling_ft)) = (floor_ft, ceiling_ft)
        && floor_ft >= ceiling_ft
    {
        return Err(FeatureFault::Limits { floor_ft, ceiling_ft });
    }
    Ok(SectorPart {
        id,
        name: text("name")?,
        callsigns: callsigns(properties)?,
        frequency: text("frequency")?,
        group: text("group")?,
        floor_ft,
        ceiling_ft,
    })
}

/// Callsigns that a controller can have: one that nobody can is a slip of the author's.
fn callsigns(properties: &JsonObject) -> Result<Vec<String>, FeatureFault> {
    const LONGEST: usize = 16;
    let list = |value: &JsonValue| value.as_array().cloned();
    let listed = read(properties, "callsigns", "a list of texts", list)?.unwrap_or_default();
    let is_callsign = |text: &&str| {
        (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let callsign = |value: &JsonValue| match value.as_str().filter(is_callsign) {
        Some(callsign) => Ok(callsign.to_owned()),
        None => Err(FeatureFault::Callsign { found: value.to_string() }),
    };
    listed.iter().map(callsign).collect()
}

/// A property that may be missing or null, but not of another type.
fn read<T>(
    properties: &JsonObject,
    property: &'static str,
    wanted: &'static str,
    convert: impl Fn(&JsonValue) -> Option<T>,
) -> Result<Option<T>, FeatureFault> {
    match properties.get(property) {
        None | Some(JsonValue::Null) => Ok(None),
        Some(value) => convert(value).map(Some).ok_or_else(|| FeatureFault::Property {
            property,
            wanted,
            found: value.to_string(),
        }),
    }
}

fn polygons(geometry: Option<GeometryValue>) -> Result<(Vec<Polygon>, Repairs), FeatureFault> {
    let coordinates: Vec<PolygonType> = match geometry {
        Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
        Some(other) => {
            return Err(FeatureFault::Geometry { found: other.type_name() });
        }
        None => return Err(FeatureFault::Geometry { found: "null" }),
    };
    if coordinates.is_empty() || coordinates.iter().any(Vec::is_empty) {
        return Err(FeatureFault::NoPolygon);
    }
    let mut repairs = Repairs::default();
    let mut polygons = Vec::with_capacity(coordinates.len());
    for (index, rings) in coordinates.into_iter().enumerate() {
        let mut read = Vec::with_capacity(rings.len());
        for (place, positions) in rings.iter().enumerate() {
            let ring = ring::read(positions, place == 0, &mut repairs)
                .map_err(|fault| FeatureFault::Ring { polygon: index, ring: place, fault })?;
            read.push(ring);
        }
        let holes = read.split_off(1);
        polygons.extend(read.pop().map(|exterior| Polygon { exterior, holes }));
    }
    Ok((polygons, repairs))
}
