//! As much of PromQL as the checks need: which series an expression selects, and what is done to them.

/// `name{matchers}[range]`, somewhere in an expression.
#[derive(Debug, PartialEq, Eq)]
pub struct Selector<'e> {
    pub name: &'e str,
    /// Without the braces; empty when there are none.
    pub matchers: &'e str,
    /// Without the brackets.
    pub range: Option<&'e str>,
    /// The functions and aggregations around it, the innermost last.
    pub within: Vec<&'e str>,
}

/// Words before a list of labels in parentheses.
const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Words of the language that are neither functions nor series.
const WORDS: [&str; 6] = ["and", "or", "unless", "offset", "bool", "inf"];

/// All series that an expression selects. Grafana's variables may still be in it.
pub fn selectors(expr: &str) -> Vec<Selector<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    // `sum` of `sum by (label) (…)`, whose parenthesis is still to come.
    let mut aggregation = "";
    let mut rest = expr;
    while let Some(first) = rest.chars().next() {
        let word = &rest[..word_length(rest)];
        if word.is_empty() {
            match first {
                '(' => open.push(std::mem::take(&mut aggregation)),
                ')' => drop(open.pop()),
                _ => {}
            }
            rest = match first {
                '[' => after(rest, ']'),
                '"' => after(&rest[1..], '"'),
                _ => &rest[first.len_utf8()..],
            };
            continue;
        }
        rest = rest[word.len()..].trim_start();
        if LISTS.contains(&word) {
            rest = after(rest, ')');
        } else if rest.starts_with("by ") || rest.starts_with("without ") {
            aggregation = word;
        } else if let Some(inner) = rest.strip_prefix('(') {
            open.push(word);
            rest = inner;
        } else if !WORDS.contains(&word) && !first.is_ascii_digit() && first != '$' {
            let (matchers, behind) = enclosed(rest, '{', '}').unwrap_or(("", rest));
            let (range, behind) = match enclosed(behind, '[', ']') {
                Some((range, behind)) => (Some(range), behind),
                None => (None, behind),
            };
            found.push(Selector { name: word, matchers, range, within: open.clone() });
            rest = behind;
        }
    }
    found
}

/// The labels that an expression groups or joins by.
pub fn grouped_by(expr: &str) -> Vec<&str> {
    let lists = LISTS.iter().flat_map(|word| expr.match_indices(word));
    let labels = lists.filter_map(|(at, word)| {
        let before = expr[..at].chars().next_back();
        let is_word = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let list = expr[at + word.len()..].trim_start().strip_prefix('(')?;
        is_word.then_some(list.split_once(')')?.0)
    });
    labels.flat_map(|list| list.split(',')).map(str::trim).filter(|l| !l.is_empty()).collect()
}

/// The labels that matchers look at, with the values they look for.
pub fn matchers(matchers: &str) -> Vec<(&str, &str)> {
    let pairs = matchers.split("\",").filter_map(|pair| {
        let (label, value) = pair.split_once('"')?;
        Some((label.trim_end_matches(['=', '!', '~']), value.trim_end_matches('"')))
    });
    pairs.collect()
}

/// The seconds of the longest range or offset; a variable of Grafana counts as none.
pub fn longest_look_back(expr: &str) -> u64 {
    let ranges = expr.split('[').skip(1).filter_map(|text| text.split([']', ':']).next());
    let offsets = expr.split("offset ").skip(1).filter_map(|text| text.split([' ', ')']).next());
    ranges.chain(offsets).filter_map(seconds).max().unwrap_or(0)
}

fn seconds(duration: &str) -> Option<u64> {
    let (number, unit) = duration.split_at(duration.len().checked_sub(1)?);
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    Some(number.parse::<u64>().ok()? * factor)
}

fn word_length(text: &str) -> usize {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '$' | '.');
    text.find(|c| !is_of_word(c)).unwrap_or(text.len())
}

fn enclosed(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    text.strip_prefix(open)?.split_once(close)
}

fn after(text: &str, end: char) -> &str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

#[test]
fn series_are_found_with_what_is_done_to_them() {
    let expr = r#"-sum by (le) (rate(a_bucket{job=~"$job",x="(y)"}[$__rate_interval])) / on () group_left () sum(b{} > 2 or c offset 7d)"#;
    let found = selectors(expr);
    let short: Vec<_> = found.iter().map(|s| (s.name, s.matchers, s.range)).collect();
    let matchers_of_a = r#"job=~"$job",x="(y)""#;
    assert_eq!(
        short,
        [("a_bucket", matchers_of_a, Some("$__rate_interval")), ("b", "", None), ("c", "", None)]
    );
    assert_eq!(found[0].within, ["sum", "rate"]);
    assert_eq!(matchers(matchers_of_a), [("job", "$job"), ("x", "(y)")]);
    assert_eq!(grouped_by("sum by (a, b) (x) / on () ruby (c)"), ["a", "b"]);
    assert_eq!(longest_look_back("x[$__rate_interval] + y[90s] + z offset 2m"), 120);
    assert_eq!(longest_look_back("predict_linear(sum(a)[7d:1h], 30)"), 7 * 86_400);
}
