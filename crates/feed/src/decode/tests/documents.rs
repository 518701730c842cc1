use super::{PUBLISHED, controller, decode, document, pilot};
use sectorwatch_core::snapshot::{RecordType, RejectionReason};

#[test]
fn a_bad_document_is_an_error_of_its_kind() {
    let good = document(&[pilot(&[])], &[]);
    let latin1 = good.replace("Jane", "J\u{e4}ne").replace('\u{e4}', "#").into_bytes();
    let latin1: Vec<u8> = latin1.iter().map(|b| if *b == b'#' { 0xe4 } else { *b }).collect();
    let general = format!(r#"{{"general":{{"update_timestamp":"{PUBLISHED}"}}"#);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (latin1, "utf8"),
        (vec![], "json"),
        (b"<!DOCTYPE html><title>502</title>".to_vec(), "json"),
        (good.replace("-33.9", "NaN").into_bytes(), "json"),
        (good.replace("-33.9", "Infinity").into_bytes(), "json"),
        (good.as_bytes()[..good.len() / 2].to_vec(), "json"),
        (format!("{good}{good}").into_bytes(), "json"),
        (vec![0; 1024], "json"),
        (format!("{{\"x\":{}", "[".repeat(100_000)).into_bytes(), "json"),
        (b"[]".to_vec(), "schema"),
        (b"null".to_vec(), "schema"),
        (b"{}".to_vec(), "schema"),
        (br#"{"pilots":[]}"#.to_vec(), "schema"),
        (br#"{"general":null,"pilots":[]}"#.to_vec(), "schema"),
        (br#"{"general":{},"pilots":[]}"#.to_vec(), "schema"),
        (br#"{"general":{"update_timestamp":5},"pilots":[]}"#.to_vec(), "schema"),
        (br#"{"general":{"update_timestamp":"now"},"pilots":[]}"#.to_vec(), "schema"),
        (format!("{general}}}").into_bytes(), "schema"),
        (format!(r#"{general},"pilots":null}}"#).into_bytes(), "schema"),
        (format!(r#"{general},"pilots":{{}}}}"#).into_bytes(), "schema"),
        (format!(r#"{general},"pilots":"none"}}"#).into_bytes(), "schema"),
        (format!(r#"{general},"pilots":1e999}}"#).into_bytes(), "schema"),
    ];
    for (body, kind) in cases {
        let error = decode(&body, None).unwrap_err();
        assert_eq!(error.kind(), kind, "{:.80}: {error}", String::from_utf8_lossy(&body));
        assert!(error.to_string().len() < 400);
    }
}

#[test]
fn a_mark_before_the_document_is_skipped() {
    let body = document(&[pilot(&[])], &[]);
    let marked = format!("\u{feff}{body}");
    assert_eq!(decode(marked.as_bytes(), None).unwrap(), decode(body.as_bytes(), None).unwrap());
    for twice in [format!("\u{feff}{marked}"), format!(" {marked}"), "\u{feff}".to_owned()] {
        assert_eq!(decode(twice.as_bytes(), None).unwrap_err().kind(), "json");
    }
}

#[test]
fn a_name_that_is_no_unicode_spoils_nothing() {
    let odd = |base: String| base.replacen('{', r#"{"\ud800":1,"#, 1);
    let pilot = odd(pilot(&[("flight_plan", r#"{"\udfff":2,"route":"DCT"}"#)]));
    let body = odd(document(&[pilot], &[odd(controller(&[]))]));
    let body = body.replace(r#""general":{"#, r#""general":{"\ud800":[],"#);
    let snapshot = decode(body.as_bytes(), None).unwrap();
    assert_eq!((snapshot.pilots.len(), snapshot.rejected.len()), (1, 0));
    assert_eq!(snapshot.controllers.unwrap().len(), 1);
    assert_eq!(snapshot.unreadable.len(), 0);
    assert_eq!(snapshot.unknown_fields.len(), 5, "{:?}", snapshot.unknown_fields);
}

#[test]
fn a_list_without_end_is_refused_as_a_whole() {
    let general = format!(r#""general":{{"update_timestamp":"{PUBLISHED}"}}"#);
    let of = |list: &str, count: usize| {
        let zeros = vec!["0"; count].join(",");
        let pilots = if list == "pilots" { "" } else { r#""pilots":[],"# };
        format!(r#"{{{general},{pilots}"{list}":[{zeros}]}}"#).into_bytes()
    };
    let error = decode(&of("pilots", 100_001), None).unwrap_err();
    assert_eq!(error.kind(), "schema");
    let snapshot = decode(&of("controllers", 100_001), None).unwrap();
    assert_eq!((snapshot.controllers, snapshot.rejected.len()), (None, 1));
    let most = decode(&of("pilots", 100_000), None).unwrap_err();
    assert_eq!(most.refused_snapshot().unwrap().rejected.len(), 100_000);
}

#[test]
fn a_publication_from_the_future_is_refused_unless_feed_time_is_the_clock() {
    let body = document(&[], &[]);
    let published = crate::time::parse(PUBLISHED).unwrap();
    let just_before = published - chrono::TimeDelta::microseconds(1);
    assert!(decode(body.as_bytes(), None).is_ok());
    assert!(decode(body.as_bytes(), Some(published)).is_ok());
    let error = decode(body.as_bytes(), Some(just_before)).unwrap_err();
    assert_eq!(error.kind(), "future");
}

#[test]
fn lists_that_flights_do_without_may_be_unknown() {
    let body = |list: &str| {
        format!(
            r#"{{"general":{{"update_timestamp":"{PUBLISHED}"}},"pilots":[{}]{list}}}"#,
            pilot(&[])
        )
    };
    let one = controller(&[]);
    // The value of both lists, the result, and the number of rejections for each.
    for (value, known, rejections) in [
        (None, None, 0),
        (Some("null".to_owned()), None, 0),
        (Some(format!(r#"{{"ML-WOL_CTR":{one}}}"#)), None, 1),
        (Some("1e999".to_owned()), None, 1),
        (Some(r#""\ud800""#.to_owned()), None, 1),
        (Some("[]".to_owned()), Some(0), 0),
        (Some(format!("[{one}]")), Some(1), 0),
        (Some(format!("[{one},7]")), Some(1), 1),
    ] {
        let lists = value
            .as_ref()
            .map_or(String::new(), |value| format!(r#","controllers":{value},"atis":{value}"#));
        let snapshot = decode(body(&lists).as_bytes(), None).unwrap();
        assert_eq!(snapshot.pilots.len(), 1, "{value:?}");
        assert_eq!(snapshot.controllers.map(|list| list.len()), known, "{value:?}");
        assert_eq!(snapshot.atis, known, "{value:?}");
        for source in [RecordType::Controller, RecordType::Atis] {
            let of_source = snapshot.rejected.iter().filter(|r| r.source == source);
            assert_eq!(of_source.count(), rejections, "{value:?}");
        }
        for rejected in snapshot.rejected {
            assert_eq!(rejected.reason, RejectionReason::Schema);
            assert!(!rejected.raw.contains("Joe"), "{}", rejected.raw);
        }
    }
}

#[test]
fn what_the_feed_says_it_holds_is_a_hint() {
    for (value, known) in [("9", Some(9)), (r#""840""#, None), ("1e999", None), ("null", None)] {
        let body =
            document(&[], &[]).replace(r#""}"#, &format!(r#"","connected_clients":{value}}}"#));
        assert_eq!(decode(body.as_bytes(), None).unwrap().connected_clients, known, "{value}");
    }
}

#[test]
fn unknown_fields_are_told_once_by_where_they_stand() {
    let new = |base: String| base.replacen('{', r#"{"new":1e999,"#, 1);
    let odd = new(pilot(&[("flight_plan", r#"{"tail":[1],"route":""}"#)]));
    let body = document(&[odd.clone(), odd.replace("QFA1", "QFA2")], &[new(controller(&[]))])
        .replacen(
            "{\"general\":{",
            "{\"extra\":{},\"servers\":[],\"general\":{\"gen\":0,\"reload\":1,",
            1,
        );
    let atis = format!(r#","atis":[{}]}}"#, new(controller(&[("atis_code", "null")])));
    let body = body.strip_suffix('}').unwrap().to_owned() + &atis;
    let snapshot = decode(body.as_bytes(), None).unwrap();
    assert_eq!((snapshot.pilots.len(), snapshot.rejected.len()), (2, 0));
    let expected = [
        "atis.new",
        "controllers.new",
        "extra",
        "general.gen",
        "pilots.flight_plan.tail",
        "pilots.new",
    ];
    assert_eq!(Vec::from_iter(&snapshot.unknown_fields), expected);
}

#[test]
fn unknown_fields_are_bounded() {
    let names: Vec<String> = (0..1000).map(|n| format!("{n:0>4}{}", "é".repeat(200))).collect();
    let changes: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "0")).collect();
    let snapshot = super::decoded(&[pilot(&changes)], &[]);
    assert_eq!((snapshot.pilots.len(), snapshot.unknown_fields.len()), (1, 256));
    for name in &snapshot.unknown_fields {
        assert_eq!(name.strip_prefix("pilots.").unwrap().len(), 64);
    }
}
