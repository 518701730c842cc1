//! Who staffs a sector.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{airspace::Sector, controller::Controller};

/// The callsigns on line that staff a sector; empty when nobody does.
pub type Staff = Vec<Arc<str>>;

/// Who staffs each of `sectors`, in their order; `None` for a sector that names no callsigns. Of
/// `kept` only those count who have a frequency.
pub fn staffing(sectors: &[Sector], kept: &[&Controller]) -> Vec<Option<Staff>> {
    let mut on_air: BTreeMap<String, BTreeSet<&Arc<str>>> = BTreeMap::new();
    for controller in kept.iter().filter(|controller| controller.has_frequency()) {
        on_air.entry(position(&controller.callsign)).or_default().insert(&controller.callsign);
    }
    let staff = |sector: &Sector| -> Staff {
        let positions = sector.callsigns.iter().filter_map(|named| on_air.get(&position(named)));
        positions.flatten().map(|callsign| Arc::clone(callsign)).collect()
    };
    let named = |sector: &Sector| (!sector.callsigns.is_empty()).then(|| staff(sector));
    sectors.iter().map(named).collect()
}

/// What callsigns of one position have in common: a relief logs on as `SY__TWR` beside `SY_TWR`,
/// and case does not matter.
pub fn position(callsign: &str) -> String {
    let mut position = String::with_capacity(callsign.len());
    for letter in callsign.chars() {
        if letter != '_' || !position.ends_with('_') {
            position.push(letter.to_ascii_uppercase());
        }
    }
    position
}

#[cfg(test)]
mod tests;
