//! The time for which each owner may hold a connection before it is suspected of a leak.

use std::time::Duration;

use crate::owner::Owner;

const SHORTEST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_hours(24);

/// A threshold for each owner that takes leases. A lease that is held for longer is suspected of a leak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeakThresholds<O>(Vec<(O, Duration)>);

impl<O: Owner> Default for LeakThresholds<O> {
    fn default() -> Self {
        let of = |owner: &O| Some((*owner, owner.leak_threshold()?));
        Self(O::ALL.iter().filter_map(of).collect())
    }
}

impl<O: Owner> LeakThresholds<O> {
    /// Parses `owner=duration,…` over the defaults; `None` when it is not allowed.
    pub fn read(text: &str) -> Option<Self> {
        let mut thresholds = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (word, threshold) = part.split_once('=')?;
            let threshold = humantime::parse_duration(threshold.trim()).ok()?;
            let mut owners = thresholds.0.iter_mut();
            let of_owner = owners.find(|(owner, _)| owner.as_str() == word.trim())?;
            of_owner.1 = (SHORTEST..=LONGEST).contains(&threshold).then_some(threshold)?;
        }
        Some(thresholds)
    }

    /// What [`LeakThresholds::read`] allows, as text.
    pub fn allowed() -> String {
        let owners: Vec<_> = Self::default().0.iter().map(|(owner, _)| owner.as_str()).collect();
        format!("OWNER=TIME,… with times of 10ms … 1d; owners: {}", owners.join(", "))
    }

    /// The defaults in the same format.
    pub fn default_text() -> String {
        let shown = |(owner, threshold): &(O, Duration)| {
            format!("{}={}", owner.as_str(), humantime::format_duration(*threshold))
        };
        Self::default().0.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    /// The threshold of an owner; `None` for a name without leases.
    pub fn of(&self, owner: &str) -> Option<Duration> {
        self.0.iter().find(|(it, _)| it.as_str() == owner).map(|(_, threshold)| *threshold)
    }
}
