//! As much of PromQL as is needed to see what an expression names, and to change it.

use std::ops::Range;

/// A piece of an expression that can be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A metric, function, keyword, or a label in a list of labels.
    Word(Range<usize>),
    /// `==`, `!=`, `>`, `<`, `>=` or `<=`.
    Comparison(Range<usize>),
    /// A number that stands for itself.
    Number(Range<usize>),
    /// A number with a unit of time, as after `offset`.
    Duration(Range<usize>),
    /// `{…}`
    Matchers(Range<usize>),
    /// `[…]`
    Window(Range<usize>),
}

/// The pieces, in their order.
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
            _ => at += 1,
        }
    }
    pieces
}

/// The end of what opened at `from`; braces in a quoted text close nothing.
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

/// The metrics, recorded ones among them: every name here has an underscore, as no keyword, function
/// or label before a parenthesis has.
pub fn metrics(expr: &str) -> Vec<&str> {
    let pieces = pieces(expr);
    let words = pieces.iter().filter_map(|piece| match piece {
        Piece::Word(range) => Some(range.clone()),
        _ => None,
    });
    let is_metric = |range: &Range<usize>| {
        let word = &expr[range.clone()];
        let known = ["sectorwatch", "process_"].iter().any(|prefix| word.starts_with(prefix));
        known || (word == "up" && !expr[range.end..].starts_with('('))
    };
    words.filter(is_metric).map(|range| &expr[range]).collect()
}

/// Labels and the values that they are compared with.
pub fn matchers(expr: &str) -> Vec<(&str, &str)> {
    let pieces = pieces(expr);
    let braces = pieces.into_iter().filter_map(|piece| match piece {
        Piece::Matchers(range) => Some(&expr[range.start + 1..range.end - 1]),
        _ => None,
    });
    let matcher = |text: &'_ str| -> Option<(usize, usize)> {
        let label = text.find(['=', '!'])?;
        Some((label, text.find('"')?))
    };
    let all = braces
        .flat_map(|inner| inner.split_inclusive("\","))
        .map(|text| text.trim_end_matches(','));
    all.filter_map(|text| {
        let (label, value) = matcher(text)?;
        Some((text[..label].trim(), text[value..].trim_matches('"')))
    })
    .collect()
}

/// The expression with one piece replaced.
pub fn replaced(expr: &str, range: &Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &expr[..range.start], &expr[range.end..])
}

#[test]
fn an_expression_falls_into_its_pieces() {
    let expr =
        "rate(process_a{b=\"x}1\",c=~\"y|z\"}[5m]) / up >= 2.5 * clamp_min(x offset 10m, 30)";
    assert_eq!(metrics(expr), ["process_a", "up"]);
    assert_eq!(matchers(expr), [("b", "x}1"), ("c", "y|z")]);
    let texts = |wanted: fn(&Piece) -> Option<&Range<usize>>| {
        let ranges = pieces(expr);
        ranges
            .iter()
            .filter_map(wanted)
            .map(|range| expr[range.clone()].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(|p| if let Piece::Number(r) = p { Some(r) } else { None }), ["2.5", "30"]);
    assert_eq!(texts(|p| if let Piece::Comparison(r) = p { Some(r) } else { None }), [">="]);
    assert_eq!(texts(|p| if let Piece::Window(r) = p { Some(r) } else { None }), ["[5m]"]);
}
