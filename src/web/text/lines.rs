//! Lines of a terminal: at most so wide, and wrapped between words.

/// Columns of the narrowest terminal that is usual.
pub const WIDTH: usize = 80;
/// What stands for words that had no room.
const MORE: &str = " …";

/// Words after a name, in at most so many lines; all lines but the first begin below the words.
pub fn entry(name: &str, indent: usize, words: &str, most: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), format!("{name:<indent$}"));
    let mut space = if width(&line) > indent { " " } else { "" };
    for word in words.split_whitespace().flat_map(|word| pieces(word, WIDTH - indent)) {
        let is_last = lines.len() + 1 == most;
        let room = WIDTH - if is_last { width(MORE) } else { 0 };
        if width(&line) + width(space) + width(word) <= room {
            line = line + space + word;
        } else if is_last {
            line += MORE;
            break;
        } else {
            lines.push(std::mem::replace(&mut line, format!("{:indent$}{word}", "")));
        }
        space = " ";
    }
    lines.push(line);
    lines
}

/// One line, cut between words where it is too wide.
pub fn line(words: &str) -> String {
    if width(words) <= WIDTH {
        return words.to_owned();
    }
    let room: String = words.chars().take(WIDTH - width(MORE)).collect();
    let kept = room.rfind(' ').map_or(room.as_str(), |end| &room[..end]);
    format!("{}{MORE}", kept.trim_end())
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// A word that is wider than a line, in parts.
fn pieces(word: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(width).map_or(rest.len(), |(end, _)| end);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
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
        assert!(width(&line(&"ä".repeat(100))) <= WIDTH);
    }
}
