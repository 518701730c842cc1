use super::{PUBLISHED, decode, pilot};
use sectorwatch_core::drift::Drift;

/// A document of good and bad pilots and duplicates that states `connected` clients.
fn document(good: usize, bad: usize, twice: usize, connected: Option<i64>) -> Vec<u8> {
    let good = (0..good).map(|cid| pilot(&[("cid", &(100 + cid).to_string())]));
    let bad = (0..bad).map(|cid| match cid % 3 {
        0 => "17".to_owned(),
        1 => pilot(&[("cid", &(9_000 + cid).to_string()), ("latitude", "null")]),
        _ => pilot(&[("altitude", "1e6")]),
    });
    let twice = (0..twice).map(|_| pilot(&[("cid", "100")]));
    let pilots: Vec<String> = good.chain(bad).chain(twice).collect();
    let connected = connected.map_or(String::new(), |it| format!(r#","connected_clients":{it}"#));
    let general = format!(r#"{{"update_timestamp":"{PUBLISHED}"{connected}}}"#);
    let lists = r#""controllers":[{}],"atis":[{},{},3]"#;
    format!(r#"{{"general":{general},"pilots":[{}],{lists}}}"#, pilots.join(",")).into_bytes()
}

#[test]
fn a_snapshot_of_which_a_half_cannot_be_read_is_refused() {
    for (good, bad, twice, refused) in [
        (10, 9, 0, false),
        (0, 9, 0, false),
        (10, 10, 0, true),
        (0, 10, 0, true),
        (11, 10, 0, false),
        (10, 10, 50, true),
        (300, 299, 0, false),
        (300, 300, 0, true),
    ] {
        let decoded = decode(&document(good, bad, twice, None), None);
        let what = format!("{good} good, {bad} bad, {twice} twice");
        match decoded {
            Ok(snapshot) => {
                assert!(!refused, "{what}");
                assert_eq!(snapshot.refused_pilots.len(), bad, "{what}");
            }
            Err(error) => {
                assert!(refused, "{what}");
                assert_eq!(error.kind(), "schema", "{what}");
                let refused_snapshot = error.refused_snapshot().unwrap();
                let drift = Drift { pilots: good + bad, refused: bad, field: None };
                assert_eq!(refused_snapshot.drift, drift, "{what}");
                assert!(refused_snapshot.rejected.len() >= bad + twice, "{what}");
                assert!(!error.to_string().contains("QFA1"));
            }
        }
    }
}

#[test]
fn a_document_without_a_half_of_what_it_says_is_cut() {
    // Besides the pilots it has one controller and three ATIS stations.
    for (good, connected, cut) in [
        (6, 20, true),
        (6, 19, false),
        (5, 18, false),
        (5, 19, true),
        (0, 9, false),
        (100, 104, false),
        (100, 207, false),
        (100, 208, true),
        (100, 0, false),
        (100, -1, false),
        (100, i64::MIN, false),
        (100, i64::MAX, true),
    ] {
        let decoded = decode(&document(good, 0, 0, Some(connected)), None);
        let kind = decoded.as_ref().err().map(|error| error.kind());
        assert_eq!(kind, cut.then_some("truncated"), "{good} of {connected}");
        if let Err(error) = decoded {
            assert_eq!(error.refused_snapshot().unwrap().drift.refused, 0);
        }
    }
}

#[test]
fn the_absence_of_small_lists_is_no_cut() {
    let body = String::from_utf8(document(87, 0, 0, Some(100))).unwrap();
    let body = body.replace("controllers", "nobody").replace("atis", "nothing");
    assert!(decode(body.as_bytes(), None).is_ok());
    let most = body.replace(":100}", ":174}");
    assert_eq!(decode(most.as_bytes(), None).unwrap_err().kind(), "truncated");
}
