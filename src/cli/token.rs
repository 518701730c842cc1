//! `token --name N --scopes SCOPE,... [--expires TIME]`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Arg, ArgMatches, Command};
use sectorwatch_access::{Digest, Entry, Scopes, is_name, token};

use super::{print, values::future};

pub(super) const TOKEN: &str = "token";

const NAME: &str = "name";
const SCOPES: &str = "scopes";
const EXPIRES: &str = "expires";

/// The token that is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The name in the file of tokens.
    pub name: Arc<str>,
    /// At least one.
    pub scopes: Scopes,
    /// When it expires; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
}

pub(super) fn grammar() -> Command {
    let name = Arg::new(NAME)
        .long(NAME)
        .value_name("N")
        .help("The name in logs and metrics: who has the token")
        .value_parser(name)
        .required(true);
    let scopes = Arg::new(SCOPES)
        .long(SCOPES)
        .value_name("SCOPE,...")
        .help("What it may do: read, export, personal")
        .value_parser(scopes)
        .required(true);
    let expires = Arg::new(EXPIRES)
        .long(EXPIRES)
        .value_name("TIME")
        .help("When it expires, such as 2027-12-31T00:00:00Z")
        .value_parser(future);
    Command::new(TOKEN).about("Make a token for the API").args([name, scopes, expires])
}

pub(super) fn wanted(matches: &ArgMatches) -> Wanted {
    let name = matches.get_one::<String>(NAME).map(String::as_str);
    Wanted {
        name: name.unwrap_or_default().into(),
        scopes: matches.get_one::<Scopes>(SCOPES).copied().unwrap_or_default(),
        expires_at: matches.get_one::<DateTime<Utc>>(EXPIRES).copied(),
    }
}

/// Prints a new token, and its line for the file of tokens to standard error.
pub fn issue(wanted: Wanted) {
    let token = token(rand::random());
    let Wanted { name, scopes, expires_at } = wanted;
    let entry = Entry { name, scopes, digest: Digest::of(token.as_bytes()), expires_at };
    print(&format!("{token}\n"));
    eprintln!("{entry}");
}

fn name(text: &str) -> Result<String, &'static str> {
    match is_name(text) {
        true => Ok(text.to_owned()),
        false => Err("allowed: 1 to 64 visible ASCII characters without ':', not '#' first"),
    }
}

fn scopes(text: &str) -> Result<Scopes, &'static str> {
    let scopes = Scopes::read(text).ok().filter(|scopes| !scopes.is_empty());
    scopes.ok_or("allowed: one or more of read, export and personal, separated by commas")
}
