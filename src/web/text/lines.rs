//! Lines of a terminal, wrapped between words to a limited width.

use std::borrow::Cow;

use textwrap::{Options, WordSplitter, wrap};
use unicode_width::UnicodeWidthStr as _;

/// The columns of the narrowest common terminal.
pub const WIDTH: usize = 80;
/// The mark for omitted words.
const MORE: &str = " …";

/// A name and its text in at most `most` lines. Continuation lines are indented to the text.
pub fn entry(name: &str, indent: usize, words: &str, most: usize) -> Vec<String> {
    let space = if name.width() > indent { " " } else { "" };
    let (first, margin) = (format!("{name:<indent$}{space}"), " ".repeat(indent));
    let words: Vec<_> = words.split_whitespace().map(harmless).collect();
    if words.is_empty() {
        return vec![first];
    }
    let options = options(WIDTH).initial_indent(&first).subsequent_indent(&margin);
    let words = words.join(" ");
    let mut lines = wrap(&words, options);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = Cow::Owned(cut(last));
        }
    }
    lines.into_iter().map(Cow::into_owned).collect()
}

/// One line, cut between words if it is too wide.
pub fn line(words: &str) -> String {
    let words = harmless(words);
    if words.width() <= WIDTH { words } else { cut(&words) }
}

/// Removes control characters, because parts of the text are foreign.
fn harmless(words: &str) -> String {
    words.replace(char::is_control, "\u{fffd}")
}

fn cut(line: &str) -> String {
    let lines = wrap(line, options(WIDTH - MORE.width()));
    format!("{}{MORE}", lines.first().map_or("", |kept| kept.trim_end()))
}

fn options<'a>(width: usize) -> Options<'a> {
    Options::new(width).word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_wrapped_between_words_below_its_first() {
        let words = "a".repeat(30) + " " + &"b".repeat(30) + " c " + &"d".repeat(70);
        let lines = entry("name", 12, &words, 9);
        let expected = [
            format!("name        {} {} c", "a".repeat(30), "b".repeat(30)),
            format!("            {}", "d".repeat(68)),
            "            dd".to_owned(),
        ];
        assert_eq!(lines, expected);
        assert_eq!(entry("name", 6, "", 1), ["name  "]);
        assert_eq!(entry("! a_long_code:", 2, "words", 1), ["! a_long_code: words"]);
    }

    #[test]
    fn what_has_no_room_is_said_to_be_missing() {
        let words = "word ".repeat(200);
        for (most, name) in [(1, "name"), (2, "name"), (3, "")] {
            let lines = entry(name, 12, &words, most);
            assert_eq!(lines.len(), most);
            assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{lines:?}");
            assert!(lines[most - 1].ends_with("word …"), "{lines:?}");
        }
        let cut = line(&words);
        assert!(cut.ends_with("word …") && cut.chars().count() <= WIDTH, "{cut}");
        assert_eq!(line("short"), "short");
        assert!(line(&"ä".repeat(100)).width() <= WIDTH);
        assert!(line(&"空".repeat(100)).width() <= WIDTH, "letters of two columns");
    }
}
