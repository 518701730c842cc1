//! A parser for the parts of PromQL that the checks need: the pieces of an expression, the series
//! that it selects, and the functions applied to them.

use std::ops::Range;

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A series, a function, a keyword, or a label in a list of labels.
    Word(Range<usize>),
    /// `==`, `!=`, `>`, `<`, `>=` or `<=`.
    Comparison(Range<usize>),
    /// A number without a unit.
    Number(Range<usize>),
    /// A number with a unit of time, as after `offset`.
    Duration(Range<usize>),
    /// `{…}`
    Matchers(Range<usize>),
    /// `[…]`
    Window(Range<usize>),
    /// `(`
    Open,
    /// `)`
    Close,
}

/// A selector `name{matchers}[range]` in an expression.
#[derive(Debug, PartialEq, Eq)]
pub struct Selector<'e> {
    pub name: &'e str,
    /// The matchers without braces. Empty if there are none.
    pub matchers: &'e str,
    /// The range without brackets.
    pub range: Option<&'e str>,
    /// The functions and aggregations around the selector, the innermost last.
    pub within: Vec<&'e str>,
}

/// Keywords before a list of labels in parentheses.
const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Keywords that are neither functions nor series.
const WORDS: [&str; 6] = ["and", "or", "unless", "offset", "bool", "inf"];

/// The pieces of an expression, in order. Grafana's variables may be in braces and brackets.
pub fn pieces(expr: &str) -> Vec<Piece> {
    let bytes = expr.as_bytes();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        let run = |from: usize, fits: fn(u8) -> bool| {
            from + bytes[from..].iter().take_while(|byte| fits(**byte)).count()
        };
        match bytes[at] {
            b'{' => {
                at = closing(expr, from, '}');
                pieces.push(Piece::Matchers(from..at));
            }
            b'[' => {
                at = closing(expr, from, ']');
                pieces.push(Piece::Window(from..at));
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                at = run(from, |byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
                pieces.push(Piece::Word(from..at));
            }
            b'0'..=b'9' => {
                let digits = run(from, |byte| byte.is_ascii_digit() || byte == b'.');
                at = run(from, |byte| byte.is_ascii_alphanumeric() || byte == b'.');
                pieces.push(match digits == at {
                    true => Piece::Number(from..at),
                    false => Piece::Duration(from..at),
                });
            }
            b'=' | b'!' | b'<' | b'>' => {
                at = run(from, |byte| b"=!<>".contains(&byte));
                pieces.push(Piece::Comparison(from..at));
            }
            b'"' => at = run(from + 1, |byte| byte != b'"') + 1,
            other => {
                at += 1;
                match other {
                    b'(' => pieces.push(Piece::Open),
                    b')' => pieces.push(Piece::Close),
                    _ => {}
                }
            }
        }
    }
    pieces
}

/// The position of the character that closes what is opened at `from`. Quoted braces are ignored.
fn closing(expr: &str, from: usize, close: char) -> usize {
    let mut quoted = false;
    for (at, char) in expr[from..].char_indices() {
        quoted ^= char == '"';
        if char == close && !quoted {
            return from + at + 1;
        }
    }
    panic!("nothing closes {}", &expr[from..]);
}

/// All selectors of an expression.
pub fn selectors(expr: &str) -> Vec<Selector<'_>> {
    let pieces = pieces(expr);
    let mut rest = pieces.iter().peekable();
    let (mut found, mut open) = (Vec::new(), Vec::new());
    // The aggregation `sum` in `sum by (label) (…)`, before its parenthesis is found.
    let mut caller = "";
    while let Some(piece) = rest.next() {
        let word = match piece {
            Piece::Word(range) => &expr[range.clone()],
            Piece::Open => {
                open.push(std::mem::take(&mut caller));
                continue;
            }
            Piece::Close => {
                open.pop();
                continue;
            }
            _ => continue,
        };
        let is_list = |it: &Piece| matches!(it, Piece::Word(range) if is_in(&LISTS, expr, range));
        let is_call = rest.peek().is_some_and(|next| **next == Piece::Open || is_list(next));
        match word {
            _ if LISTS.contains(&word) => drop(rest.find(|piece| **piece == Piece::Close)),
            _ if WORDS.contains(&word) => {}
            _ if is_call => caller = word,
            name => {
                let (mut matchers, mut range) = ("", None);
                while let Some(Piece::Matchers(it) | Piece::Window(it)) = rest.peek() {
                    let inner = &expr[it.start + 1..it.end - 1];
                    match rest.next() {
                        Some(Piece::Matchers(_)) => matchers = inner,
                        _ => range = Some(inner),
                    }
                }
                found.push(Selector { name, matchers, range, within: open.clone() });
            }
        }
    }
    found
}

fn is_in(words: &[&str], expr: &str, range: &Range<usize>) -> bool {
    words.contains(&&expr[range.clone()])
}

/// The labels by which an expression groups or joins.
pub fn grouped_by(expr: &str) -> Vec<&str> {
    let mut labels = Vec::new();
    let mut pieces = pieces(expr).into_iter();
    while let Some(piece) = pieces.next() {
        if !matches!(piece, Piece::Word(range) if is_in(&LISTS, expr, &range)) {
            continue;
        }
        let list = pieces.by_ref().take_while(|piece| *piece != Piece::Close);
        labels.extend(list.filter_map(|piece| match piece {
            Piece::Word(range) => Some(&expr[range]),
            _ => None,
        }));
    }
    labels
}

/// The labels in matchers, with their values.
pub fn matchers(matchers: &str) -> Vec<(&str, &str)> {
    let pairs = matchers.split("\",").filter_map(|pair| {
        let (label, value) = pair.split_once('"')?;
        Some((label.trim_end_matches(['=', '!', '~']), value.trim_end_matches('"')))
    });
    pairs.collect()
}

/// The expression with one piece replaced.
pub fn replaced(expr: &str, range: &Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &expr[..range.start], &expr[range.end..])
}

/// The longest range or offset in seconds. Variables of Grafana are not counted.
pub fn longest_look_back(expr: &str) -> u64 {
    let times = pieces(expr).into_iter().filter_map(|piece| match piece {
        Piece::Window(it) => expr[it.start + 1..it.end - 1].split(':').next(),
        Piece::Duration(it) => Some(&expr[it]),
        _ => None,
    });
    times.filter_map(|it| humantime::parse_duration(it).ok()).max().unwrap_or_default().as_secs()
}

#[test]
fn an_expression_falls_into_its_pieces() {
    let expr =
        "rate(process_a{b=\"x}1\",c=~\"y|z\"}[5m]) / up >= 2.5 * clamp_min(x offset 10m, 30)";
    let texts = |wanted: fn(Piece) -> Option<Range<usize>>| {
        pieces(expr).into_iter().filter_map(wanted).map(|range| &expr[range]).collect::<Vec<_>>()
    };
    assert_eq!(texts(|p| if let Piece::Number(r) = p { Some(r) } else { None }), ["2.5", "30"]);
    assert_eq!(texts(|p| if let Piece::Comparison(r) = p { Some(r) } else { None }), [">="]);
    assert_eq!(texts(|p| if let Piece::Window(r) = p { Some(r) } else { None }), ["[5m]"]);
    assert_eq!(texts(|p| if let Piece::Duration(r) = p { Some(r) } else { None }), ["10m"]);
    let found = selectors(expr);
    assert_eq!(found.iter().map(|it| it.name).collect::<Vec<_>>(), ["process_a", "up", "x"]);
    assert_eq!(matchers(found[0].matchers), [("b", "x}1"), ("c", "y|z")]);
}

#[test]
fn series_are_found_with_what_is_done_to_them() {
    let expr = r#"-sum by (le) (rate(a_bucket{job=~"$job",x="(y)"}[$__rate_interval])) / on () group_left () sum(b{} > 2 or c offset 7d) unless on (z) (d)"#;
    let found = selectors(expr);
    let short: Vec<_> = found.iter().map(|s| (s.name, s.matchers, s.range)).collect();
    let matchers_of_a = r#"job=~"$job",x="(y)""#;
    let bare = |name| (name, "", None);
    let of_a = ("a_bucket", matchers_of_a, Some("$__rate_interval"));
    assert_eq!(short, [of_a, bare("b"), bare("c"), bare("d")]);
    assert_eq!(found[0].within, ["sum", "rate"]);
    assert_eq!(found[2].within, ["sum"]);
    assert_eq!(matchers(matchers_of_a), [("job", "$job"), ("x", "(y)")]);
    assert_eq!(grouped_by("sum by (a, b) (x) / on () ruby (c)"), ["a", "b"]);
    assert_eq!(longest_look_back("x[$__rate_interval] + y[90s] + z offset 2m"), 120);
    assert_eq!(longest_look_back("predict_linear(sum(a)[7d:1h], 30)"), 7 * 86_400);
}
