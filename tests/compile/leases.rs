//! A lease cannot be misused. Each case has a twin that differs in one line and compiles, because it is part
//! of this test.

#[path = "pass"]
#[expect(dead_code, reason = "they have only to compile")]
mod twins {
    mod cloned;
    mod kept_in_a_static;
    mod kept_in_app_data;
    mod pool_from_outside;
    mod use_after_block;
}

use std::{collections::BTreeSet, fs};

use crate::copy::project;

/// Each case, and the compiler's message about the line that its twin does not have.
const CASES: [(&str, &str); 5] = [
    ("cloned", "E0599"),
    ("kept_in_a_static", "E0597"),
    ("kept_in_app_data", "E0597"),
    ("pool_from_outside", "E0603"),
    ("use_after_block", "E0382"),
];

fn read(file: &str) -> String {
    fs::read_to_string(project().join("tests/compile").join(file)).expect("read a case")
}

/// The number of the only line in which the two differ.
fn differing_line(case: &str, twin: &str) -> usize {
    let (case, twin): (Vec<_>, Vec<_>) = (case.lines().collect(), twin.lines().collect());
    assert_eq!(case.len(), twin.len());
    let differing: Vec<_> = (0..case.len()).filter(|line| case[*line] != twin[*line]).collect();
    let [line] = differing[..] else { panic!("differing lines: {differing:?}") };
    line + 1
}

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile/fail/*.rs");
}

/// An expected message that was overwritten cannot become another error, or one of another line.
#[test]
fn each_error_is_of_the_line_that_its_twin_has_otherwise() {
    let folder = fs::read_dir(project().join("tests/compile/fail")).expect("the cases");
    let files = folder.map(|entry| entry.expect("an entry").path());
    let names: BTreeSet<_> =
        files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    assert!(names.iter().map(String::as_str).eq(CASES.map(|(name, _)| name)), "{names:?}");
    for (name, code) in CASES {
        let case = format!("fail/{name}.rs");
        let line = differing_line(&read(&case), &read(&format!("pass/{name}.rs")));
        let said = read(&format!("fail/{name}.stderr"));
        let errors: Vec<_> = said.lines().filter(|line| line.starts_with("error")).collect();
        assert_eq!(errors.len(), 1, "{name}: {errors:?}");
        assert!(errors[0].starts_with(&format!("error[{code}]")), "{name}: {errors:?}");
        let place = said.lines().nth(1).expect("a place").trim();
        assert!(place.starts_with(&format!("--> tests/compile/{case}:{line}:")), "{name}: {place}");
    }
}
