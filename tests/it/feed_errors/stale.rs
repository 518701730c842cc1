//! A feed that does not change, or goes back in time.

use super::*;

#[test]
fn the_same_or_an_older_publication_writes_nothing() {
    let mut rig = Rig::start();
    let at = |time: &str| {
        let pilot = Pilot::new("QFA1", 1).inside("MEL").kt(200);
        Feed::at(time).pilot(pilot.last_updated(&second(0)))
    };
    rig.service.take(&rig.feed, &at("2025-01-01T12:00:15.1234567Z"));
    let stored = rig.stored();
    assert!(stored.contains("12:00:15.123456"), "{stored}");
    for restarted in [false, true] {
        if restarted {
            rig.service.signal(Signal::SIGKILL);
            rig.service.await_end(PATIENCE);
            rig.service = rig.setup.start();
        }
        for (time, outcome) in [
            ("2025-01-01T12:00:15.1234567Z", "unchanged"),
            // The seventh digit is cut, not compared.
            ("2025-01-01T12:00:15.1234569Z", "unchanged"),
            ("2025-01-01T12:00:15.1234559Z", "backwards"),
            ("2025-01-01T12:00:00Z", "backwards"),
            ("2024-12-31T12:00:00Z", "backwards"),
        ] {
            rig.feed.publish(&at(time));
            rig.service.await_cycles(outcome, 3);
            assert_eq!(rig.stored(), stored, "{time}, restarted: {restarted}");
        }
        assert_eq!(rig.lines("cycles fail"), 0);
    }
    rig.service.take(&rig.feed, &at("2025-01-01T12:00:15.1234570Z"));
    assert_ne!(rig.stored(), stored);
}
