//! Airspaces: blocks with the positions that own them.

use serde_json::value::RawValue;

use crate::visible::is_visible;

use super::{
    block::Block,
    json::{Members, excerpt, items, text},
};

/// One airspace, as the file has it.
pub(super) struct Airspace {
    /// What the map shows. Not unique in its file.
    pub(super) id: String,
    /// Positions as the file names them, the first that is staffed controls; `None` for what is no text.
    pub(super) owners: Vec<Option<String>>,
    /// In the order of the file, or why there are none. Without them it keeps its number among those of its id.
    pub(super) blocks: Result<Vec<Block>, String>,
    /// Whether it holds at some times of the week only.
    pub(super) has_times: bool,
    /// Whether bytes of it were no UTF-8.
    pub(super) is_foreign: bool,
}

impl Airspace {
    /// Reads one of a list, or of an object, in which `key` stands in for an id.
    ///
    /// # Errors
    ///
    /// Why nothing of it can be used.
    pub(super) fn read(raw: &RawValue, key: Option<String>) -> Result<Self, String> {
        let members =
            Members::of(raw).ok_or_else(|| format!("it is no object: {}", excerpt(raw)))?;
        let id = match members.get("id") {
            Some(id) => text(id),
            None => key,
        };
        let id = id.filter(|id| !id.is_empty()).ok_or("it has no id")?;
        // Neither a profile nor a label can hold them.
        if !is_visible(&id) {
            return Err("its id has control characters".to_owned());
        }
        let blocks = blocks(members.get("sectors"));
        let has_times = members.get("fua").is_some_and(|fua| fua.get() != "[]");
        let owners = owners(members.get("owner"));
        Ok(Self { id, owners, blocks, has_times, is_foreign: false })
    }
}

fn blocks(raw: Option<&RawValue>) -> Result<Vec<Block>, String> {
    let blocks = match raw {
        Some(raw) => items(raw).ok_or("its blocks (`sectors`) are no list")?,
        None => Vec::new(),
    };
    if blocks.is_empty() {
        return Err("it has no blocks (`sectors`)".to_owned());
    }
    Ok(blocks.into_iter().map(Block::read).collect())
}

/// A list, or a single position.
fn owners(raw: Option<&RawValue>) -> Vec<Option<String>> {
    let Some(raw) = raw else { return Vec::new() };
    let owners = items(raw).unwrap_or_else(|| vec![raw]);
    owners.into_iter().map(|owner| text(owner).filter(|owner| !owner.is_empty())).collect()
}
