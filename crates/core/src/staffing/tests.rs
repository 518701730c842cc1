use super::*;
use crate::sample;

fn on_line(callsign: &str, frequency: &str) -> Controller {
    Controller {
        cid: 1,
        callsign: callsign.into(),
        logon_time: sample::time(0),
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

fn sector(named: &[&str]) -> Sector {
    let mut sector = sample::airspace().sectors()[0].clone();
    sector.callsigns = named.iter().map(|&callsign| callsign.to_owned()).collect();
    sector
}

/// Who staffs a sector with these callsigns.
fn staff(named: &[&str], on_line: &[Controller]) -> Option<Vec<String>> {
    staff_in_doubt(named, on_line, &[])
}

/// Like [`staff`], with doubtful controllers; `?` is one without a callsign.
fn staff_in_doubt(
    named: &[&str],
    on_line: &[Controller],
    doubtful: &[&str],
) -> Option<Vec<String>> {
    let doubtful = doubtful.iter().map(|&it| (it != "?").then(|| it.into()));
    let doubtful: Vec<Doubtful> = doubtful.collect();
    let staffed = staffing(&[sector(named)], &on_line.iter().collect::<Vec<_>>(), &doubtful);
    let [staff] = &staffed[..] else { panic!("one sector: {staffed:?}") };
    let text = |staff: &Staff| staff.iter().map(|callsign| callsign.to_string()).collect();
    staff.as_ref().map(text)
}

#[test]
fn a_controller_with_a_frequency_staffs_the_sector_that_names_the_callsign() {
    type Case =
        (&'static [&'static str], &'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: &[Case] = &[
        (&["SY_TWR"], &[("SY_TWR", "120.500")], &["SY_TWR"]),
        (&["SY_TWR"], &[], &[]),
        (&["SY_TWR"], &[("SY_APP", "124.400")], &[]),
        (&["SY_TWR"], &[("SY_TWR", "199.998")], &[]),
        (&["SY_TWR"], &[("SY_TWR", "")], &[]),
        (&["SY_TWR"], &[("SY_TWR", "199.9980")], &[]),
        (&["SY_TWR"], &[("SY_TWR", " 0.000")], &[]),
        (&["SY_TWR"], &[("SY_TWR", "inf")], &[]),
        (&["SY_TWR"], &[("SY_TWR", "soon")], &[]),
        (&["SY_TWR"], &[("SY__TWR", "120.500")], &["SY__TWR"]),
        (&["SY__TWR"], &[("SY_TWR", "120.500")], &["SY_TWR"]),
        (&["SY_TWR"], &[("SY__TWR", "199.998"), ("SY_TWR", "120.500")], &["SY_TWR"]),
        (&["SY_TWR"], &[("SY_TWR", "120.500"), ("SY__TWR", "120.500")], &["SY_TWR", "SY__TWR"]),
        (&["SY_TWR"], &[("SY_TWR", "120.500"), ("SY_TWR", "120.500")], &["SY_TWR"]),
        (&["sy_twr"], &[("SY_TWR", "120.500")], &["SY_TWR"]),
        (&["SY_TWR"], &[("sy_twr", "120.500")], &["sy_twr"]),
        (&["SY_TWR"], &[("SY-S_TWR", "120.500"), ("XSY_TWR", "120.5"), ("SY_TWR1", "1")], &[]),
        (&["SY_TWR"], &[("SYTWR", "120.500")], &[]),
        (&["SY_TWR"], &[("SY_1_TWR", "120.500")], &["SY_1_TWR"]),
        (&["SY_TWR"], &[("SY_A_TWR", "120.500")], &["SY_A_TWR"]),
        (&["sy_twr"], &[("Sy_a_Twr", "120.500")], &["Sy_a_Twr"]),
        (&["SY_TWR"], &[("SY__1__TWR", "120.500")], &["SY__1__TWR"]),
        (&["ML-WOL_CTR"], &[("ML-WOL_1_CTR", "120.500")], &["ML-WOL_1_CTR"]),
        (&["SY_TWR"], &[("SY_1_TWR", "120.500"), ("SY_TWR", "120.500")], &["SY_TWR", "SY_1_TWR"]),
        (&["SY_TWR"], &[("SY_1_TWR", "199.998")], &[]),
        (&["SY_TWR"], &[("SY_12_TWR", "1"), ("SY_1_2_TWR", "1"), ("SY_-_TWR", "1")], &[]),
        (&["SY_TWR"], &[("SY_1_APP", "1"), ("1_TWR", "1"), ("_1_TWR", "1"), ("SY_1", "1")], &[]),
        (&["TWR", "_TWR"], &[("1_TWR", "1"), ("_1_TWR", "1")], &[]),
        (&["SY_1_TWR"], &[("SY_TWR", "120.500"), ("SY_2_TWR", "120.500")], &[]),
        // An exact callsign of the list comes first.
        (&["SY_TWR", "SY_1_TWR"], &[("SY_1_TWR", "120.500")], &["SY_1_TWR"]),
        (&["SY_N_TWR"], &[("SY_N_1_TWR", "120.500")], &["SY_N_1_TWR"]),
        (
            &["ML-WOL_CTR", "ML-BLA_CTR"],
            &[("ML-BLA_CTR", "132.200"), ("ML-WOL_CTR", "125.000")],
            &["ML-WOL_CTR", "ML-BLA_CTR"],
        ),
    ];
    for (named, fed, expected) in cases {
        let controllers: Vec<_> =
            fed.iter().map(|(callsign, mhz)| on_line(callsign, mhz)).collect();
        let what = format!("{named:?} with {fed:?}");
        assert_eq!(staff(named, &controllers).expect(&what), *expected, "{what}");
    }
    assert_eq!(staff(&[], &[on_line("SY_TWR", "120.500")]), None, "it names no callsigns");
}

#[test]
fn who_cannot_be_read_makes_what_they_might_staff_unknown_and_nothing_else() {
    type Case = (&'static [&'static str], &'static [&'static str], Option<&'static [&'static str]>);
    let cases: &[Case] = &[
        (&["SY_TWR"], &["SY_TWR"], None),
        (&["SY_TWR"], &["sy__twr"], None),
        (&["SY_TWR"], &["SY_1_TWR"], None),
        (&["SY_APP", "SY_TWR"], &["SY_TWR"], None),
        (&["SY_TWR"], &["ML_TWR"], Some(&[])),
        (&["SY_TWR"], &["?"], None),
        (&["SY_TWR"], &["ML_TWR", "?"], None),
        (&["BN_TWR"], &["BN_TWR", "?"], Some(&["BN_TWR"])),
        (&["SY_TWR", "BN_TWR"], &["SY_TWR", "?"], Some(&["BN_TWR"])),
        (&[], &["?"], None),
    ];
    let on_line = [on_line("BN_TWR", "120.500"), on_line("CB_TWR", "199.998")];
    for (named, doubtful, expected) in cases {
        let staff = staff_in_doubt(named, &on_line, doubtful);
        let expected = expected.map(|it| it.iter().map(|it| it.to_string()).collect::<Vec<_>>());
        assert_eq!(staff, expected, "{named:?} with {doubtful:?} in doubt");
    }
}

#[test]
fn a_callsign_that_another_sector_names_is_no_relief() {
    let sectors = [sector(&["SY_TWR"]), sector(&["SY_1_TWR"])];
    let on_line = [on_line("SY_1_TWR", "120.500"), on_line("SY_2_TWR", "120.500")];
    let staffed = staffing(&sectors, &on_line.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(staffed, [Some(vec!["SY_2_TWR".into()]), Some(vec!["SY_1_TWR".into()])]);
}
