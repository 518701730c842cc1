use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::import::busy;

/// Bytes of a file that were changed in some places.
fn spoilt(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change =
        (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..4), 0..9_usize);
    prop::collection::vec(change, 0..6).prop_map(move |changes| {
        let mut bytes = text.as_bytes().to_vec();
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
    fn no_bytes_are_too_bad(sectors in spoilt(SECTORS), volumes in spoilt(VOLUMES), any in "<(Volumes|Sectors)>\\PC*") {
        let mut findings = Findings::default();
        let files = [file("s", sectors), file("v", volumes), file("any", any)];
        let _ = read(&files, &mut findings);
        let _ = files.map(|file| recognises(&file));
    }

    #[test]
    fn no_boundary_is_too_bad(text in "[-+/0-9.A\u{b7}\n ]{0,40}") {
        let _ = profile(SECTORS, &VOLUMES.replace("-110000.000+1020000.000", &text));
    }
}

#[test]
fn the_time_grows_with_the_file_alone() {
    // Where each is compared with each, this takes hours.
    let start = busy::time();
    let point = "-10.0+100.0/\n";
    let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    let many = VOLUMES.replace("-110000.000+1020000.000/", &point.repeat(200_000));
    let many = many.replace("<!--", &format!("{deep}<!--"));
    let (draft, findings) = profile(SECTORS, &many);
    assert_eq!((findings.found["points_decimal"], draft.sectors.len()), (200_004, 3));
    let wide = SECTORS.replace("FullName=\"East\"", &"a='' ".repeat(200_000));
    assert!(profile(&wide, VOLUMES).1.left_out[0].reason.contains("attribute"));
    let took = busy::time() - start;
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn volumes_that_many_sectors_share_do_not_fill_the_memory() {
    let many = VOLUMES.replace("-110000.000+1020000.000/", &"-10.0+100.0/".repeat(100_000));
    let sector = |number| {
        format!(r#"<Sector Name="S{number}" Callsign="S_CTR"><Volumes>E</Volumes></Sector>"#)
    };
    let sectors: String = (0..200).map(sector).collect();
    let sources = [file("s", format!("<Sectors>{sectors}</Sectors>")), file("v", many)];
    let error = read(&sources, &mut Findings::default()).unwrap_err().to_string();
    assert!(error.contains("points"), "{error}");
}
