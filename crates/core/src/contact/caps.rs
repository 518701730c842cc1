//! How far a type of position is heard at most.

use crate::controller::Facility;

/// The largest cap in nautical miles: nothing on earth is further away.
const LARGEST: f64 = 20_000.0;

/// Caps in nautical miles by type of position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caps([f64; FACILITIES.len()]);

/// The types of positions that can be in contact, with their names and default caps.
const FACILITIES: [(&str, Facility, f64); 6] = [
    ("DEL", Facility::Del, 15.0),
    ("GND", Facility::Gnd, 15.0),
    ("TWR", Facility::Twr, 50.0),
    ("APP", Facility::App, 150.0),
    ("CTR", Facility::Ctr, 600.0),
    ("FSS", Facility::Fss, 1_500.0),
];

impl Caps {
    /// Reads `DEL=15,TWR=50`. Types that are not named keep their default. `None` when the text is not allowed: a
    /// type is unknown or named twice, or a cap is no number above 0 and up to 20,000.
    pub fn read(text: &str) -> Option<Self> {
        let mut caps = [None; FACILITIES.len()];
        for part in text.split(',') {
            let (name, cap) = part.split_once('=')?;
            let at = FACILITIES.iter().position(|(known, ..)| *known == name.trim())?;
            let cap: f64 = cap.trim().parse().ok()?;
            let is_allowed = cap > 0.0 && cap <= LARGEST;
            if !is_allowed || caps[at].replace(cap).is_some() {
                return None;
            }
        }
        let Self(defaults) = Self::default();
        Some(Self(std::array::from_fn(|at| caps[at].unwrap_or(defaults[at]))))
    }

    /// The defaults as [`Caps::read`] reads them.
    pub fn default_text() -> String {
        FACILITIES.map(|(name, _, cap)| format!("{name}={cap}")).join(",")
    }

    /// The cap of the position with this callsign; `None` for a callsign without one of the suffixes, which is never
    /// in contact. The number that the feed states is not asked.
    pub(super) fn of(&self, callsign: &str) -> Option<f64> {
        let facility = Facility::of_suffix(callsign)?;
        let at = FACILITIES.iter().position(|(_, known, _)| *known == facility)?;
        self.0.get(at).copied()
    }
}

impl Default for Caps {
    fn default() -> Self {
        Self(FACILITIES.map(|(.., cap)| cap))
    }
}
