//! Which controllers staff a sector.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use super::control::Doubtful;
use super::{airspace::Sector, controller::Controller, positions::normal as position};

/// The online callsigns that staff a sector; empty when it is unstaffed.
pub type Staff = Vec<Arc<str>>;

/// Who staffs each of `sectors`, in their order; `None` when it is unknown: for a sector without callsigns,
/// and for a sector that only one of `doubtful` might staff. Of `kept`, only controllers with a frequency
/// count.
pub fn staffing(
    sectors: &[Sector],
    kept: &[&Controller],
    doubtful: &[Doubtful],
) -> Vec<Option<Staff>> {
    let positions = Positions::of(sectors);
    // The controller with the position's own callsign comes before a relief.
    let mut on_air: BTreeMap<String, BTreeSet<(bool, &Arc<str>)>> = BTreeMap::new();
    for controller in kept.iter().filter(|controller| controller.has_frequency()) {
        let at = positions.staffed_by(&controller.callsign);
        let is_relief = !controller.callsign.eq_ignore_ascii_case(&at);
        on_air.entry(at).or_default().insert((is_relief, &controller.callsign));
    }
    let may_staff_any = doubtful.contains(&None);
    let in_doubt = doubtful.iter().flatten().map(|callsign| positions.staffed_by(callsign));
    let in_doubt: BTreeSet<_> = in_doubt.collect();
    let staff = |sector: &Sector| -> Option<Staff> {
        if sector.callsigns.is_empty() {
            return None;
        }
        let named: Vec<_> = sector.callsigns.iter().map(|named| position(named)).collect();
        let staff = named.iter().filter_map(|position| on_air.get(position)).flatten();
        let staff: Staff = staff.map(|(_, callsign)| Arc::clone(callsign)).collect();
        let is_in_doubt = may_staff_any || named.iter().any(|it| in_doubt.contains(it));
        Some(staff).filter(|staff| !staff.is_empty() || !is_in_doubt)
    };
    sectors.iter().map(staff).collect()
}

/// The positions that sectors name.
struct Positions(BTreeSet<String>);

impl Positions {
    fn of(sectors: &[Sector]) -> Self {
        let named = sectors.iter().flat_map(|sector| &sector.callsigns);
        Self(named.map(|callsign| position(callsign)).collect())
    }

    /// The position that a callsign staffs: its own if a sector names that, or else the one that it relieves.
    fn staffed_by(&self, callsign: &str) -> String {
        let own = position(callsign);
        if self.0.contains(&own) {
            return own;
        }
        relieved(&own).filter(|position| self.0.contains(position)).unwrap_or(own)
    }
}

/// The position without an infix of one letter or digit: `SY_TWR` for `SY_1_TWR`.
fn relieved(position: &str) -> Option<String> {
    let (front, suffix) = position.rsplit_once('_')?;
    let (stem, infix) = front.rsplit_once('_')?;
    let is_infix = infix.len() == 1 && infix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_infix && !stem.is_empty()).then(|| format!("{stem}_{suffix}"))
}

#[cfg(test)]
mod tests;
