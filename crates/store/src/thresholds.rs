//! For how long each owner of a database connection may hold one before it is suspected.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_hours(24);

/// Owner and default, in the order of the pools.
const DEFAULTS: [(&str, Duration); 8] = [
    ("flights", Duration::from_secs(20)),
    ("controllers", Duration::from_secs(20)),
    ("transceivers", Duration::from_secs(20)),
    ("sectors", Duration::from_secs(20)),
    ("ledger", Duration::from_secs(10)),
    ("restore", Duration::from_secs(10)),
    ("retention", Duration::from_secs(300)),
    ("api", Duration::from_secs(2)),
];

/// `SECTORWATCH_LEAK_THRESHOLD`: a lease that is held for longer is suspected of being a leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeakThresholds([(&'static str, Duration); DEFAULTS.len()]);

impl Default for LeakThresholds {
    fn default() -> Self {
        Self(DEFAULTS)
    }
}

impl LeakThresholds {
    /// Reads `owner=duration,…` over the defaults; `None` when it is not allowed.
    pub fn read(text: &str) -> Option<Self> {
        let mut thresholds = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (owner, threshold) = part.split_once('=')?;
            let threshold = humantime::parse_duration(threshold.trim()).ok()?;
            let of_owner = thresholds.0.iter_mut().find(|(name, _)| *name == owner.trim())?;
            of_owner.1 = (SHORTEST..=LONGEST).contains(&threshold).then_some(threshold)?;
        }
        Some(thresholds)
    }

    /// What is allowed, in words.
    pub fn allowed() -> String {
        let owners: Vec<_> = DEFAULTS.iter().map(|(owner, _)| *owner).collect();
        format!("OWNER=TIME,… with times of 10ms … 1d; owners: {}", owners.join(", "))
    }

    /// The defaults as they would be given.
    pub fn default_text() -> String {
        let parts = DEFAULTS
            .map(|(owner, threshold)| format!("{owner}={}", humantime::format_duration(threshold)));
        parts.join(", ")
    }

    /// The threshold of an owner, by its word; `None` for a word that is no owner.
    pub fn of(&self, owner: &str) -> Option<Duration> {
        self.0.iter().find(|(name, _)| *name == owner).map(|(_, threshold)| *threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_that_takes_no_lease_is_refused_and_not_allowed() {
        let seconds = |text| LeakThresholds::read(text).and_then(|it| it.of("api"));
        assert_eq!(seconds("api=3s, flights=1s"), Some(Duration::from_secs(3)));
        let allowed = LeakThresholds::allowed();
        for owner in ["health", "audit", "writer", "other", "migrate", "API", ""] {
            assert_eq!(LeakThresholds::read(&format!("api=3s,{owner}=10s")), None, "{owner}");
            assert_eq!(LeakThresholds::default().of(owner), None, "{owner}");
            assert!(owner.is_empty() || !allowed.contains(owner), "{allowed}");
        }
    }
}
