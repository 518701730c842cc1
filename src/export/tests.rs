//! Tables, their formats and columns, and files.

use futures_util::{StreamExt as _, stream};
use sectorwatch_export::{Encoder, Table};

use super::*;

fn names<R: 'static>(table: Table<R>) -> String {
    let mut encoder = Encoder::new(Format::Csv, table).unwrap();
    String::from_utf8(encoder.begin().unwrap().to_vec()).unwrap().trim_end().to_owned()
}

#[test]
fn columns_are_those_of_the_contract_in_its_order() {
    let flights = "id,callsign,logon_time,flight_rules,aircraft_short,aircraft_faa,departure,arrival,alternate,route,\
        planned_altitude,planned_altitude_ft,cruise_tas,deptime,enroute_time,fuel_time,revision_id,\
        assigned_transponder,server,pilot_rating,military_rating,latitude,longitude,altitude,groundspeed,heading,\
        transponder,qnh_mb,first_seen,last_updated,last_seen";
    let controllers = "id,callsign,logon_time,facility,rating,frequency,visual_range,server,first_seen,last_updated,\
        last_seen";
    assert_eq!(names(columns::flights(false)), flights);
    assert_eq!(names(columns::flights(true)), format!("{flights},cid,remarks"));
    assert_eq!(names(columns::controllers(false)), controllers);
    assert_eq!(names(columns::controllers(true)), format!("{controllers},cid,text_atis"));
    assert_eq!(
        names(columns::positions()),
        "flight_id,callsign,observed_at,latitude,longitude,altitude,groundspeed,heading,qnh_mb,transponder"
    );
    assert_eq!(
        names(columns::visits()),
        "id,flight_id,callsign,sector_name,entry_timestamp,exit_timestamp,duration_seconds,entry_lat,entry_lon,\
         exit_lat,exit_lon,entry_altitude,exit_altitude,exit_reason,airspace_revision"
    );
    assert_eq!(
        names(columns::contacts()),
        "id,flight_id,state,controller_id,controller_callsign,frequency_hz,is_primary,from_timestamp,to_timestamp"
    );
    assert_eq!(
        names(columns::movements()),
        "id,flight_id,callsign,icao,kind,at,earliest_at,latitude,longitude"
    );
}

#[test]
fn tables_without_places_have_no_geojson() {
    let names: Vec<_> = ExportTable::ALL.iter().map(|table| table.as_str()).collect();
    assert_eq!(names, ["flights", "visits", "positions", "contacts", "controllers", "movements"]);
    for table in ExportTable::ALL {
        let has_places = !["contacts", "controllers"].contains(&table.as_str());
        assert_eq!(table.format("geojson").is_some(), has_places, "{table:?}");
        assert_eq!(table.format("parquet"), Some(Format::Parquet));
        assert_eq!((table.format("CSV"), table.format("")), (None, None));
        assert_eq!(ExportTable::of_name(table.as_str()), Some(*table));
    }
    assert_eq!(ExportTable::of_name("Flights"), None);
}

fn parts(parts: Vec<Result<&'static str, WalkError>>) -> Parts {
    let parts = parts.into_iter().zip(1..);
    stream::iter(parts.map(|(part, rows)| part.map(|text| Part { bytes: text.into(), rows })))
        .boxed()
}

#[tokio::test]
async fn a_file_has_its_name_once_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file.csv");
    let there = || {
        let names = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect::<Vec<_>>()
    };
    std::fs::write(&file, "older").unwrap();
    let mut told = Vec::new();
    let broken = parts(vec![Ok("a"), Err(WalkError::TooLong), Ok("b")]);
    let saved = save(broken, Some(&file), |rows| {
        assert!(there().contains(&"file.csv.part".to_owned()));
        told.push(rows);
    });
    assert!(matches!(saved.await, Err(SaveError::Walk(WalkError::TooLong))));
    assert_eq!((std::fs::read_to_string(&file).unwrap().as_str(), there().len()), ("older", 1));
    save(parts(vec![Ok("a"), Ok("b")]), Some(&file), |rows| told.push(rows)).await.unwrap();
    assert_eq!((std::fs::read_to_string(&file).unwrap().as_str(), there().len()), ("ab", 1));
    assert_eq!(told, [1, 1, 2]);
}

#[test]
fn only_a_closed_output_needs_no_words() {
    let error = |kind| std::io::Error::from(kind);
    assert!(is_for_nobody(&SaveError::Closed));
    assert!(!is_for_nobody(&SaveError::Output(error(std::io::ErrorKind::StorageFull))));
    assert!(!is_for_nobody(&WalkError::TooLong));
}
