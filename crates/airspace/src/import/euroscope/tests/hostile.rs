use std::{fmt::Write as _, time::Duration};

use proptest::prelude::*;

use super::*;
use crate::import::busy;

/// The file with some of its bytes changed.
fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    let change =
        (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..4), 0..9_usize);
    prop::collection::vec(change, 0..8).prop_map(|changes| {
        let mut bytes = EXTENSION.as_bytes().to_vec();
        for (at, new, cut) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, new);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn no_bytes_are_too_bad(extension in spoilt(), any in "\\PC*") {
        let files = [file("x.ese", extension), file("any", &*any), file("y", format!("[VOR]\n{any}"))];
        let _ = read(&files, &mut Findings::default());
    }

    #[test]
    fn no_line_is_too_bad(text in "(COORD|SECTOR|OFFSET|ACTIVE|CIRCLE_SECTORLINE|BORDER|SECTORLINE)(:[NE0-9.\u{b7};x]{0,9}){0,6}") {
        for place in ["[AIRSPACE]\n", "BORDER:round\n", "[POSITIONS]\n"] {
            let _ = extension(&EXTENSION.replace(place, &format!("{place}{text}\n")));
        }
    }
}

#[test]
fn the_time_grows_with_the_file_alone() {
    let mut text = EXTENSION.replace("[FREETEXT]", "[AIRSPACE]");
    for number in 0..20_000 {
        writeln!(
            text,
            "SECTORLINE:{number}\nCOORD:N1:E1\nCOORD:N1:E2\nCOORD:N{}:E2\nCOORD:N1:E1",
            number % 80 + 2
        )
        .unwrap();
        writeln!(text, "SECTOR:{number}:0:9\nOWNER:XC\nBORDER:{number}").unwrap();
        writeln!(text, "[POSITIONS]\nA:B:118.0:{number}::A:CTR\n[AIRSPACE]").unwrap();
    }
    // Where each is compared with each, this takes much longer.
    let start = busy::time();
    let (draft, _) = extension(&text);
    assert_eq!((draft.sectors.len(), draft.positions.len()), (20_003, 20_003));
    let took = busy::time() - start;
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn lines_that_many_sectors_share_do_not_fill_the_memory() {
    let mut text = "[AIRSPACE]\nSECTORLINE:a\n".to_owned();
    text.push_str(&"COORD:N1:E1\n".repeat(100_000));
    for number in 0..200 {
        writeln!(text, "SECTOR:{number}:0:9\nBORDER:a").unwrap();
    }
    let error = read(&[file("x.ese", text)], &mut Findings::default()).unwrap_err().to_string();
    assert!(error.starts_with("x.ese: ") && error.contains("points"), "{error}");
}
