//! Compares contact by radio, control, sessions and staffing that `replay` stores with what a program in another
//! language computes from the same recordings. It knows the rules alone: `control_oracle/oracle.py`.

mod scenario;
mod stations;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use sectorwatch_seed::Seed;

use self::scenario::Published;
use crate::{
    oracle::ScriptRng,
    support::{
        long_tests, postgres::Database, replay, scratch, service::PATIENCE, sources::project,
    },
};

const PUBLICATIONS: usize = 120;
const CONTROLLERS: &str = "sy*,ML*,Z_*,BN_FSS";
/// Of scenarios that are the same in each run.
const FIXED: u64 = 3;

/// Each breaks one part of the rule in the oracle.
const FLIPS: [&str; 12] = [
    "grace", "hold", "canon", "cap", "primary", "nearness", "tie", "dep", "cut", "owners", "logon",
    "doubt",
];

/// A recording with its airspace.
struct Scenario {
    folder: PathBuf,
    airspace: PathBuf,
    published: Vec<Published>,
}

impl Scenario {
    fn new(rng: &mut ScriptRng) -> Self {
        let dir = scratch::dir("scenario");
        let (folder, airspace) = (dir.join("feed"), dir.join("airspace.geojson"));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(&airspace, world::airspace(rng).to_string()).expect("write the airspace");
        Self { folder, airspace, published: scenario::publications(rng, PUBLICATIONS) }
    }

    /// Writes the publications from one to another.
    fn write(&self, from: usize, to: usize) {
        for number in from..to {
            self.published[number].write(&self.folder, number);
        }
    }

    /// The rows of what is written, as the oracle finds them.
    fn expected(&self, flip: Option<&str>) -> BTreeSet<String> {
        let script = project().join("tests/it/control_oracle/oracle.py");
        let ran = Command::new("python3")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(script)
            .args([&self.folder, &self.airspace])
            .arg(CONTROLLERS)
            .args(flip)
            .output()
            .expect("run python3");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect()
    }

    /// The rows that the service stores of what is written.
    fn stored(&self, database: &Database, airspace: &Path) -> BTreeSet<String> {
        let environment = [
            ("SECTORWATCH_AIRSPACE", airspace.to_str().expect("UTF-8")),
            ("SECTORWATCH_CONTROLLERS", CONTROLLERS),
        ];
        let replay = replay::setup(&[&self.folder], database, &environment);
        let ended = replay.spawn().finish(10 * PATIENCE);
        assert!(matches!(ended.code, Some(0 | 1)), "{}", ended.stderr);
        let client = database.client();
        client.run(FUNCTIONS);
        ROWS.iter().flat_map(|sql| client.column(sql)).collect()
    }
}

/// They exist in one session alone.
const FUNCTIONS: &str = "
    create function pg_temp.us(timestamptz) returns text language sql
        as 'select coalesce((extract(epoch from $1) * 1000000)::bigint::text, ''-'')';
    create function pg_temp.who(bigint) returns text language sql as
        'select coalesce((select concat_ws('' '', cid, callsign, pg_temp.us(logon_time))
            from controllers where id = $1), ''- - -'')'";

const ROWS: [&str; 6] = [
    "select 'snapshots ' || count(*) from poll_cycles where stored",
    "select 'partial ' || count(*) from poll_cycles where outcome <> 'success'",
    // Unknown time after a gap may be a row of its own.
    "with rows as (
         select *, coalesce(state = 'unknown' and lag(state) over flight = state
             and lag(to_timestamp) over flight = from_timestamp, false) as goes_on
         from flight_radio_intervals
         window flight as (partition by flight_id order by from_timestamp)
     ), numbered as (
         select *, count(*) filter (where not goes_on) over (
             partition by flight_id order by from_timestamp) as number
         from rows
     ), whole as (
         select flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary,
             min(from_timestamp) as from_timestamp,
             (array_agg(to_timestamp order by from_timestamp desc))[1] as to_timestamp
         from numbered group by number, 1, 2, 3, 4, 5, 6
     )
     select concat_ws(' ', 'radio', f.cid, f.callsign, pg_temp.us(f.logon_time), i.state,
         pg_temp.who(i.controller_id), coalesce(i.controller_callsign, '-'),
         coalesce(i.frequency_hz::text, '-'), coalesce(left(i.is_primary::text, 1), '-'),
         pg_temp.us(i.from_timestamp), pg_temp.us(i.to_timestamp))
     from whole i join flights f on f.id = i.flight_id",
    "select concat_ws(' ', 'control', sector_name, state, pg_temp.who(controller_id),
         coalesce(controller_callsign, '-'), coalesce(owner_rank::text, '-'),
         pg_temp.us(from_timestamp), pg_temp.us(to_timestamp)) from sector_control",
    "select concat_ws(' ', 'session', cid, callsign, pg_temp.us(started_at), pg_temp.us(ended_at),
         connections) from v_controller_sessions",
    "select concat_ws(' ', 'staffing', callsign, pg_temp.us(started_at), pg_temp.us(ended_at),
         array_to_string(cids, ',')) from v_position_staffing",
];

/// Replays a scenario in several runs, and compares after each. Returns how many rows of each kind there are.
fn compare(name: &str, scenario: &Scenario, rng: &mut ScriptRng) -> BTreeMap<String, usize> {
    let database = Database::migrated();
    let (mut from, mut counts) = (0, BTreeMap::new());
    while from < PUBLICATIONS {
        let to = (from + 20 + rng.below(PUBLICATIONS)).min(PUBLICATIONS);
        scenario.write(from, to);
        let expected = scenario.expected(None);
        let stored = scenario.stored(&database, &scenario.airspace);
        let missing: Vec<_> = expected.difference(&stored).take(20).collect();
        let extra: Vec<_> = stored.difference(&expected).take(20).collect();
        assert!(
            expected == stored,
            "after {to} of {name} in {}: missing {missing:#?}, and instead {extra:#?}",
            scenario.folder.display()
        );
        counts.clear();
        for row in &expected {
            let kind: Vec<&str> = row.split(' ').collect();
            let kind = match kind[..] {
                ["radio", _, _, _, state, ..] => format!("radio {state}"),
                ["control", _, state, ..] => format!("control {state}"),
                _ => kind[0].to_owned(),
            };
            *counts.entry(kind).or_insert(0) += 1;
        }
        from = to;
    }
    counts
}

#[test]
fn replay_stores_the_contact_and_the_control_that_another_language_finds() {
    let seed = Seed::of_this_run();
    for number in 0..if long_tests() { 100 } else { 2 } {
        let mut rng = ScriptRng::new(seed.part(number));
        let scenario = Scenario::new(&mut rng);
        let counts = compare(&format!("the first with {}", seed.part(number)), &scenario, &mut rng);
        // Scenarios without any of these would prove nothing.
        let kinds = ["radio contact", "radio none", "radio unknown", "control controlled"];
        let kinds = kinds.into_iter().chain(["control uncontrolled", "control unknown", "session"]);
        for kind in kinds {
            assert!(counts.get(kind).is_some_and(|count| *count > 2), "{kind}: {counts:?}");
        }
    }
}

#[test]
fn a_rule_that_is_broken_in_one_place_is_noticed() {
    let mut noticed = BTreeMap::from(FLIPS.map(|flip| (flip, 0)));
    for number in 0..FIXED {
        let mut rng = ScriptRng::numbered(number);
        let scenario = Scenario::new(&mut rng);
        compare(&format!("scenario {number}"), &scenario, &mut rng);
        let right = scenario.expected(None);
        for (flip, count) in noticed.iter_mut().filter(|(_, count)| **count == 0) {
            *count += scenario.expected(Some(flip)).symmetric_difference(&right).count();
        }
    }
    assert!(noticed.values().all(|count| *count > 0), "{noticed:?}");
}
