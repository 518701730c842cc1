//! One feature of the file: its role, its properties and its polygons.

use geojson::{Feature as GeoFeature, Geometry, JsonObject, JsonValue, feature::Id};
use sectorwatch_core::meetings::Effort;
use serde_json::value::RawValue;

use super::{
    crs::{self, Crs},
    error::{AirspaceError, FeatureFault},
    shapes::Shapes,
    visible::is_visible,
};

/// A feature whose properties passed all checks.
pub(super) struct Feature {
    /// `feature 3 (SYD)`.
    pub label: String,
    pub role: Role,
    pub geometry: Option<Geometry>,
    /// The feature names EPSG:4326.
    names_epsg_4326: bool,
}

impl Feature {
    /// What the feature's geometry holds.
    pub fn shapes(&self, effort: &mut Effort) -> Result<Shapes, AirspaceError> {
        let shapes = Shapes::of(self.geometry.as_ref(), effort).map_err(|fault| self.faulty(fault));
        shapes.map(|mut shapes| {
            shapes.names_epsg_4326 |= self.names_epsg_4326;
            shapes
        })
    }

    fn faulty(&self, fault: FeatureFault) -> AirspaceError {
        AirspaceError::Feature { feature: self.label.clone(), fault }
    }
}

pub(super) enum Role {
    Boundary,
    Sector(Box<SectorPart>),
}

/// The part of a sector that one feature defines.
pub(super) struct SectorPart {
    pub id: String,
    pub name: Option<String>,
    pub kind: Option<String>,
    pub owners: Vec<String>,
    pub airports: Vec<String>,
    pub capacity: Option<u32>,
    pub callsigns: Vec<String>,
    pub frequency: Option<String>,
    pub group: Option<String>,
    pub floor_ft: Option<f64>,
    pub ceiling_ft: Option<f64>,
    pub active_when: Option<String>,
}

/// Reads the feature at `index` of the collection.
pub(super) fn read(index: usize, raw: &RawValue) -> Result<Feature, AirspaceError> {
    let parsed: Result<GeoFeature, _> = raw.get().parse();
    let geo = parsed.map_err(|source| AirspaceError::Feature {
        feature: format!("feature {index}"),
        fault: FeatureFault::NotFeature(Box::new(source)),
    })?;
    let properties = geo.properties.clone().unwrap_or_default();
    let id = id(&geo, &properties);
    let label = match &id {
        Ok(Some(id)) => format!("feature {index} ({id})"),
        _ => format!("feature {index}"),
    };
    let read = || {
        let role = role(&properties, id?)?;
        let stated = geo.foreign_members.as_ref().and_then(|members| members.get("crs"));
        let crs = crs::read(stated).map_err(|found| FeatureFault::Crs { found })?;
        Ok((role, crs == Crs::Epsg4326))
    };
    match read() {
        Ok((role, names_epsg_4326)) => {
            Ok(Feature { label, role, geometry: geo.geometry, names_epsg_4326 })
        }
        Err(fault) => Err(AirspaceError::Feature { feature: label, fault }),
    }
}

/// The property `id`, or the feature's own id, if it is text and not empty.
fn id(geo: &GeoFeature, properties: &JsonObject) -> Result<Option<String>, FeatureFault> {
    let id = match (properties.get("id"), &geo.id) {
        (Some(JsonValue::String(id)), _) | (None, Some(Id::String(id))) => id,
        _ => return Ok(None),
    };
    let id = visible("id", id.clone())?;
    Ok((!id.trim().is_empty()).then_some(id))
}

/// Refuses a text that labels, logs and pages cannot hold.
fn visible(property: &'static str, text: String) -> Result<String, FeatureFault> {
    match is_visible(&text) {
        true => Ok(text),
        false => Err(FeatureFault::ControlCharacter { property, found: format!("{text:?}") }),
    }
}

fn role(properties: &JsonObject, id: Option<String>) -> Result<Role, FeatureFault> {
    let name = text(properties, "name")?;
    match properties.get("role") {
        None | Some(JsonValue::Null) => Err(FeatureFault::NoRole),
        Some(JsonValue::String(role)) if role == "boundary" => Ok(Role::Boundary),
        Some(JsonValue::String(role)) if role == "sector" => {
            let id = id.ok_or(FeatureFault::NoId)?;
            sector(properties, id, name).map(|part| Role::Sector(Box::new(part)))
        }
        Some(found) => Err(FeatureFault::UnknownRole { found: found.to_string() }),
    }
}

fn sector(
    properties: &JsonObject,
    id: String,
    name: Option<String>,
) -> Result<SectorPart, FeatureFault> {
    let feet = |property| property_of(properties, property, "a number of feet", JsonValue::as_f64);
    let (floor_ft, ceiling_ft) = (feet("floor_ft")?, feet("ceiling_ft")?);
    if let (Some(floor_ft), Some(ceiling_ft)) = (floor_ft, ceiling_ft)
        && floor_ft >= ceiling_ft
    {
        return Err(FeatureFault::Limits { floor_ft, ceiling_ft });
    }
    Ok(SectorPart {
        id,
        name,
        kind: text(properties, "kind")?,
        owners: texts(properties, "owners")?,
        airports: texts(properties, "airports")?,
        capacity: property_of(properties, "capacity", "a whole number of aircraft", whole)?,
        callsigns: callsigns(properties)?,
        frequency: text(properties, "frequency")?,
        group: text(properties, "group")?,
        floor_ft,
        ceiling_ft,
        active_when: text(properties, "active_when")?,
    })
}

fn text(properties: &JsonObject, property: &'static str) -> Result<Option<String>, FeatureFault> {
    let text =
        property_of(properties, property, "text", |value| value.as_str().map(str::to_owned))?;
    text.map(|text| visible(property, text)).transpose()
}

/// A list of texts that labels, logs and pages can hold.
fn texts(properties: &JsonObject, property: &'static str) -> Result<Vec<String>, FeatureFault> {
    let list = |value: &JsonValue| {
        let texts = value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
        texts.collect::<Option<Vec<String>>>()
    };
    let texts = property_of(properties, property, "a list of texts", list)?.unwrap_or_default();
    texts.into_iter().map(|text| visible(property, text)).collect()
}

fn whole(value: &JsonValue) -> Option<u32> {
    value.as_u64().and_then(|value| u32::try_from(value).ok())
}

/// Callsigns that a controller can have: one that nobody can is a slip of the author's.
fn callsigns(properties: &JsonObject) -> Result<Vec<String>, FeatureFault> {
    const LONGEST: usize = 16;
    let list = |value: &JsonValue| value.as_array().cloned();
    let listed = property_of(properties, "callsigns", "a list of texts", list)?.unwrap_or_default();
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
fn property_of<T>(
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
