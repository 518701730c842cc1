//! Each parameter of the rules is a setting, and takes effect on visits.

use super::{Feed, Pilot, recorded, replay, visits};
use crate::support::postgres::Database;

/// `setting value | what the flight does | visits without it | visits with it`. A flight over Sydney, whose
/// sector ends at 28,000 ft: `second knots`, then its altitude and QNH if they matter; `second -` is a
/// snapshot without it.
/// at 28,000 ft: `second knots`, then its altitude and QNH where they matter; `second -` is a snapshot without it.
const ROWS: &str = "\
ENTRY_SPEED_KT 100 | 0 99, 15 100 | SYD 0- open | SYD 15- open
EXIT_SPEED_KT 50 | 0 120, 15 49, 30 49 | SYD 0- open | SYD 0-30 slow
EXIT_POLLS 3 | 0 120, 15 0, 30 0, 45 0 | SYD 0-30 slow | SYD 0-45 slow
MISSING_GRACE 70s | 0 120, 60 -, 70 120 | SYD 0- open | SYD 0-0 disconnected, SYD 70- open
LONGEST_GAP 10m | 0 120, 601 120 | SYD 0- open | SYD 0-0 unobserved, SYD 601- open
LONGEST_GAP 1h | 0 120, 3600 120 | SYD 0-0 unobserved, SYD 3600- open | SYD 0- open
LEVEL_HYSTERESIS_FT 0 | 0 400 28000, 15 400 28050 | SYD 0- open | SYD 0-15 crossed, YMMM 15- open
LEVEL_HYSTERESIS_FT 2000 | 0 400 28000, 15 400 30000 | SYD 0-15 crossed, YMMM 15- open | SYD 0- open
TRANSITION_ALTITUDE_FT 28000 | 0 400 27500 983 | YMMM 0- open | SYD 0- open
TRANSITION_ALTITUDE_FT 27999 | 0 400 27500 983 | YMMM 0- open | YMMM 0- open";

fn documents(script: &str) -> Vec<Feed> {
    let document = |entry: &str| {
        let mut words = entry.split(' ').map(|word| word.parse::<i32>().ok());
        let second = words.next().flatten().expect("a second");
        let feed = Feed::second(second.into());
        let Some(knots) = words.next().flatten() else { return feed };
        let altitude_ft = words.next().flatten().unwrap_or(5_000);
        let qnh_mb = words.next().flatten().unwrap_or(1_013);
        let pilot = Pilot::new("QFA1", 1).inside("SYD").kt(knots).alt(altitude_ft);
        feed.pilot(pilot.set("qnh_mb", qnh_mb.into()))
    };
    script.split(", ").map(document).collect()
}

#[test]
fn each_figure_of_the_rules_is_a_setting() {
    for row in ROWS.lines() {
        let [setting, script, without, with] = row.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("four columns: {row}");
        };
        let (name, value) = setting.split_once(' ').expect("a value");
        let name = format!("SECTORWATCH_{name}");
        let recording = recorded(&documents(script));
        for (given, expected) in [(&[][..], without), (&[(name.as_str(), value)], with)] {
            let database = Database::migrated();
            let ended = replay(&[&recording], &database, given);
            assert_eq!(ended.code, Some(0), "{row}: {}", ended.stderr);
            let found = visits(&database).join(", ").replace("QFA1 ", "");
            assert_eq!(found, expected, "{row}, {given:?}");
        }
    }
}
