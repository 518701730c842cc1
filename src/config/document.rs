//! The settings as text: in the manual, in the README, and with their effective values.

use std::fmt::Write as _;

use textwrap::{Options, WordSplitter};

use super::{Loaded, Machine, Setting, table};

const WIDTH: usize = 98;

/// The settings by group, for the manual.
pub fn manual_section() -> String {
    let mut text = String::new();
    let mut group = "";
    for setting in table(&Machine::default()) {
        if setting.group != group {
            group = setting.group;
            let _ = writeln!(text, "\n  {group}");
        }
        let (flag, placeholder, env) = (setting.flag, setting.placeholder, &setting.env);
        let _ = writeln!(text, "    --{flag} {placeholder}, {env}");
        let _ = writeln!(text, "{}", filled(setting.help, 8));
        let bounds =
            format!("Default: {}. Allowed: {}.", documented_default(&setting), setting.allowed);
        let _ = writeln!(text, "{}", filled(&bounds, 8));
    }
    text
}

/// The settings as a Markdown table.
pub fn markdown_table() -> String {
    let mut text = String::from(
        "| Flag | Environment | Default | Allowed | What it does |\n|---|---|---|---|---|\n",
    );
    for setting in table(&Machine::default()) {
        let default = documented_default(&setting);
        let default = match setting.default_note {
            Some(_) => default.to_owned(),
            None => format!("`{default}`"),
        };
        let (flag, env, allowed, help) =
            (setting.flag, &setting.env, &setting.allowed, setting.help);
        // A single star would start emphasis.
        let allowed = allowed.replace('*', "\\*");
        let _ = writeln!(text, "| `--{flag}` | `{env}` | {default} | {allowed} | {help} |");
    }
    text
}

/// The effective settings as a file for `--config`, with the source of each value.
pub fn effective(loaded: &Loaded) -> String {
    let lines = loaded.effective_values.iter().map(|effective| {
        let key = &effective.key;
        match &effective.value {
            Some(value) => format!("{key} = {}", toml::Value::from(value.as_str())),
            None => format!("# {key} is unset: {}", effective.unset_means),
        }
    });
    let lines: Vec<_> = lines.collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (line, effective) in lines.iter().zip(&loaded.effective_values) {
        let _ = writeln!(text, "{line:<width$}  # {}", effective.given_as);
    }
    text
}

fn documented_default(setting: &Setting) -> &str {
    let text = setting.default.as_deref().unwrap_or_default();
    setting.default_note.unwrap_or(text)
}

/// Wraps the text to at most [`WIDTH`] columns, indented.
fn filled(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let options = Options::new(WIDTH).initial_indent(&margin).subsequent_indent(&margin);
    textwrap::fill(text, options.break_words(false).word_splitter(WordSplitter::NoHyphenation))
}
