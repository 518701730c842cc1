//! The member `positions` of a collection: who can control its sectors.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::{RawValue, Value};

use super::error::AirspaceError;

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
pub(super) struct Read {
    pub positions: Vec<Position>,
    pub faults: Vec<(String, String)>,
}

/// Reads an object of positions by their ids, in the order of the file. One id may hold a list of positions.
pub(super) fn read(raw: &RawValue) -> Result<Read, AirspaceError> {
    let Entries(entries) = serde_json::from_str(raw.get()).map_err(AirspaceError::Collection)?;
    let mut read = Read::default();
    for (id, value) in entries {
        let stated = match value {
            Value::Array(several) => several,
            single => vec![single],
        };
        let position = |stated: Value| {
            let stated = Stated::deserialize(stated).map_err(|error| error.to_string())?;
            stated.position(&id)
        };
        match stated.into_iter().map(position).collect::<Result<Vec<_>, _>>() {
            Ok(positions) => read.positions.extend(positions),
            Err(reason) => read.faults.push((id, reason)),
        }
    }
    Ok(read)
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
        let has_control = |text: &&str| text.contains(char::is_control);
        match texts.map(String::as_str).chain([id]).find(has_control) {
            Some(text) => Err(format!("has a control character: {text:?}")),
            None => Ok(()),
        }?;
        let Self { prefixes, suffix, frequency_hz, name } = self;
        Ok(Position { id: id.to_owned(), prefixes, suffix, frequency_hz, name })
    }
}

/// The members of an object in their order, which a map would lose.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`positions` as an object of positions by their ids")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
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
