//! The corpus of the fuzz targets, input by input, on the compiler that everything else is built with.

use std::{fs, panic, path::Path};

#[path = "../../../fuzz/src/lib.rs"]
mod fuzzed;

#[test]
fn every_input_of_the_corpus_keeps_what_must_hold() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut broken = Vec::new();
    for (name, target) in fuzzed::TARGETS {
        let folder = corpus.join(name);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut number = 0;
        for entry in entries {
            let file = entry.expect("an entry").path();
            let data = fs::read(&file).expect("an input");
            number += 1;
            if panic::catch_unwind(|| target(&data)).is_err() {
                broken.push(file.strip_prefix(&corpus).expect("of the corpus").to_owned());
            }
        }
        assert!(number > 0, "{name} has no input");
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The corpus is for reading: small, and of nobody's data.
#[test]
fn the_corpus_is_small() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let sizes = fuzzed::TARGETS.iter().flat_map(|(name, _)| {
        let entries = fs::read_dir(corpus.join(name)).expect("a folder");
        entries.map(|entry| entry.and_then(|it| it.metadata()).expect("an input").len())
    });
    let bytes: u64 = sizes.sum();
    assert!(bytes < 300_000, "{bytes} bytes");
}
