//! Who controls a sector in one snapshot.

use super::*;
use crate::{
    airspace::Sector,
    controller::Controller,
    positions::{Position, PositionFile, Positions},
};

fn sector(owners: &[&str]) -> Sector {
    let owners = owners.iter().map(|&owner| owner.to_owned()).collect();
    Sector { id: "S".into(), owners, ..Sector::default() }
}

/// Positions whose ids are their callsigns, and `ZA`, `ZB` that share a callsign.
fn positions() -> Positions {
    let plain = ["SY_TWR", "SY_APP", "ML_CTR", "LON_CTR", "LON_S_CTR"];
    let mut positions: Vec<Position> = plain.map(Position::of_callsign).into();
    let sharing = |id: &str, hertz| Position {
        id: id.to_owned(),
        prefixes: vec!["Z".to_owned()],
        suffix: "CTR".to_owned(),
        frequency_hz: Some(hertz),
    };
    positions.extend([sharing("ZA", 120_500_000), sharing("ZB", 131_575_000)]);
    // One id for two positions.
    positions.push(Position { suffix: "DEP".to_owned(), ..positions[1].clone() });
    Positions::new([PositionFile { positions, cut_hyphen: false }])
}

/// `CALLSIGN`, with `@FREQUENCY`, which else is 118.700. They have logged on in turn.
fn online(fed: &[&str]) -> Vec<Controller> {
    let controller = |(number, word): (usize, &&str)| {
        let (callsign, frequency) = word.split_once('@').unwrap_or((word, "118.700"));
        let logon_time = sample::time(number as i64);
        controller(callsign, frequency, 100, logon_time)
    };
    fed.iter().enumerate().map(controller).collect()
}

fn controller(callsign: &str, frequency: &str, cid: i32, logon_time: crate::Time) -> Controller {
    Controller {
        cid,
        callsign: callsign.into(),
        logon_time,
        facility: 4,
        rating: 5,
        frequency: frequency.to_owned(),
        visual_range: None,
        text_atis: None,
        server: String::new(),
        last_updated: sample::time(0),
        unreadable: Vec::new(),
    }
}

/// What a sector with these owners shows: the verdict, and who else is on one of them. `?` in doubt is somebody without
/// a readable callsign.
fn told(owners: &[&str], fed: &[Controller], doubtful: &[&str]) -> (String, Option<Vec<String>>) {
    let doubtful = doubtful.iter().map(|&it| (it != "?").then(|| it.into()));
    let doubtful: Vec<Doubtful> = doubtful.collect();
    let (positions, sector) = (positions(), sector(owners));
    let kept: Vec<&Controller> = fed.iter().collect();
    let online = Online::new(&positions, &kept, &doubtful);
    let verdict = match online.verdict(&sector) {
        None => String::new(),
        Some(Verdict::Unknown) => "?".to_owned(),
        Some(Verdict::Uncontrolled) => "-".to_owned(),
        Some(Verdict::Controlled { by, rank }) => format!("{} {rank}", by.callsign),
    };
    let staff = online.staff(&sector);
    (verdict, staff.map(|staff| staff.iter().map(|it| it.callsign.to_string()).collect()))
}

#[test]
fn the_first_owner_that_is_staffed_controls() {
    type Case = (&'static [&'static str], &'static [&'static str], &'static str);
    let cases: &[Case] = &[
        (&["SY_TWR"], &["SY_TWR"], "SY_TWR 0"),
        (&["SY_TWR"], &[], "-"),
        (&["SY_TWR"], &["SY_APP"], "-"),
        (&["SY_TWR", "SY_APP", "ML_CTR"], &["ML_CTR"], "ML_CTR 2"),
        (&["SY_TWR", "SY_APP", "ML_CTR"], &["ML_CTR", "SY_APP"], "SY_APP 1"),
        (&["SY_TWR", "SY_APP", "ML_CTR"], &["ML_CTR", "SY_APP", "SY_TWR"], "SY_TWR 0"),
        // A relief, in any case; a position of its own.
        (&["SY_TWR"], &["sy__twr"], "sy__twr 0"),
        (&["SY_TWR"], &["SY_1_TWR"], "SY_1_TWR 0"),
        (&["LON_CTR"], &["LON_S_CTR"], "-"),
        (&["LON_CTR", "LON_S_CTR"], &["LON_S_CTR"], "LON_S_CTR 1"),
        (&["LON_CTR"], &["LON_N_CTR"], "LON_N_CTR 0"),
        // Of several at one position, who logged on first.
        (&["SY_TWR"], &["SY_1_TWR", "SY_TWR"], "SY_1_TWR 0"),
        // Who is not online.
        (&["SY_TWR"], &["SY_TWR@199.998"], "-"),
        (&["SY_TWR"], &["SY_TWR@199.9980"], "-"),
        (&["SY_TWR"], &["SY_TWR@"], "-"),
        (&["SY_TWR"], &["SY_TWR@0"], "-"),
        (&["SY_TWR"], &["SY_TWR@ 0.000"], "-"),
        (&["SY_TWR"], &["SY_TWR@-118.7"], "-"),
        (&["SY_TWR"], &["SY_TWR@inf"], "-"),
        (&["SY_TWR"], &["SY_TWR@soon"], "-"),
        (&["SY_TWR"], &["SY_TWR@118,700"], "-"),
        (&["SY_TWR"], &["SY_TWR@199.998", "SY_1_TWR"], "SY_1_TWR 0"),
        (&["SY_TWR", "SY_APP"], &["SY_TWR@199.998", "SY_APP"], "SY_APP 1"),
        // Who is: the channel is not asked where the callsign tells.
        (&["SY_TWR"], &["SY_TWR@122.800"], "SY_TWR 0"),
        (&["SY_TWR"], &["SY_TWR@ 120.5 "], "SY_TWR 0"),
        (&["SY_TWR"], &["SY_TWR@8.867"], "SY_TWR 0"),
        // The frequency tells apart what the callsign cannot, as the radios round it.
        (&["ZA", "ZB"], &["Z_CTR@131.570"], "Z_CTR 1"),
        (&["ZA", "ZB"], &["Z_1_CTR@120.5"], "Z_1_CTR 0"),
        (&["ZA", "ZB"], &["Z_CTR"], "-"),
        // One id for two positions.
        (&["SY_APP"], &["SY_DEP"], "SY_DEP 0"),
        (&[], &["SY_TWR"], ""),
    ];
    for (owners, fed, expected) in cases {
        assert_eq!(told(owners, &online(fed), &[]).0, *expected, "{owners:?} with {fed:?}");
    }
}

#[test]
fn of_those_who_logged_on_at_once_the_lesser_cid_controls() {
    let at = |cid, second| controller("SY_TWR", "118.700", cid, sample::time(second));
    let of = |fed: [Controller; 2]| {
        let (positions, kept) = (positions(), [&fed[0], &fed[1]]);
        let online = Online::new(&positions, &kept, &[]);
        match online.verdict(&sector(&["SY_TWR"])) {
            Some(Verdict::Controlled { by, .. }) => by.cid,
            other => panic!("not controlled: {other:?}"),
        }
    };
    assert_eq!(of([at(9, 0), at(8, 0)]), 8);
    assert_eq!(of([at(8, 0), at(9, 0)]), 8);
    assert_eq!(of([at(8, 1), at(9, 0)]), 9);
}

#[test]
fn who_cannot_be_read_matters_before_the_first_staffed_owner() {
    type Case = (&'static [&'static str], &'static [&'static str], &'static str);
    let cases: &[Case] = &[
        (&["SY_TWR"], &["SY_TWR"], "?"),
        (&["SY_TWR"], &["sy__twr"], "?"),
        (&["SY_TWR"], &["SY_1_TWR"], "?"),
        (&["SY_TWR"], &["SY_GND"], "-"),
        (&["SY_TWR"], &["?"], "?"),
        // ML_CTR is staffed.
        (&["ML_CTR"], &["ML_CTR"], "ML_CTR 0"),
        (&["ML_CTR"], &["?"], "ML_CTR 0"),
        (&["ML_CTR", "SY_TWR"], &["SY_TWR"], "ML_CTR 0"),
        (&["ML_CTR", "SY_TWR"], &["SY_TWR", "?"], "ML_CTR 0"),
        (&["SY_TWR", "ML_CTR"], &["SY_TWR"], "?"),
        (&["SY_TWR", "ML_CTR"], &["SY_APP"], "ML_CTR 1"),
        (&["SY_TWR", "ML_CTR"], &["?"], "?"),
        // The longest stem counts here, too.
        (&["LON_CTR"], &["LON_S_1_CTR"], "-"),
        (&["LON_CTR"], &["LON_N_CTR"], "?"),
        // The frequency is not known, so that each that fits may be it.
        (&["ZB", "ML_CTR"], &["Z_CTR"], "?"),
        (&[], &["?"], ""),
    ];
    let online = online(&["ML_CTR", "SY_APP@199.998"]);
    for (owners, doubtful, expected) in cases {
        let verdict = told(owners, &online, doubtful).0;
        assert_eq!(verdict, *expected, "{owners:?} with {doubtful:?} in doubt");
    }
}

#[test]
fn all_who_are_online_on_an_owner_staff_a_sector() {
    let all = ["ML_CTR", "SY_1_TWR", "SY_TWR", "SY_DEP"];
    let staff = |owners: &[&str], fed: &[&str], doubtful: &[&str]| {
        told(owners, &online(fed), doubtful).1.map(|staff| staff.join(" "))
    };
    let owners = ["SY_TWR", "SY_APP", "ML_CTR"];
    assert_eq!(staff(&owners, &all, &[]).as_deref(), Some("SY_1_TWR SY_TWR SY_DEP ML_CTR"));
    assert_eq!(staff(&owners, &[], &[]).as_deref(), Some(""));
    assert_eq!(staff(&owners, &["ML_CTR"], &["SY_TWR"]).as_deref(), Some("ML_CTR"), "staffed");
    assert_eq!(staff(&owners, &[], &["SY_TWR"]), None, "it may be");
    assert_eq!(staff(&[], &all, &[]), None, "it has no owners");
}

#[test]
fn a_controller_without_a_row_controls_nothing_that_can_be_told() {
    let fed = online(&["SY_TWR"]);
    let verdict = Verdict::Controlled { by: &fed[0], rank: 3 };
    let control = Control::of(verdict, |controller| Some(i64::from(controller.cid)));
    let holder = Holder { controller_id: Some(100), callsign: Some("SY_TWR".into()), rank: 3 };
    assert_eq!((control.as_str(), control.holder()), ("controlled", Some(&holder)));
    assert_eq!(Control::of(verdict, |_| None).as_str(), "unknown");
    assert_eq!(Control::of(Verdict::Uncontrolled, |_| None).as_str(), "uncontrolled");
    assert_eq!(Control::of(Verdict::Unknown, |_| None).as_str(), "unknown");
}
