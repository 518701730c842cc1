//! The texts of a source.

/// Each text with the line it begins in. Comments, characters and lifetimes are no texts.
pub fn literals(source: &str) -> Vec<(usize, String)> {
    let (mut rest, mut line, mut found) = (source, 1, Vec::new());
    while let Some(first) = rest.chars().next() {
        let (length, text) = token(rest, first);
        found.extend(text.map(|text| (line, text)));
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// The length of what begins here, and its text if it is one.
fn token(rest: &str, first: char) -> (usize, Option<String>) {
    let through = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
    if rest.starts_with("//") {
        return (through("\n"), None);
    }
    if rest.starts_with("/*") {
        return (through("*/"), None);
    }
    if first == '"' {
        return quoted(rest);
    }
    if first == '\'' {
        return (character(rest), None);
    }
    if let Some(opening) = raw_opening(rest) {
        let closing = format!("\"{}", "#".repeat(opening.matches('#').count()));
        let body = &rest[opening.len()..];
        let end = body.find(&closing).unwrap_or(body.len());
        let length = (opening.len() + end + closing.len()).min(rest.len());
        return (length, Some(body[..end].to_owned()));
    }
    // A whole name, so that the `r` of `for` begins no raw string.
    let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (name.max(first.len_utf8()), None)
}

/// `"…"` with its escapes. A backslash at the end of a line skips the white space of the next.
fn quoted(rest: &str) -> (usize, Option<String>) {
    let (mut text, mut chars) = (String::new(), rest.char_indices().skip(1).peekable());
    while let Some((at, c)) = chars.next() {
        match (c, chars.peek()) {
            ('"', _) => return (at + 1, Some(text)),
            ('\\', Some((_, '\n'))) => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
            ('\\', _) => text.extend(chars.next().map(|(_, c)| if c == 'n' { '\n' } else { c })),
            _ => text.push(c),
        }
    }
    (rest.len(), Some(text))
}

/// The length of a character, or of the quote that begins a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    let is_escape = rest[1..].starts_with('\\');
    let end = if is_escape { rest[3..].find('\'').map(|at| at + 4) } else { None };
    let closes = chars.nth(1).filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    end.or(closes).unwrap_or(1)
}

/// `r"`, `br"`, `r#"`, `r##"` …
fn raw_opening(rest: &str) -> Option<&str> {
    let hashes = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let quote = hashes.trim_start_matches('#');
    quote.starts_with('"').then(|| &rest[..rest.len() - quote.len() + 1])
}
