//! The vectors of the contract, by number: groundspeed and altitude at Sydney, every 15 seconds.

use super::*;

fn told_of(pairs: &[(i32, i32)]) -> Vec<String> {
    let seconds = (0..).step_by(15);
    let observations = seconds
        .zip(pairs)
        .map(|(second, &(speed_kt, altitude))| at_sydney(second, Some(speed_kt), altitude));
    told(&observations.collect::<Vec<_>>())
}

#[test]
fn vector_1_a_takeoff() {
    assert_eq!(told_of(&[(0, 21), (140, 25), (150, 400)]), ["takeoff YSSY 30"]);
}

#[test]
fn vector_2_a_landing_at_the_first_observation_up_to_150_ft() {
    let rows = [(250, 1_200), (145, 300), (60, 21), (25, 21)];
    assert_eq!(told_of(&rows), ["landing YSSY 30"]);
}

#[test]
fn vector_3_a_takeoff_with_a_dip_is_no_go_around() {
    let rows = [(0, 21), (140, 25), (150, 340), (150, 315), (160, 800), (170, 1_100)];
    assert_eq!(told_of(&rows), ["takeoff YSSY 30"]);
}

#[test]
fn vector_4_a_touch_and_go_at_its_lowest_observation() {
    let rows = [(200, 1_500), (140, 300), (130, 60), (140, 70), (150, 600), (160, 1_100)];
    assert_eq!(told_of(&rows), ["touch_and_go YSSY 30"]);
}

#[test]
fn vector_5_a_go_around_at_its_lowest_observation() {
    let rows = [(200, 1_500), (140, 300), (130, 120), (160, 600), (170, 1_100)];
    assert_eq!(told_of(&rows), ["go_around YSSY 30"]);
}
