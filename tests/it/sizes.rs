//! Files that a reader can hold, and no lint that is silenced without a reason. `clippy.toml` keeps the
//! length of functions.

use crate::support::sources::{project, read, rust_files};

const MOST_LINES: usize = 300;
const MEDIAN_LINES: usize = 120;

#[test]
fn files_are_short_and_silence_nothing() {
    // In parts, or this file would be the first that is found.
    let banned = [concat!("#[", "ignore"), concat!("#[", "allow("), concat!("#![", "allow(")];
    let (mut wrong, mut sizes) = (Vec::new(), Vec::new());
    for file in ["src", "crates", "tests", "benches"].into_iter().flat_map(rust_files) {
        let source = read(&file);
        let name = file.strip_prefix(project()).expect("of the project").display();
        sizes.push(source.lines().count());
        if source.lines().count() > MOST_LINES {
            wrong.push(format!("{name}: {} lines", source.lines().count()));
        }
        for word in banned.iter().filter(|word| source.contains(**word)) {
            wrong.push(format!("{name}: {word}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median <= MEDIAN_LINES, "half of {} files have more than {median} lines", sizes.len());
}
