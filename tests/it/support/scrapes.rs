//! Which label values were seen to move, noted while tests run for `metrics::moved`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
};

/// The directory for the notes; nothing is noted where it is not set.
pub const NOTES: &str = "SECTORWATCH_TEST_SCRAPES";

static SEEN: LazyLock<Option<Mutex<Seen>>> = LazyLock::new(|| {
    let dir = PathBuf::from(std::env::var_os(NOTES)?);
    let path = dir.join(std::process::id().to_string());
    let file = File::create(path).expect("create the notes");
    Some(Mutex::new(Seen { first: BTreeMap::new(), moved: BTreeSet::new(), file }))
});

struct Seen {
    first: BTreeMap<String, String>,
    moved: BTreeSet<String>,
    file: File,
}

/// Whether anything is noted.
pub fn is_noted() -> bool {
    SEEN.is_some()
}

/// Takes note of a page of metrics.
pub fn note(page: &str) {
    let Some(seen) = &*SEEN else { return };
    let mut seen = seen.lock().expect("no panic in here");
    for (series, value) in samples(page) {
        let is_gauge = !series.is_counted;
        let born = if is_gauge { value } else { "0" };
        let first = seen.first.entry(series.text.to_owned()).or_insert_with(|| born.to_owned());
        if first != value {
            for key in series.keys() {
                if seen.moved.insert(key.clone()) {
                    writeln!(seen.file, "{key}").expect("write the notes");
                }
            }
        }
    }
}

/// What moved in any of the processes that took notes there.
pub fn moved(dir: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(dir).expect("the notes").flatten();
    let texts = files.map(|file| std::fs::read_to_string(file.path()).expect("notes"));
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Every value of every label of a page, and every family without labels: `family{label="value"}`.
pub fn keys(page: &str) -> BTreeSet<String> {
    samples(page).flat_map(|(series, _)| series.keys()).collect()
}

/// One line of a page.
struct Series<'p> {
    text: &'p str,
    /// A counter, or how often a histogram was observed.
    is_counted: bool,
}

/// The sample lines that stand for a family: of a histogram, its count.
fn samples(page: &str) -> impl Iterator<Item = (Series<'_>, &str)> {
    let mut kind = "";
    page.lines().filter_map(move |line| {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            kind = rest.split_once(' ').map_or("", |(_, kind)| kind);
        }
        let (text, value) = line.rsplit_once(' ').filter(|_| !line.starts_with('#'))?;
        let name = text.split('{').next().unwrap_or(text);
        let is_part = kind == "histogram" && !name.ends_with("_count");
        let is_counted = matches!(kind, "counter" | "histogram");
        (!is_part).then_some((Series { text, is_counted }, value))
    })
}

impl Series<'_> {
    fn keys(&self) -> Vec<String> {
        let (name, labels) = self.text.split_once('{').unwrap_or((self.text, ""));
        let name = name.strip_suffix("_count").unwrap_or(name);
        let labels = labels.strip_suffix('}').unwrap_or_default();
        if labels.is_empty() {
            return vec![name.to_owned()];
        }
        let pairs = labels.split("\",").map(|pair| pair.trim_end_matches('"'));
        pairs.map(|pair| format!("{name}{{{pair}\"}}")).collect()
    }
}

#[test]
fn keys_are_label_values_and_of_a_histogram_its_count() {
    let page = "# TYPE a counter\na{b=\"1\",c=\"/{x}\"} 2\n# TYPE h histogram\n\
                h_bucket{o=\"z\",le=\"1\"} 3\nh_sum{o=\"z\"} 3\nh_count{o=\"z\"} 1\n# TYPE g gauge\ng 7\n";
    let keys: Vec<_> = keys(page).into_iter().collect();
    assert_eq!(keys, ["a{b=\"1\"}", "a{c=\"/{x}\"}", "g", "h{o=\"z\"}"]);
}
