use proptest::prelude::*;

use super::super::recognises;
use super::{Source, airspaces, block, file, read_one};

fn sound() -> String {
    let blocks = [
        block(r#""min": 10, "max": 24"#, 1),
        block(r#""runways": [{"icao": "X", "runway": "1"}]"#, 2),
    ];
    file(&airspaces(&[("Alpha", r#"["A","xy/B"]"#, &blocks), ("Alpha", r#"["C"]"#, &blocks)]))
}

/// Reads bytes, and holds what every draft keeps to.
fn hold(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let source = Source { path: "data/xy.json".into(), bytes };
    recognises(&source);
    let Ok(draft) = super::super::read(&[source], &mut Default::default()) else { return Ok(()) };
    let mut ids: Vec<_> = draft.sectors.iter().map(|it| &it.id).collect();
    ids.sort_unstable();
    prop_assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    let known: Vec<_> = draft.positions.iter().map(|it| &it.id).collect();
    for sector in &draft.sectors {
        prop_assert!(!sector.volumes.is_empty());
        prop_assert!(sector.owners.iter().all(|owner| known.contains(&owner)));
        for volume in &sector.volumes {
            prop_assert!(volume.floor_ft.zip(volume.ceiling_ft).is_none_or(|(a, b)| a <= b));
            let on_globe = |at: &geo::Coord| at.x.abs() <= 180.0 && at.y.abs() <= 90.0;
            prop_assert!(volume.outlines[0].exterior.iter().all(on_globe));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        hold(bytes)?;
    }

    #[test]
    fn mutated_files_never_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = sound().into_bytes();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        hold(bytes)?;
    }

    #[test]
    fn spliced_files_never_panic(
        from in any::<prop::sample::Index>(),
        length in 0_usize..60,
        text in r#"[\[\]{}",:\-0-9a-zé٣ ]{0,20}"#,
    ) {
        let sound: Vec<char> = sound().chars().collect();
        let from = from.index(sound.len());
        let (head, tail) = sound.split_at(from);
        let tail = tail.get(length..).unwrap_or_default();
        let spliced: String = head.iter().chain(text.chars().collect::<Vec<_>>().iter()).chain(tail).collect();
        hold(spliced.into_bytes())?;
    }
}

#[test]
fn what_is_mutated_is_read_at_all() {
    assert_eq!(read_one(&sound()).0.sectors.len(), 2);
}
