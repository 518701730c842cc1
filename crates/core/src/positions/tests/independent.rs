use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};

use super::{Position, PositionFile, Positions};

/// The same rule, position by position instead of stem by stem: how much of a callsign each of them covers.
fn staffed(files: &[PositionFile], callsign: &str, frequency: Option<u32>) -> Vec<Position> {
    let alike = |text: &str| -> String {
        let parts: Vec<&str> = text.split('_').collect();
        let last = parts.len() - 1;
        let inner =
            parts.iter().enumerate().filter(|(at, it)| !it.is_empty() || *at == 0 || *at == last);
        let inner: Vec<&str> = inner.map(|(_, part)| *part).collect();
        inner.join("_").to_ascii_uppercase()
    };
    let callsign = alike(callsign);
    let mut fitting: Vec<(usize, Position)> = Vec::new();
    for file in files {
        for position in &file.positions {
            let suffix = format!("_{}", alike(&position.suffix));
            let Some(stem) = callsign.strip_suffix(&suffix) else { continue };
            let covers = |prefix: &String| {
                let prefix = alike(&format!("{prefix}_"));
                let prefix = prefix.strip_suffix('_')?;
                let rest = stem.strip_prefix(prefix)?;
                let is_cut = rest.is_empty()
                    || rest.starts_with('_')
                    || (rest.starts_with('-') && file.cut_hyphen);
                is_cut.then_some(prefix.len())
            };
            if let Some(length) = position.prefixes.iter().filter_map(covers).max() {
                fitting.push((length, position.clone()));
            }
        }
    }
    let longest = fitting.iter().map(|(length, _)| *length).max();
    let mut staffed: Vec<Position> = Vec::new();
    for (length, position) in fitting {
        if Some(length) == longest && !staffed.contains(&position) {
            staffed.push(position);
        }
    }
    if staffed.len() > 1 {
        let channel = |hertz: u32| {
            let rounded = (f64::from(hertz) / 1_000.0 + 0.5).floor() as u32;
            let next = if rounded >= 117_975 && [20, 45, 70, 95].contains(&(rounded % 100)) {
                5
            } else {
                0
            };
            Some(rounded + next).filter(|&it| it != 0 && it != 199_998)
        };
        let own = frequency.and_then(channel);
        staffed.retain(|it| own.is_some() && it.frequency_hz.and_then(channel) == own);
    }
    staffed
}

/// Few letters, so that much of it meets.
fn stem() -> impl Strategy<Value = String> {
    "[ab]{1,2}([_-]{1,2}[ABc]{1,2}){0,3}"
}

fn frequency() -> impl Strategy<Value = Option<u32>> {
    option::of(select(vec![0, 118_000_000, 118_005_000, 118_020_000, 118_025_400, 199_998_000]))
}

prop_compose! {
    fn position()(
        id in "[PQ]",
        prefixes in vec((stem(), select(vec!["", "", "_", "__"])), 0..3),
        suffix in select(vec!["CTR", "ctr", "APP"]),
        frequency_hz in frequency(),
    ) -> Position {
        let prefixes = prefixes.into_iter().map(|(stem, end)| stem + end).collect();
        Position { id, prefixes, suffix: suffix.to_owned(), frequency_hz }
    }
}

prop_compose! {
    fn one_file()(positions in vec(position(), 0..8), cut_hyphen in any::<bool>()) -> PositionFile {
        PositionFile { positions, cut_hyphen }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_index_finds_what_a_look_at_every_position_finds(
        mut files in vec(one_file(), 0..3),
        copied in any::<(Index, Index)>(),
        callsign in (stem(), select(vec!["_CTR", "__APP", "_ctr", "_TWR", "", "_"])),
        longer in "(_[12a]|-c)?",
        own in any::<Index>(),
        frequency in frequency(),
    ) {
        let prefixes: Vec<String> = files.iter().flat_map(|file| &file.positions)
            .flat_map(|position| position.prefixes.clone()).collect();
        // Half of the time the callsign is of a position that is there.
        let stem = match prefixes.len() {
            0 => callsign.0,
            number => [callsign.0, prefixes[own.index(number)].clone()][own.index(2)].clone(),
        };
        let callsign = stem + &longer + callsign.1;
        for (number, file) in files.iter_mut().enumerate() {
            file.positions.iter_mut().for_each(|position| position.id += &number.to_string());
        }
        // Two files may have one position; it is cut at a hyphen where one of them says so, which the second way
        // does not know, so both say the same here.
        if let [first, second, ..] = &mut files[..] && !first.positions.is_empty() {
            second.positions.push(first.positions[copied.0.index(first.positions.len())].clone());
            second.cut_hyphen = first.cut_hyphen;
        }
        let expected = staffed(&files, &callsign, frequency);
        let positions = Positions::new(files);
        let found: Vec<Position> = positions.staffed_by(&callsign, frequency).into_iter().cloned().collect();
        prop_assert_eq!(found, expected, "{}", callsign);
    }
}
