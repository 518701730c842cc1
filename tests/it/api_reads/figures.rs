//! Figures equal those of the views and functions, and what is live those of the rows at the mark.

use chrono::TimeDelta;
use sectorwatch_store::api::{CoverageBy, ReadError, Reads};
use serde_json::Value;

use super::scene::{MARK, Scene, json, span};

const FROM: &str = "2026-01-03T01:10:00Z";
const TO: &str = "2026-01-05T13:00:00Z";

#[test]
fn figures_equal_those_of_the_views() {
    let scene = Scene::new();
    occupancy(&scene);
    coverage_by_sector(&scene);
    coverage_by_time(&scene);
    coverage_by_facility(&scene);
    coverage_of_closed_days_is_kept(&scene);
    live(&scene);
    track(&scene);
}

fn occupancy(scene: &Scene) {
    let reads = scene.reads();
    for (from, to, step) in [(FROM, TO, 60), (FROM, TO, 1_440), ("2026-01-10T20:20:00Z", MARK, 15)]
    {
        let read =
            reads.occupancy("S1".to_owned(), false, span(from, to), TimeDelta::minutes(step));
        let occupancy = scene.data(read);
        assert_eq!(occupancy.step_seconds, step * 60);
        let sql = format!(
            "with steps as (select greatest(at, '{from}') as \"from\", least(at + s, '{to}') as \"to\" \
                from (select interval '{step} minutes' as s) _, \
                generate_series(date_bin(s, '{from}', '2026-01-01Z'), timestamptz '{to}' - interval '1 us', s) at), \
            visits as (select entry_timestamp as since, exit_timestamp, coalesce(exit_timestamp, last_seen) as until \
                from flight_sector_occupancy v join flights f on f.id = flight_id where sector_name = 'S1'), \
            counted as (select *, case when \"to\" = '{MARK}' then \"to\" + interval '1 us' else \"to\" end as before \
                from steps) \
            select \"from\", \"to\", \
                (select coalesce(sum(extract(epoch from least(until, \"to\") - greatest(since, \"from\"))), 0) \
                    from visits where since < \"to\" and until > \"from\") / extract(epoch from \"to\" - \"from\") as mean, \
                (select coalesce(max((select count(*) from visits o where o.since <= t and t < o.until \
                    or t = '{MARK}' and o.exit_timestamp is null and o.until = t)), 0) \
                    from (select \"from\" as t union select since from visits union select timestamptz '{MARK}') _ \
                    where t >= \"from\" and t < before) as peak, \
                (select count(*) from visits where since >= \"from\" and since < before) as entries, \
                (select count(*) from visits where exit_timestamp >= \"from\" and exit_timestamp < before) as exits, \
                c.controlled / nullif(c.controlled + c.uncontrolled, 0) as controlled, \
                coalesce((c.controlled + c.uncontrolled) / extract(epoch from \"to\" - \"from\"), 0) as known \
            from counted, lateral (select coalesce(sum(s) filter (where state = 'controlled'), 0) as controlled, \
                    coalesce(sum(s) filter (where state = 'uncontrolled'), 0) as uncontrolled \
                from sector_control, lateral (select greatest(extract(epoch from \
                    least(coalesce(to_timestamp, '{MARK}'), \"to\") - greatest(from_timestamp, \"from\")), 0) as s) _ \
                where sector_name = 'S1') c order by 1"
        );
        assert_eq!(json(&occupancy.steps), scene.rows(&sql), "{step}");
        assert!(occupancy.steps.iter().any(|step| step.peak > 1), "{step}");
        assert!(occupancy.steps.iter().any(|step| step.controlled.is_some_and(|it| it > 0.0)));
    }
    let read = reads.occupancy(
        "S1".to_owned(),
        true,
        span("2025-12-20T00:00:00Z", MARK),
        TimeDelta::minutes(1),
    );
    assert!(matches!(scene.stored.run(read), Err(ReadError::TooManySteps)));
    // Nothing is after the mark.
    let read = reads.occupancy(
        "S1".to_owned(),
        true,
        span("2026-01-11T01:00:00Z", "2026-01-12T00:00:00Z"),
        TimeDelta::minutes(15),
    );
    assert_eq!(scene.data(read).steps, []);
}

fn coverage(scene: &Scene, by: CoverageBy, zone: &str) -> Vec<Value> {
    json(&scene.data(scene.reads().coverage(by, zone.to_owned(), span(FROM, TO))).groups)
}

/// As long as the version of the data is the same. What is not of closed days is read each time.
fn coverage_of_closed_days_is_kept(scene: &Scene) {
    let reads = scene.reads();
    let ask = |reads: &Reads, from: &str, to: &str| {
        let read = reads.coverage(CoverageBy::Hour, "UTC".to_owned(), span(from, to));
        json(&scene.data(read).groups)
    };
    let [closed, open] = [(FROM, TO), ("2026-01-09T00:00:00Z", "2026-01-10T12:00:00Z")];
    let before = [closed, open].map(|(from, to)| ask(&reads, from, to));
    let swap = |from: &str, to: &str, at: &str| {
        scene.client.run(&format!(
            "update flight_radio_intervals set state = '{to}' where state = '{from}' \
             and from_timestamp between '{at} 02:00Z' and '{at} 10:00Z'"
        ));
    };
    swap("none", "unknown", "2026-01-04");
    swap("none", "unknown", "2026-01-09");
    assert_eq!(ask(&reads, closed.0, closed.1), before[0]);
    let now = ask(&scene.reads(), closed.0, closed.1);
    assert_ne!(now, before[0]);
    assert_ne!(ask(&reads, open.0, open.1), before[1]);
    scene.client.run("update collector_state set data_version = data_version + 1");
    assert_eq!(ask(&reads, closed.0, closed.1), now);
}

fn coverage_by_sector(scene: &Scene) {
    let sql = format!(
        "select sector_name as key, sum(contact_seconds) as contact_seconds, sum(none_seconds) as none_seconds, \
             sum(unknown_seconds) as unknown_seconds, \
             sum(contact_seconds) / nullif(sum(contact_seconds + none_seconds), 0) as coverage, \
             sum(contact_seconds + none_seconds) / sum(contact_seconds + none_seconds + unknown_seconds) as known, \
             null as share \
         from flight_sector_occupancy v join flights f on f.id = flight_id cross join lateral radio_coverage(flight_id, \
             greatest(entry_timestamp, '{FROM}'), least(coalesce(exit_timestamp, last_seen), '{TO}')) \
         where entry_timestamp < '{TO}' and coalesce(exit_timestamp, last_seen) > '{FROM}' \
         group by 1 order by 1"
    );
    let expected = scene.rows(&sql);
    assert_eq!(expected.len(), 5);
    assert_eq!(coverage(scene, CoverageBy::Sector, "UTC"), expected);
}

fn coverage_by_time(scene: &Scene) {
    let hours = "to_char(hour at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
    let weekdays = "to_char(hour at time zone 'Australia/Adelaide', 'ID-HH24')";
    for (by, key) in [(CoverageBy::Hour, hours), (CoverageBy::WeekdayHour, weekdays)] {
        // The hours of Adelaide begin at half past.
        let sql = format!(
            "with parts as (select state, greatest(from_timestamp, '{FROM}') as since, \
                 least(coalesce(to_timestamp, last_seen), '{TO}') as until \
                 from flight_radio_intervals join flights f on f.id = flight_id), \
             sums as (select {key} as key, \
                 coalesce(sum(s) filter (where state = 'contact'), 0) as contact, \
                 coalesce(sum(s) filter (where state = 'none'), 0) as none, \
                 coalesce(sum(s) filter (where state = 'unknown'), 0) as unknown \
                 from parts, generate_series(timestamptz '2026-01-03 00:30Z', '{TO}', interval '1 hour') hour, \
                 lateral (select extract(epoch from least(until, hour + interval '1 hour') - greatest(since, hour)) as s) _ \
                 where s > 0 group by 1) \
             select key, contact as contact_seconds, none as none_seconds, unknown as unknown_seconds, \
                 contact / nullif(contact + none, 0) as coverage, (contact + none) / (contact + none + unknown) as known, \
                 null as share from sums order by key"
        );
        let expected = scene.rows(&sql);
        assert!(expected.len() > 20);
        assert_eq!(coverage(scene, by, "Australia/Adelaide"), expected, "{by:?}");
    }
}

fn coverage_by_facility(scene: &Scene) {
    let sql = format!(
        "select substring(controller_callsign from '[A-Z]+$') as key, sum(s) as contact_seconds, null as none_seconds, \
             null as unknown_seconds, null as coverage, null as known, sum(s) / sum(sum(s)) over () as share \
         from flight_radio_intervals join flights f on f.id = flight_id, lateral (select extract(epoch from \
             least(coalesce(to_timestamp, last_seen), '{TO}') - greatest(from_timestamp, '{FROM}')) as s) _ \
         where state = 'contact' and s > 0 group by 1 order by 1 nulls last"
    );
    let expected = scene.rows(&sql);
    assert_eq!(expected.len(), 3);
    assert_eq!(coverage(scene, CoverageBy::Facility, "UTC"), expected);
}

fn live(scene: &Scene) {
    let reads = scene.reads();
    // One that was refused since, with an open visit; and one at the mark without any.
    scene.client.run(
        "update flights set last_seen = '2026-01-10 23:59Z' where id = 600; \
         insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, \
             first_seen, last_updated, last_seen) \
         values (9000, 9, 'NEW1', '2026-01-10Z', 'TEST', 1, 2, 3, 0, '2026-01-11Z', '2026-01-11Z', '2026-01-11Z')",
    );
    let live = scene.data(reads.live(None, [].into()));
    let flights = scene.rows(&format!(
        "select f.id, f.callsign, departure, arrival, aircraft_short, latitude, longitude, altitude, groundspeed, \
             heading, v.sector_name, v.entry_timestamp as entered_at, jsonb_build_object( \
                 'state', coalesce(r.state, 'unknown'), 'controller_callsign', r.controller_callsign, \
                 'frequency_hz', r.frequency_hz) as radio \
         from flights f left join flight_sector_occupancy v on v.flight_id = f.id and exit_timestamp is null \
             left join flight_radio_intervals r on r.flight_id = f.id and to_timestamp is null \
         where last_seen = '{MARK}' or v.id is not null order by f.id"
    ));
    assert!(flights.len() > 3);
    assert_eq!(json(&live.flights), flights);
    let inside = scene
        .client
        .count("select count(*) from flight_sector_occupancy where exit_timestamp is null");
    assert_eq!((live.counts.flights, live.counts.inside as u64), (flights.len(), inside));
    let callsigns: Vec<_> = live.controllers.iter().map(|it| it.callsign.as_str()).collect();
    assert_eq!(
        (callsigns.as_slice(), live.counts.controllers),
        (["BN_APP", "BN_TWR"].as_slice(), 2)
    );
    let states = "select sector_name, occupancy, jsonb_build_object('state', coalesce(state, 'unknown'), \
            'controller_callsign', controller_callsign, 'owner_rank', owner_rank) as control \
        from (select sector_name, (select count(*) from flight_sector_occupancy v where v.sector_name = s.sector_name \
            and exit_timestamp is null) as occupancy from (select distinct sector_name from flight_sector_occupancy) s) o \
        left join sector_control using (sector_name) where to_timestamp is null and (state is not null or occupancy > 0) \
        order by 1";
    assert_eq!(json(&live.sectors), scene.rows(states));
    assert_eq!(json(&scene.data(reads.sector_states())), scene.rows(states));
    assert_eq!(
        json(&[scene.data(reads.sector_state("S3".to_owned(), false))]),
        scene.rows(states)[3..4]
    );
    // Between the two transactions of a cycle, the latest that is known still holds; after a minute it does not.
    scene.client.run("update collector_state set mark = '2026-01-11 00:00:15Z'");
    let later = scene.data(reads.live(None, [].into()));
    assert_eq!((later.sectors, later.controllers), (live.sectors, live.controllers));
    scene.client.run("update collector_state set mark = '2026-01-11 00:01:15Z'");
    let later = scene.data(reads.live(None, [].into()));
    assert!(
        later.sectors.iter().all(|sector| sector.control.state == "unknown"),
        "{:?}",
        later.sectors
    );
    assert!(later.flights.iter().all(|flight| flight.radio.state == "unknown"));
    assert_eq!(later.controllers, []);
    scene.client.run("update collector_state set mark = '2026-01-11Z'");
}

fn track(scene: &Scene) {
    let track = scene.data(scene.reads().track(7));
    let points = scene.rows(
        "select observed_at, latitude, longitude, altitude, groundspeed, heading, qnh_mb, transponder \
         from flight_positions where flight_id = 7 order by observed_at",
    );
    assert_eq!(points.len(), 20);
    assert_eq!(json(&track.points), points);
    assert_eq!(track.positions_since, Some(super::scene::at("2025-12-31T00:00:00Z")));
}
