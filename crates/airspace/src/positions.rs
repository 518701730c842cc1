//! The member `positions` of a collection: who can control its sectors.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{error::AirspaceError, visible::is_visible};

/// One position that controllers log on to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Position {
    /// What `owners` name.
    pub id: String,
    /// What a callsign of the position begins with, without the suffix: `SY`, `LON_S`.
    pub prefixes: Vec<String>,
    /// What it ends with, after the last `_`: `TWR`, `CTR`.
    pub suffix: String,
    /// Primary frequency in hertz.
    pub frequency_hz: Option<u32>,
    /// The name that people read.
    pub name: Option<String>,
}

impl From<Position> for sectorwatch_core::positions::Position {
    fn from(position: Position) -> Self {
        let Position { id, prefixes, suffix, frequency_hz, name: _ } = position;
        Self { id, prefixes, suffix, frequency_hz }
    }
}

/// What the member holds, and what in it cannot be read, by id and reason.
#[derive(Debug, Default)]
pub(super) struct Read<'a> {
    pub positions: Vec<Position>,
    pub faults: Vec<(String, String)>,
    /// The ids with their texts, in the order of the file.
    pub texts: Vec<(String, &'a str)>,
}

/// Reads an object of positions by their ids, in the order of the file. One id may hold a list of positions.
pub(super) fn read(raw: &RawValue) -> Result<Read<'_>, AirspaceError> {
    let Entries(entries) = serde_json::from_str(raw.get()).map_err(AirspaceError::Collection)?;
    let mut read = Read::default();
    for (id, value) in entries {
        match of_id(&id, value) {
            Ok(positions) => read.positions.extend(positions),
            Err(reason) => read.faults.push((id.clone(), reason)),
        }
        read.texts.push((id, value.get()));
    }
    Ok(read)
}

/// The position, or the list of positions, of an id.
fn of_id(id: &str, value: &RawValue) -> Result<Vec<Position>, String> {
    let read: serde_json::Result<Vec<Stated>> = match value.get().starts_with('[') {
        true => serde_json::from_str(value.get()),
        false => serde_json::from_str(value.get()).map(|single| vec![single]),
    };
    let stated = read.map_err(|error| error.to_string())?;
    stated.into_iter().map(|stated| stated.position(id)).collect()
}

#[derive(Deserialize)]
struct Stated {
    prefixes: Vec<String>,
    suffix: String,
    frequency_hz: Option<u32>,
    name: Option<String>,
}

impl Stated {
    fn position(self, id: &str) -> Result<Position, String> {
        let texts = self.prefixes.iter().chain([&self.suffix]).chain(&self.name);
        match texts.map(String::as_str).chain([id]).find(|text| !is_visible(text)) {
            Some(text) => Err(format!("has a control character: {text:?}")),
            None => Ok(()),
        }?;
        let Self { prefixes, suffix, frequency_hz, name } = self;
        Ok(Position { id: id.to_owned(), prefixes, suffix, frequency_hz, name })
    }
}

/// The members of an object in their order, which a map would lose.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`positions` as an object of positions by their ids")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
