use proptest::{prelude::*, sample::Index};

use super::{super::decode_transceivers, controller, decode, document, pilot};

const ODD_VALUES: &[&str] = &[
    "null",
    "1e999",
    "-1e999",
    "-9223372036854775808",
    "18446744073709551615",
    "0.1",
    "\"\"",
    "[]",
    "{}",
    "[[[[]]]]",
    r#""\ud800""#,
    r#""\u0000""#,
    r#""9999-12-31T23:59:59-23:59""#,
    r#""0000-01-01T00:00:00+23:59""#,
    "\"é\u{10ffff}\"",
    "true",
];

fn whole_document() -> String {
    let plan = r#"{"departure":"YSSY","arrival":"YMML","altitude":"FL350","revision_id":1}"#;
    let pilots = [pilot(&[("flight_plan", plan)]), pilot(&[("cid", "2")])];
    document(&pilots, &[controller(&[("text_atis", r#"["a","b"]"#)])])
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn arbitrary_bytes(body in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = decode(&body, None);
        let _ = decode_transceivers(&body);
    }

    #[test]
    fn a_document_with_bytes_changed_or_cut(
        changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..4),
        end in any::<Index>(),
        cut in any::<bool>(),
    ) {
        let mut body = whole_document().into_bytes();
        for (index, byte) in changes {
            let place = index.index(body.len());
            body[place] = byte;
        }
        if cut {
            body.truncate(end.index(body.len()));
        }
        let _ = decode(&body, None);
        let _ = decode_transceivers(&body);
    }

    /// A value of a wrong type anywhere in a record costs at most that record.
    #[test]
    fn records_with_odd_values(
        changes in proptest::collection::vec(
            (0..super::PILOT.len(), proptest::sample::select(ODD_VALUES)),
            1..5,
        ),
    ) {
        let changes: Vec<_> =
            changes.into_iter().map(|(place, value)| (super::PILOT[place].0, value)).collect();
        let good = pilot(&[("cid", "7")]);
        let body = document(&[pilot(&changes), good], &[]);
        let snapshot = decode(body.as_bytes(), None).unwrap();
        prop_assert_eq!(snapshot.pilots.len() + snapshot.rejected.len(), 2);
        prop_assert!(snapshot.pilots.iter().any(|pilot| pilot.key.cid == 7));
    }
}
