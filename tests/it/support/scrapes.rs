//! Records which label values moved while tests run, for `yet_to_move`.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

/// The directory in which all test processes of this build write their notes.
static NOTES: LazyLock<PathBuf> = LazyLock::new(|| {
    let tests = std::env::current_exe().expect("this program");
    let built = [tests.as_path(), Path::new(env!("CARGO_BIN_EXE_sectorwatch"))].map(|program| {
        let modified = program.metadata().and_then(|it| it.modified()).expect("when it was built");
        format!("{:x}", modified.duration_since(UNIX_EPOCH).expect("a time").as_nanos())
    });
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moved");
    let notes = all.join(built.join("-"));
    for other in fs::read_dir(&all).into_iter().flatten().flatten().map(|it| it.path()) {
        if other != notes {
            // Another test process may delete it first.
            let _ = fs::remove_dir_all(other);
        }
    }
    fs::create_dir_all(&notes).expect("create the directory of the notes");
    notes
});

static SEEN: LazyLock<Mutex<Seen>> = LazyLock::new(|| {
    let file = File::create(NOTES.join(std::process::id().to_string())).expect("create the notes");
    Mutex::new(Seen { series: HashMap::new(), moved: BTreeSet::new(), file })
});

struct Seen {
    /// The first value of each series, or `None` after it has moved.
    series: HashMap<String, Option<String>>,
    moved: BTreeSet<String>,
    file: File,
}

/// Records the values of a page of metrics.
pub fn note(page: &str) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for (series, value) in samples(page) {
        let has_moved = match seen.series.get(series.text) {
            Some(first) => first.as_deref().is_some_and(|first| first != value),
            None => series.is_counted && value != "0",
        };
        if has_moved {
            seen.series.insert(series.text.to_owned(), None);
            for key in series.keys() {
                if seen.moved.insert(key.clone()) {
                    // A key that cannot be written counts as one that did not move.
                    let _ = writeln!(seen.file, "{key}");
                }
            }
        } else if !seen.series.contains_key(series.text) {
            let born = if series.is_counted { "0" } else { value };
            seen.series.insert(series.text.to_owned(), Some(born.to_owned()));
        }
    }
}

/// Returns the keys that have moved in any process of this build.
pub fn moved() -> BTreeSet<String> {
    let files = fs::read_dir(&*NOTES).expect("the notes").flatten();
    let texts = files.map(|file| fs::read_to_string(file.path()).expect("notes"));
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The keys of a page, written as `family{label="value"}`: one for every value of every label, and
/// one for every family without labels.
pub fn keys(page: &str) -> BTreeSet<String> {
    samples(page).flat_map(|(series, _)| series.keys()).collect()
}

/// A series on a page of metrics.
struct Series<'p> {
    text: &'p str,
    /// Whether it is a counter or the count of a histogram.
    is_counted: bool,
}

/// The samples of a page. A histogram is represented only by its count.
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
