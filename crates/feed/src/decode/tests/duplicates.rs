use super::{controller, decoded, pilot};
use sectorwatch_core::snapshot::RejectionReason;

const EARLY: &str = r#""2024-02-20T11:59:00Z""#;
const LATE: &str = r#""2024-02-20T11:59:45Z""#;

#[test]
fn the_newest_record_of_a_flight_stays_then_the_later() {
    // `last_updated` of the records of one flight, and the index of the one that is kept.
    for (times, stays) in [
        (vec![EARLY, LATE], 1),
        (vec![LATE, EARLY], 0),
        (vec![LATE, LATE], 1),
        (vec![EARLY, LATE, EARLY], 1),
        (vec![LATE, EARLY, LATE], 2),
        (vec![EARLY, EARLY, EARLY], 2),
    ] {
        let altitudes: Vec<String> = (0..times.len()).map(|place| place.to_string()).collect();
        let mut pilots = vec![pilot(&[("cid", "7")])];
        pilots.extend(
            times
                .iter()
                .zip(&altitudes)
                .map(|(time, altitude)| pilot(&[("last_updated", time), ("altitude", altitude)])),
        );
        pilots.push(pilot(&[("cid", "8")]));
        let snapshot = decoded(&pilots, &[]);
        let kept: Vec<_> = snapshot.pilots.iter().map(|p| (p.key.cid, p.altitude)).collect();
        assert_eq!(kept, [(7, 35_000), (1_000_001, stays), (8, 35_000)], "{times:?}");
        assert_eq!(snapshot.rejected.len(), times.len() - 1);
        for rejected in &snapshot.rejected {
            assert_eq!(
                (rejected.reason, rejected.cid),
                (RejectionReason::Duplicate, Some(1_000_001))
            );
            assert!(!rejected.raw.contains(&format!(r#""altitude":{stays}}}"#)));
        }
    }
}

#[test]
fn a_flight_is_cid_callsign_and_logon_time_as_decoded() {
    let others = [
        pilot(&[]),
        pilot(&[("cid", "5")]),
        pilot(&[("callsign", r#""QFA2""#)]),
        pilot(&[("logon_time", r#""2024-02-20T10:00:00.123457Z""#)]),
    ];
    assert_eq!(decoded(&others, &[]).pilots.len(), 4);
    let same = [
        pilot(&[]),
        pilot(&[("logon_time", r#""2024-02-20T10:00:00.1234560""#)]),
        pilot(&[("callsign", r#""QF\u00411""#)]),
    ];
    assert_eq!(decoded(&same, &[]).pilots.len(), 1);
}

#[test]
fn a_bad_record_is_an_absent_one_and_beats_nobody() {
    let bad = pilot(&[("latitude", "91"), ("last_updated", LATE)]);
    let snapshot = decoded(&[pilot(&[("last_updated", EARLY)]), bad], &[]);
    assert_eq!(snapshot.pilots.len(), 1);
    assert_eq!(snapshot.rejected[0].reason, RejectionReason::Range);
}

#[test]
fn controllers_too() {
    let list = [
        controller(&[("last_updated", LATE), ("rating", "1")]),
        controller(&[("last_updated", EARLY), ("rating", "2")]),
        controller(&[("callsign", r#""ML-GUN_CTR""#)]),
    ];
    let controllers = decoded(&[], &list).controllers.unwrap();
    let kept: Vec<_> = controllers.iter().map(|c| (&*c.callsign, c.rating)).collect();
    assert_eq!(kept, [("ML-WOL_CTR", 1), ("ML-GUN_CTR", 5)]);
}
