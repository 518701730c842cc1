//! Who is tuned: T1 to T9, and what every radio is judged by.

use super::*;
use crate::channel::Channel;

const YSSY: (f64, f64) = (-33.946111, 151.177222);
const YMML: (f64, f64) = (-37.673333, 144.843333);
const FL350_M: f64 = 10_668.0;
const AT_2000_FT_M: f64 = 609.6;

fn controllers() -> Vec<Controller> {
    let all = [
        ("SY_APP", "128.300"),
        ("SY_TWR", "120.500"),
        ("ML_TWR", "120.500"),
        ("ML-GUN_CTR", "133.150"),
        ("BN_FSS", "199.998"),
    ];
    all.map(|(callsign, frequency)| controller(callsign, frequency)).into()
}

fn sites() -> Vec<Station> {
    let gun = (-35.3, 149.2);
    vec![
        station("SY_APP", &[antenna(128.3, YSSY, 30.0)]),
        station("sy_twr", &[antenna(120.5, YSSY, 30.0)]),
        station("ML_TWR", &[antenna(120.5, YMML, 130.0)]),
        station("ML-GUN_CTR", &[antenna(133.15, gun, 1_000.0), antenna(128.3, YSSY, 30.0)]),
        station("BN_FSS", &[antenna(8.867, (-20.0, 155.0), 10.0)]),
        station("SY_ATIS", &[antenna(126.25, YSSY, 30.0)]),
    ]
}

/// A place so many nautical miles on a bearing of 225° from Sydney.
fn from_sydney(distance_nm: f64) -> (f64, f64) {
    let (latitude, longitude) = (YSSY.0.to_radians(), YSSY.1.to_radians());
    let (angle, bearing) = (distance_nm / 3_440.065, 225.0_f64.to_radians());
    let there =
        (latitude.sin() * angle.cos() + latitude.cos() * angle.sin() * bearing.cos()).asin();
    let east = (bearing.sin() * angle.sin() * latitude.cos())
        .atan2(angle.cos() - latitude.sin() * there.sin());
    (there.to_degrees(), (longitude + east).to_degrees())
}

/// What the flight with this radio is tuned to, best first: callsign, whether primary, d / limit.
fn tuned(radio: Antenna, rules: &Rules) -> Vec<(String, bool, f64)> {
    let controllers = controllers();
    let kept: Vec<Kept<'_>> =
        (1..).zip(&controllers).map(|(id, controller)| Kept { id, controller }).collect();
    let mut stations = sites();
    stations.push(station("QFA1", &[radio]));
    let listening = Listening::new(&stations, &kept, [], rules);
    let mut tuned = listening.tuned("qfa1");
    tuned.sort_by(Tuned::order);
    let shown: Vec<_> = tuned
        .iter()
        .map(|it| (it.callsign().to_owned(), it.is_primary(), (it.nearness() * 1e3).round() / 1e3))
        .collect();
    let best = match listening.of("QFA1") {
        State::Contact(partner) => partner.callsign.map(|callsign| callsign.to_string()),
        _ => None,
    };
    assert_eq!(best.as_ref(), shown.first().map(|(callsign, ..)| callsign), "contact is the best");
    shown
}

#[test]
fn t1_to_t8() {
    let sydney = |mhz, height_m, nm| antenna(mhz, from_sydney(nm), height_m);
    let app = |nearness| ("SY_APP".to_owned(), true, nearness);
    let gun = |nearness| ("ML-GUN_CTR".to_owned(), false, nearness);
    for (number, radio, expected) in [
        ("T1", sydney(128.3, FL350_M, 100.0), vec![app(0.667), gun(0.406)]),
        ("T2", sydney(128.3, FL350_M, 160.0), vec![gun(0.65)]),
        ("T3", sydney(128.3, AT_2000_FT_M, 60.0), vec![app(0.878), gun(0.878)]),
        ("T4", sydney(128.3, AT_2000_FT_M, 70.0), vec![]),
        ("T5", sydney(128.305, FL350_M, 20.0), vec![]),
        ("T6", sydney(120.5, AT_2000_FT_M, 10.0), vec![("SY_TWR".to_owned(), true, 0.2)]),
        ("T7 UNICOM", sydney(122.8, FL350_M, 10.0), vec![]),
        ("T7 emergency", sydney(121.5, FL350_M, 10.0), vec![]),
        ("T7 ATIS", sydney(126.25, FL350_M, 10.0), vec![]),
        ("T7 off", sydney(0.0, FL350_M, 10.0), vec![]),
        ("T8", antenna(8.867, (-5.0, 168.0), FL350_M), vec![("BN_FSS".to_owned(), false, 0.785)]),
    ] {
        assert_eq!(tuned(radio, &Rules::default()), expected, "{number}");
    }
}

#[test]
fn t9_the_horizon_of_a_site_of_30_m_and_of_a_level_of_350() {
    let place = |height_m| reach::Place::of(&antenna(128.3, YSSY, height_m));
    let horizon = place(30.0).horizon_nm(&place(FL350_M));
    assert!((horizon - 246.25).abs() < 0.005, "{horizon}");
}

#[test]
fn a_height_that_cannot_be_true_counts_as_fifty_metres() {
    let horizon = |height_msl_m| {
        let place = reach::Place::of(&Antenna { height_msl_m, ..antenna(128.3, YSSY, 0.0) });
        place.horizon_nm(&place)
    };
    let assumed = horizon(Some(50.0));
    assert!((horizon(Some(4.0 * 50.0)) / assumed - 2.0).abs() < 1e-9, "it grows with the root");
    for height_m in [None, Some(0.0), Some(-50.0), Some(30_000.1), Some(1e308), Some(f64::NAN)] {
        assert_eq!(horizon(height_m), assumed, "{height_m:?}");
    }
    for height_m in [0.1, 30_000.0] {
        assert_ne!(horizon(Some(height_m)), assumed, "{height_m}");
    }
}

#[test]
fn a_channel_is_what_its_name_and_its_frequency_have_in_common() {
    let hz = |frequency_hz| Channel::of_hz(frequency_hz).map(Channel::hz);
    for (frequency_hz, channel) in [
        (131_570_000, Some(131_575_000)),
        (124_645_000, Some(124_650_000)),
        (118_120_000, Some(118_125_000)),
        (118_095_000, Some(118_100_000)),
        (118_005_000, Some(118_005_000)),
        (118_004_500, Some(118_005_000)),
        (118_004_499, Some(118_004_000)),
        (8_870_000, Some(8_870_000)),
        (117_970_000, Some(117_970_000)),
        (499, None),
        (0, None),
        (2_147_000_000, Some(2_147_000_000)),
    ] {
        assert_eq!(hz(frequency_hz), channel, "{frequency_hz}");
    }
    for (mhz, channel) in [
        ("118.700", Some(118_700_000)),
        (" 131.57 ", Some(131_575_000)),
        ("118", Some(118_000_000)),
        ("199.998", None),
        ("0", None),
        ("-118.7", None),
        ("", None),
        ("118,7", None),
        ("none", None),
        ("NaN", None),
        ("inf", None),
    ] {
        assert_eq!(Channel::of_mhz(mhz).map(Channel::hz), channel, "{mhz}");
    }
}

#[test]
fn other_channels_may_be_left_out_and_caps_be_other() {
    let advisory = ["128.3", "120.5"].map(|mhz| Channel::of_mhz(mhz).expect("a channel"));
    let rules = Rules { ignored: Ignored::with([advisory[0]]), ..Rules::default() };
    assert_eq!(tuned(antenna(128.3, from_sydney(20.0), FL350_M), &rules), []);
    assert_eq!(tuned(antenna(120.5, from_sydney(10.0), FL350_M), &rules).len(), 1);
    assert_eq!(tuned(antenna(122.8, from_sydney(20.0), FL350_M), &rules), []);
    let caps = Caps::read("APP=99.9").expect("caps");
    let rules = Rules { caps, ..Rules::default() };
    let heard = tuned(antenna(128.3, from_sydney(100.0), FL350_M), &rules);
    assert_eq!(heard, [("ML-GUN_CTR".to_owned(), false, 0.406)], "the others keep their caps");
    let read = Caps::read(&Caps::default_text());
    assert_eq!(read, Some(Caps::default()));
    assert_eq!(Caps::default_text(), "DEL=15,GND=15,TWR=50,APP=150,CTR=600,FSS=1500");
    for refused in [
        "",
        "APP",
        "APP=",
        "APP=0",
        "APP=-1",
        "APP=x",
        "APP=inf",
        "APP=NaN",
        "DEP=1",
        "APP=1,APP=2",
        "APP=20001",
        "app=1",
        "APP=1,",
    ] {
        assert_eq!(Caps::read(refused), None, "{refused}");
    }
}

#[test]
fn the_suffix_alone_says_how_far_a_position_is_heard() {
    let caps = Caps::default();
    for (callsign, cap) in [
        ("YSSY_DEL", Some(15.0)),
        ("KJFK_RMP", Some(15.0)),
        ("sy_1_twr", Some(50.0)),
        ("KNYC_DEP", Some(150.0)),
        ("EGLL__APP", Some(150.0)),
        ("ML-GUN_CTR", Some(600.0)),
        ("BN_FSS", Some(1_500.0)),
        ("SYDNEY", None),
        ("EDYY_FMP", None),
        ("CTR", None),
        ("JD_OBS", None),
        ("SY_ATIS", None),
    ] {
        assert_eq!(caps.of(callsign), cap, "{callsign}");
    }
}
