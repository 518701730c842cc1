//! Who staffs a sector.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{airspace::Sector, controller::Controller};

/// The callsigns on line that staff a sector; empty when nobody does.
pub type Staff = Vec<Arc<str>>;

/// Somebody of whom it cannot be told whether they staff a sector: by the callsign, where that could be read.
pub type Doubtful = Option<Arc<str>>;

/// Who staffs each of `sectors`, in their order; `None` where nobody can tell: for a sector that names no
/// callsigns, and for one that nobody staffs unless one of `doubtful` does. Of `kept` only those count who have
/// a frequency.
pub fn staffing(
    sectors: &[Sector],
    kept: &[&Controller],
    doubtful: &[Doubtful],
) -> Vec<Option<Staff>> {
    let mut on_air: BTreeMap<String, BTreeSet<&Arc<str>>> = BTreeMap::new();
    for controller in kept.iter().filter(|controller| controller.has_frequency()) {
        on_air.entry(position(&controller.callsign)).or_default().insert(&controller.callsign);
    }
    let may_staff_any = doubtful.contains(&None);
    let in_doubt: BTreeSet<_> = doubtful.iter().flatten().map(|it| position(it)).collect();
    let staff = |sector: &Sector| -> Option<Staff> {
        if sector.callsigns.is_empty() {
            return None;
        }
        let named: Vec<_> = sector.callsigns.iter().map(|named| position(named)).collect();
        let staff = named.iter().filter_map(|position| on_air.get(position)).flatten();
        let staff: Staff = staff.map(|callsign| Arc::clone(callsign)).collect();
        let is_in_doubt = may_staff_any || named.iter().any(|it| in_doubt.contains(it));
        Some(staff).filter(|staff| !staff.is_empty() || !is_in_doubt)
    };
    sectors.iter().map(staff).collect()
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
