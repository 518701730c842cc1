//! How much of the feed's pilots cannot be read.

use super::snapshot::{RecordType, Snapshot};

/// The share of pilots from which a loss is more than single bad records: one in this number.
const ONE_IN: usize = 20;

/// The losses among the pilots of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drift {
    /// Entries of `pilots` without duplicates.
    pub pilots: usize,
    /// Rejected entries.
    pub refused: usize,
    /// The optional field that could not be read in most pilots, and in how many.
    pub field: Option<(&'static str, usize)>,
}

impl Drift {
    /// The losses in this snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let refused = snapshot.refused_pilots.len();
        let mut field: Option<(&'static str, usize)> = None;
        for ((source, name), count) in &snapshot.unreadable {
            if *source == RecordType::Pilot && field.is_none_or(|(_, most)| *count > most) {
                field = Some((name, *count));
            }
        }
        Self { pilots: snapshot.pilots.len() + refused, refused, field }
    }

    /// Whether enough pilots are rejected to need attention.
    pub fn refuses(&self) -> bool {
        self.is_many(self.refused)
    }

    /// The field that is unreadable in enough pilots to need attention.
    pub fn loses(&self) -> Option<&'static str> {
        self.field.and_then(|(name, count)| self.is_many(count).then_some(name))
    }

    /// Whether either needs attention.
    pub fn is_any(&self) -> bool {
        self.refuses() || self.loses().is_some()
    }

    /// The share of rejected pilots.
    pub fn refused_ratio(&self) -> f64 {
        self.ratio(self.refused)
    }

    /// The share of pilots without a readable [`Self::field`].
    pub fn unreadable_ratio(&self) -> f64 {
        self.ratio(self.field.map_or(0, |(_, count)| count))
    }

    fn is_many(&self, count: usize) -> bool {
        count > 0 && count * ONE_IN >= self.pilots
    }

    fn ratio(&self, count: usize) -> f64 {
        if self.pilots == 0 { 0.0 } else { count as f64 / self.pilots as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{flight::PartialKey, sample};

    fn drift(pilots: usize, refused: usize, lost: &[(&'static str, usize)]) -> Drift {
        let pilot = sample::pilot("QFA1", "SYD", None);
        let mut snapshot = sample::snapshot(sample::time(0), vec![pilot; pilots - refused]);
        snapshot.refused_pilots = vec![PartialKey::default(); refused];
        let of_pilots = lost.iter().map(|(name, count)| ((RecordType::Pilot, *name), *count));
        snapshot.unreadable = of_pilots.collect();
        snapshot.unreadable.insert((RecordType::Controller, "rating"), 1_000);
        Drift::of(&snapshot)
    }

    #[test]
    fn one_pilot_in_twenty_is_drift() {
        for (pilots, refused, lost, is_refusing, loses) in [
            (0, 0, vec![], false, None),
            (1, 0, vec![("heading", 1)], false, Some("heading")),
            (100, 4, vec![("heading", 4), ("server", 3)], false, None),
            (100, 5, vec![("heading", 2), ("server", 5)], true, Some("server")),
            (101, 5, vec![("heading", 6)], false, Some("heading")),
            (20, 1, vec![], true, None),
        ] {
            let drift = drift(pilots, refused, &lost);
            assert_eq!((drift.refuses(), drift.loses()), (is_refusing, loses), "{drift:?}");
        }
    }

    #[test]
    fn shares_are_of_all_pilots_of_the_snapshot() {
        let drift = drift(40, 10, &[("heading", 20)]);
        assert_eq!((drift.refused_ratio(), drift.unreadable_ratio()), (0.25, 0.5));
        assert_eq!(Drift::default().refused_ratio(), 0.0);
    }
}
