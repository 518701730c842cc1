//! Flights that are present although their record was refused.

use std::collections::HashSet;

use super::flight::{FlightKey, PartialKey};

/// The readable identities of refused records, for comparison with many flights.
#[derive(Debug, Clone, Default)]
pub struct Refused<'r>(HashSet<&'r PartialKey>);

impl<'r> Refused<'r> {
    /// Takes the refused records of a snapshot.
    pub fn new(records: &'r [PartialKey]) -> Self {
        Self(records.iter().collect())
    }

    /// Whether there are none, which is usual.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them [agrees](PartialKey::agrees) with the flight. The time does not depend on the
    /// number of records, because an identity has few combinations of readable parts.
    pub fn agree(&self, key: &FlightKey) -> bool {
        let names = [(true, true), (true, false), (false, true)];
        names.iter().any(|&(with_cid, with_callsign)| {
            [true, false].iter().any(|&with_logon| {
                self.0.contains(&PartialKey {
                    cid: with_cid.then_some(key.cid),
                    callsign: with_callsign.then(|| key.callsign.clone()),
                    logon_time: with_logon.then_some(key.logon_time),
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::sample::time;

    fn keys() -> impl Strategy<Value = FlightKey> {
        (1..3, select(&["QFA1", "QFA2"][..]), 0..2_i64).prop_map(|(cid, callsign, logon)| {
            FlightKey { cid, callsign: callsign.into(), logon_time: time(logon) }
        })
    }

    fn refused() -> impl Strategy<Value = PartialKey> {
        (keys(), any::<[bool; 3]>()).prop_map(|(key, read)| PartialKey {
            cid: read[0].then_some(key.cid),
            callsign: read[1].then_some(key.callsign),
            logon_time: read[2].then_some(key.logon_time),
        })
    }

    proptest! {
        #![proptest_config(sectorwatch_seed::config())]

        #[test]
        fn one_look_finds_whoever_agrees(
            records in prop::collection::vec(refused(), 0..4), key in keys(),
        ) {
            let agrees = records.iter().any(|record| record.agrees(&key));
            prop_assert_eq!(Refused::new(&records).agree(&key), agrees);
        }
    }

    #[test]
    fn every_part_that_could_be_read_has_to_agree_and_one_of_them_has_to_name_somebody() {
        let key = FlightKey { cid: 1, callsign: "QFA1".into(), logon_time: time(0) };
        let (one, two) = (Some(1), Some(2));
        let (same, other) = (Some("QFA1"), Some("QFA2"));
        let (then, later) = (Some(time(0)), Some(time(1)));
        // CID, callsign, logon time, whether the flight is present.
        for (cid, callsign, logon_time, present) in [
            (one, same, then, true),
            (one, same, None, true),
            (one, None, then, true),
            (one, None, None, true),
            (None, same, then, true),
            (None, same, None, true),
            (None, None, then, false),
            (None, None, None, false),
            (two, same, then, false),
            (two, None, None, false),
            (one, other, then, false),
            (None, other, None, false),
            (one, same, later, false),
            (one, None, later, false),
            (None, same, later, false),
        ] {
            let record = PartialKey { cid, callsign: callsign.map(Into::into), logon_time };
            assert_eq!(record.agrees(&key), present, "{record:?}");
            assert_eq!(
                Refused::new(std::slice::from_ref(&record)).agree(&key),
                present,
                "{record:?}"
            );
        }
    }
}
