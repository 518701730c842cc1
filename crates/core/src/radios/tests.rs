use super::*;
use crate::sample::time;

const HOUR: i64 = 3_600;

fn transceiver(id: i32, frequency_hz: i64, latitude: f64) -> Transceiver {
    let (height_msl_m, height_agl_m) = (Some(1_500.0), Some(1_400.0));
    let (longitude, unreadable) = (151.0, Vec::new());
    Transceiver { id, frequency_hz, latitude, longitude, height_msl_m, height_agl_m, unreadable }
}

/// The rows, and how many were written and deleted by each list.
#[derive(Default)]
struct Table {
    radios: Radios,
}

impl Table {
    fn list(&mut self, at: i64, stations: &[(&str, Entity, &[Transceiver])]) -> (usize, usize) {
        let callsigns: Vec<Arc<str>> = stations.iter().map(|(it, ..)| Arc::from(*it)).collect();
        let listed = callsigns.iter().zip(stations);
        let listed: Vec<_> = listed
            .map(|(callsign, &(name, entity, transceivers))| {
                let is_whole = !name.starts_with("BAD");
                Listed { callsign, entity, transceivers, is_whole }
            })
            .collect();
        let changes = self.radios.changes(&listed, time(at));
        let counts = (changes.written.len(), changes.gone.len());
        assert_eq!(changes.is_empty(), counts == (0, 0));
        self.radios.advance(changes, time(at));
        counts
    }
}

use Entity::{Atc, Flight};

#[test]
fn a_row_is_written_when_it_is_new_changes_its_channel_or_its_site_moves() {
    let mut table = Table::default();
    let radio = transceiver(0, 124_700_000, -34.0);
    let moved = transceiver(0, 124_700_000, -34.1);
    let tuned = transceiver(0, 118_700_000, -34.1);
    // What is listed, and the rows written.
    for (case, entity, radio, written) in [
        ("new", Flight, &radio, 1),
        ("the same", Flight, &radio, 0),
        ("a flight's radio moves with it", Flight, &moved, 0),
        ("another channel", Flight, &tuned, 1),
        ("it is a controller now", Atc, &tuned, 1),
        ("the same controller", Atc, &tuned, 0),
        ("another channel again", Atc, &moved, 1),
        ("its site moves", Atc, &radio, 1),
        ("a flight again", Flight, &radio, 1),
    ] {
        let radios = std::slice::from_ref(radio);
        assert_eq!(table.list(0, &[("QFA1", entity, radios)]), (written, 0), "{case}");
    }
}

#[test]
fn each_figure_of_a_site_counts() {
    let radio = || transceiver(0, 1, 1.0);
    for moved in [
        Transceiver { latitude: 2.0, ..radio() },
        Transceiver { longitude: 2.0, ..radio() },
        Transceiver { height_msl_m: Some(2.0), ..radio() },
        Transceiver { height_msl_m: None, ..radio() },
        Transceiver { height_agl_m: Some(2.0), ..radio() },
        Transceiver { height_agl_m: None, ..radio() },
    ] {
        let mut table = Table::default();
        table.list(0, &[("SY_APP", Atc, &[radio()])]);
        let what = format!("{moved:?}");
        assert_eq!(table.list(15, &[("SY_APP", Atc, &[moved])]), (1, 0), "{what}");
    }
}

#[test]
fn a_height_that_could_not_be_read_stays_as_it_is_stored() {
    let lossy = |frequency_hz| Transceiver {
        height_msl_m: None,
        height_agl_m: None,
        unreadable: vec!["heightMslM", "heightAglM"],
        ..transceiver(0, frequency_hz, 1.0)
    };
    let heights = |table: &Table| {
        let site = table.radios.0["SY_APP"].radios[&0].site.unwrap();
        (site.height_msl_m, site.height_agl_m)
    };
    let mut table = Table::default();
    table.list(0, &[("SY_APP", Atc, &[lossy(1)])]);
    assert_eq!(heights(&table), (None, None), "nothing is stored yet");
    table.list(15, &[("SY_APP", Atc, &[transceiver(0, 1, 1.0)])]);
    assert_eq!(table.list(30, &[("SY_APP", Atc, &[lossy(1)])]), (0, 0), "as stored");
    assert_eq!(table.list(45, &[("SY_APP", Atc, &[lossy(2)])]), (1, 0), "another channel");
    assert_eq!(heights(&table), (Some(1_500.0), Some(1_400.0)));
}

#[test]
fn a_list_replaces_the_rows_of_its_callsigns_alone() {
    let mut table = Table::default();
    let [a, b, c] = [0, 1, 2].map(|id| transceiver(id, 124_700_000, -34.0));
    table.list(0, &[("QFA1", Flight, &[a.clone(), b.clone()]), ("QFA2", Flight, &[a])]);
    assert_eq!(table.list(15, &[("QFA1", Flight, &[b, c])]), (1, 1));
    assert_eq!(table.radios.rows(), 3);
    assert_eq!(table.list(30, &[("QFA1", Flight, &[])]), (0, 2), "listed with none");
    assert_eq!(table.list(45, &[]), (0, 0), "not listed");
    assert_eq!(table.radios.rows(), 1);
}

#[test]
fn a_radio_that_could_not_be_read_is_not_gone() {
    let mut table = Table::default();
    let [a, b] = [0, 1].map(|id| transceiver(id, 124_700_000, -34.0));
    table.list(0, &[("BAD1", Flight, &[a, b.clone()])]);
    assert_eq!(table.list(15, &[("BAD1", Flight, &[b])]), (0, 0));
    assert_eq!(table.radios.rows(), 2);
}

#[test]
fn a_callsign_that_is_not_listed_loses_its_rows_after_a_day() {
    let mut table = Table::default();
    let radio = [transceiver(0, 124_700_000, -34.0)];
    table.list(0, &[("QFA1", Flight, &radio)]);
    table.list(HOUR, &[("QFA1", Flight, &radio)]);
    let other = [("QFA2", Flight, &radio[..])];
    assert_eq!(table.list(25 * HOUR, &other), (1, 0), "a day after it was listed last");
    assert_eq!(table.list(25 * HOUR + 1, &other), (0, 1));
}

#[test]
fn after_a_restart_the_day_is_counted_anew() {
    let radio = Radio { frequency_hz: 124_700_000, site: None };
    let rows = [(Arc::from("QFA1"), 0, radio)];
    let mut table = Table { radios: Radios::restored(rows, time(10 * HOUR)) };
    let other = [("QFA2", Flight, &[transceiver(0, 124_700_000, -34.0)][..])];
    assert_eq!(table.list(34 * HOUR, &other), (1, 0));
    assert_eq!(table.list(34 * HOUR + 1, &other), (0, 1));
}
