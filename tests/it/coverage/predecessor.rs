//! The figures that the service before this one got wrong, with the right ones.

use super::scene::Scene;

#[test]
fn half_of_the_time_is_50_per_cent_and_not_0() {
    let scene = Scene::new();
    let flight = scene.flight(3600);
    scene.contacts(&flight, "none 0-600, SY_APP 600-2400, none 2400-3600");
    assert_eq!(scene.coverage(&flight, 0, 3600), "1800 1800 0 50.0 100.0");
}

#[test]
fn all_of_the_time_is_100_per_cent_and_not_36_7() {
    let scene = Scene::new();
    let flight = scene.flight(3600);
    scene.contacts(&flight, "SY_APP 0-3600");
    assert_eq!(scene.coverage(&flight, 0, 3600), "3600 0 0 100.0 100.0");
}

#[test]
fn four_minutes_of_an_hour_are_6_7_per_cent_and_not_36_7() {
    let scene = Scene::new();
    let flight = scene.flight(3600);
    scene.contacts(&flight, "SY_APP 0-240, none 240-3600");
    assert_eq!(scene.coverage(&flight, 0, 3600), "240 3360 0 6.7 100.0");
}

/// It asked who is online now, and found nobody.
#[test]
fn contact_stays_after_the_controller_logged_off_and_was_deleted() {
    let scene = Scene::new();
    scene.connection(12, "SY_APP", 0, 1800);
    let flight = scene.flight(3600);
    scene.contacts(&flight, "SY_APP 0-1800, none 1800-3600");
    let visit = scene.visit(&flight, "SYD", 0, Some(3600));
    scene.control("SYD", "SY_APP 0-1800, uncontrolled 1800-");
    for left in ["select 1", "delete from controllers"] {
        scene.client.run(left);
        assert_eq!(scene.coverage(&flight, 0, 3600), "1800 1800 0 50.0 100.0", "{left}");
        let control =
            "select concat_ws(' ', controlled_seconds::integer, controllers) from v_visit_control";
        let control = scene.client.one(&format!("{control} where visit_id = {visit}"));
        assert_eq!(control, "1800 {SY_APP}", "{left}");
    }
}
