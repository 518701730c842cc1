//! What an observation is: unknown, in contact or not, in the order of the rule.

use super::*;

const HERE: (f64, f64) = (-33.9, 151.2);

fn listen<'s>(stations: &'s [Station], kept: &[Kept<'s>], rules: &'s Rules) -> Listening<'s> {
    Listening::new(stations, kept, ["AD_APP".into(), "ml_twr".into()], rules)
}

#[test]
fn unknown_comes_before_contact_and_doubt_before_none() {
    let app = controller("SY_APP", "128.300");
    let kept = [Kept { id: 3, controller: &app }];
    let on = |mhz| antenna(mhz, HERE, 300.0);
    let far = antenna(124.2, (0.0, 0.0), 300.0);
    let unreadable = Station { is_whole: false, ..station("UNREAD", &[]) };
    let half = Station { is_whole: false, ..station("HALF", &[on(128.3)]) };
    let stations = [
        station("SY_APP", &[on(128.3)]),
        station("AD_APP", &[far]),
        station("ML_TWR", &[on(120.5), on(122.8)]),
        station("TUNED", &[on(126.0), on(128.3)]),
        station("BOTH", &[on(128.3), on(120.5)]),
        station("DOUBT", &[on(120.5)]),
        station("FAR", &[on(124.2)]),
        station("NONE", &[on(126.0)]),
        station("EMPTY", &[]),
        station("UNICOM", &[on(122.8)]),
        unreadable,
        half,
    ];
    let rules = Rules::default();
    let listening = listen(&stations, &kept, &rules);
    let contact = State::Contact(Partner {
        controller_id: Some(3),
        callsign: Some("SY_APP".into()),
        frequency_hz: 128_300_000,
        is_primary: true,
    });
    for (callsign, expected) in [
        ("NOBODY", State::Unknown),
        ("UNREAD", State::Unknown),
        ("HALF", contact.clone()),
        ("TUNED", contact.clone()),
        ("tuned", contact.clone()),
        ("BOTH", contact),
        // Who was rejected is neither far nor near.
        ("DOUBT", State::Unknown),
        ("FAR", State::Unknown),
        ("NONE", State::Alone),
        ("EMPTY", State::Alone),
        ("UNICOM", State::Alone),
    ] {
        assert_eq!(listening.of(callsign), expected, "{callsign}");
    }
}

#[test]
fn of_two_with_one_callsign_who_logged_on_first_is_in_contact() {
    let at = |cid, logon, frequency: &str| Controller {
        cid,
        logon_time: time(logon),
        ..controller("SY_APP", frequency)
    };
    let radio = antenna(128.3, HERE, 300.0);
    let stations = [station("SY_APP", &[radio]), station("QFA1", &[radio])];
    for (first, second, expected) in [
        (at(2, 0, "128.300"), at(1, 1, "128.300"), (1, true)),
        (at(1, 1, "128.300"), at(2, 0, "128.300"), (2, true)),
        (at(2, 0, "128.300"), at(1, 0, "128.300"), (2, true)),
        // 199.998 or not: the callsign's radios are those of the first.
        (at(1, 0, "199.998"), at(2, 1, "128.300"), (1, false)),
        (at(1, 0, "no"), at(2, 1, "128.300"), (1, false)),
    ] {
        let mut second = second;
        second.callsign = "sy_app".into();
        let kept = [Kept { id: 1, controller: &first }, Kept { id: 2, controller: &second }];
        let rules = Rules::default();
        let listening = Listening::new(&stations, &kept, [], &rules);
        let state = listening.of("QFA1");
        let partner = state.partner().expect("a contact");
        assert_eq!((partner.controller_id, partner.is_primary), (Some(expected.0), expected.1));
    }
}

#[test]
fn equals_are_told_apart_by_callsign_and_then_by_channel() {
    let named = ["SY_W_CTR", "SY_E_CTR", "BN_CTR"].map(|it| controller(it, "133.150"));
    let kept: Vec<_> = (1..).zip(&named).map(|(id, controller)| Kept { id, controller }).collect();
    let on = |mhz| antenna(mhz, HERE, 300.0);
    let mut stations: Vec<_> =
        named.iter().map(|it| station(&it.callsign, &[on(128.4), on(128.3)])).collect();
    stations.push(station("QFA1", &[on(128.4), on(128.3)]));
    let rules = Rules::default();
    let state = Listening::new(&stations, &kept, [], &rules).of("QFA1");
    let partner = state.partner().expect("a contact");
    assert_eq!(partner.callsign.as_deref(), Some("BN_CTR"));
    assert_eq!((partner.frequency_hz, partner.is_primary), (128_300_000, false));
}

#[test]
fn a_flight_is_compared_with_the_sites_of_its_channel() {
    let named: Vec<_> = (0..150).map(|i| controller(&format!("C{i}_CTR"), "133.150")).collect();
    let kept: Vec<_> = (1..).zip(&named).map(|(id, controller)| Kept { id, controller }).collect();
    let site = |i: usize| antenna(123.0 + (i % 75) as f64 / 4.0, HERE, 300.0);
    let mut stations: Vec<_> = named
        .iter()
        .enumerate()
        .map(|(i, it)| station(&it.callsign, &[site(i), site(i + 1), site(i + 2)]))
        .collect();
    let flights = (0..2_000).map(|i| station(&format!("F{i}"), &[site(i), site(i)]));
    stations.extend(flights);
    let rules = Rules::default();
    let listening = Listening::new(&stations, &kept, [], &rules);
    let tuned: usize = (0..2_000).map(|i| listening.tuned(&format!("F{i}")).len()).sum();
    // Six sites a channel, of 450.
    assert_eq!(tuned, 2_000 * 6);
}
