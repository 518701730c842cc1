//! The contact and the control of visits.

use super::scene::{COVERAGE, Scene};

fn coverage(scene: &Scene, visit: &str) -> String {
    scene.client.one(&format!("select {COVERAGE} from v_visit_coverage where visit_id = {visit}"))
}

/// Seconds controlled, uncontrolled and unknown, and by whom.
fn control(scene: &Scene, visit: &str) -> String {
    scene.client.one(&format!(
        "select concat_ws(' ', trim_scale(controlled_seconds), trim_scale(uncontrolled_seconds), \
             trim_scale(unknown_seconds), controllers) \
         from v_visit_control where visit_id = {visit}"
    ))
}

fn set_contacts_mark(scene: &Scene, at: i64) {
    let at = super::scene::quoted(at);
    scene.client.run(&format!("update collector_state set mark = {at}, contacts_mark = {at}"));
}

#[test]
fn a_visit_has_the_contact_of_its_span_and_an_open_one_ends_when_the_flight_was_last_seen() {
    let scene = Scene::new();
    let flight = scene.flight(1000);
    scene.contacts(&flight, "none 0-300, SY_APP 300-700, unknown 700-800, SY_APP 800-");
    let first = scene.visit(&flight, "SYD", 100, Some(400));
    let second = scene.visit(&flight, "YMMM", 400, None);
    let other = scene.flight(5000);
    scene.contacts(&other, "none 0-");
    let theirs = scene.visit(&other, "SYD", 0, Some(0));
    assert_eq!(coverage(&scene, &first), "100 200 0 33.3 100.0");
    assert_eq!(coverage(&scene, &second), "500 0 100 100.0 83.3");
    assert_eq!(coverage(&scene, &theirs), "0 0 0 null null");
    let keys = "select string_agg(concat_ws(' ', flight_id, sector_name, exit_timestamp is null, \
        extract(minute from entry_timestamp)), ', ' order by visit_id) from v_visit_coverage";
    let keys = scene.client.one(keys);
    assert_eq!(keys, format!("{flight} SYD f 1, {flight} YMMM t 6, {other} SYD f 0"));
}

#[test]
fn a_visit_is_controlled_as_its_sector_was() {
    let scene = Scene::new();
    set_contacts_mark(&scene, 3000);
    scene.control("SYD", "SY_TWR 0-600, SY_APP 600-900, uncontrolled 900-1200");
    scene.control("SYD", "unknown 1200-1500, SY_APP 1500-1800, SY_TWR 1800-");
    scene.control("MEL", "ML_TWR 0-");
    let flight = scene.flight(3000);
    for (from, to, expected) in [
        (0, 600, "600 0 0 {SY_TWR}"),
        (500, 700, "200 0 0 {SY_TWR,SY_APP}"),
        // Who comes back is named once.
        (500, 2000, "900 300 300 {SY_TWR,SY_APP}"),
        (700, 2000, "700 300 300 {SY_APP,SY_TWR}"),
        (900, 1200, "0 300 0 {}"),
        (1200, 1500, "0 0 300 {}"),
        // One moment is no span, and names nobody.
        (600, 600, "0 0 0 {}"),
        (-300, 300, "300 0 300 {SY_TWR}"),
        // The open row is known up to the newest snapshot of which the contacts are known.
        (2900, 3100, "100 0 100 {SY_TWR}"),
        (3000, 3100, "0 0 100 {}"),
    ] {
        let visit = scene.visit(&flight, "SYD", from, Some(to));
        assert_eq!(control(&scene, &visit), expected, "{from} to {to}");
    }
    let nobodys = scene.visit(&flight, "PER", 0, Some(600));
    assert_eq!(control(&scene, &nobodys), "0 0 600 {}", "a sector without control");
    let open = scene.visit(&flight, "MEL", 2700, None);
    assert_eq!(control(&scene, &open), "300 0 0 {ML_TWR}");
}

#[test]
fn whoever_was_forgotten_still_controlled_it() {
    let scene = Scene::new();
    set_contacts_mark(&scene, 600);
    scene.control("SYD", "SY_TWR 0-300, SY_APP 300-");
    let flight = scene.flight(600);
    scene.contacts(&flight, "SY_TWR 0-300, SY_APP 300-");
    let visit = scene.visit(&flight, "SYD", 0, None);
    for table in ["sector_control", "flight_radio_intervals"] {
        let forget = format!("update {table} set controller_id = null, controller_callsign = null");
        scene.client.run(&format!("{forget} where controller_callsign = 'SY_TWR'"));
    }
    assert_eq!(control(&scene, &visit), "600 0 0 {SY_APP}");
    assert_eq!(coverage(&scene, &visit), "600 0 0 100.0 100.0");
}
