//! The current files of VAT-Spy, which the network's API of map data names.
//!
//! They are fetched when an operator asks for it. Nothing of them is part of this program.

mod error;
#[cfg(test)]
mod tests;

use std::time::Duration;

use reqwest::{Client, redirect};
use serde_json::Value;
use url::{Host, Url};

pub use self::error::MapDataError;
use super::{
    client::{Fetched, MOST_REDIRECTS, get, http_client, redacted},
    decode::without_mark,
};

/// The API of the network.
const API: &str = "https://api.vatsim.net/api/map_data/";
const LIMITS: Limits = Limits {
    request: Duration::from_secs(60),
    answer_bytes: 1 << 20,
    // VAT-Spy's files have 3 MB together.
    file_bytes: 100_000_000,
};

/// The members of the answer that name a file, and what the file is called where its address does not say so.
const FILES: [(&str, &str); 2] =
    [("vatspy_dat_url", "VATSpy.dat"), ("fir_boundaries_geojson_url", "Boundaries.geojson")];
const COMMIT: &str = "current_commit_hash";

/// The files of one state of the project.
#[derive(Debug)]
pub struct MapData {
    /// The commit that they are of, in hex.
    pub commit: String,
    /// Where the API is, without what may be secret.
    pub source_url: String,
    /// The rows, and the boundaries.
    pub files: Vec<MapFile>,
}

/// One file.
#[derive(Debug)]
pub struct MapFile {
    /// Without folders.
    pub name: String,
    /// As they came.
    pub bytes: Vec<u8>,
}

/// Fetches the files that the API at this address names; by default, the network's.
///
/// Blocks. Must not be called from async code, because it creates a small runtime.
///
/// # Errors
///
/// Names the address, and what is wrong with its answer.
pub fn download(api: Option<&Url>, user_agent: &str) -> Result<MapData, MapDataError> {
    match api {
        Some(api) => download_within(api, user_agent, LIMITS),
        None => download_within(&Url::parse(API).map_err(MapDataError::setup)?, user_agent, LIMITS),
    }
}

/// How long a request may take, and how much it may bring.
#[derive(Debug, Clone, Copy)]
struct Limits {
    request: Duration,
    answer_bytes: usize,
    file_bytes: usize,
}

fn download_within(api: &Url, user_agent: &str, limits: Limits) -> Result<MapData, MapDataError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(MapDataError::setup)?;
    runtime.block_on(fetch(api, user_agent, limits))
}

async fn fetch(api: &Url, user_agent: &str, limits: Limits) -> Result<MapData, MapDataError> {
    let rule = Rule::of(api);
    rule.check(api)?;
    let redirects = || {
        redirect::Policy::custom(move |attempt| match rule.check(attempt.url()) {
            Err(refused) => attempt.error(refused),
            Ok(()) if attempt.previous().len() > MOST_REDIRECTS => {
                attempt.error("more redirects than are followed")
            }
            Ok(()) => attempt.follow(),
        })
    };
    let http = http_client(user_agent, limits.request, redirects)?;
    let answer = body(&http, api, limits.answer_bytes).await?;
    let answer = Answer::read(api, &answer)?;
    let commit = answer.commit()?;
    // All that the answer says is read before anything else is asked for.
    let urls = FILES.map(|(member, name)| answer.url(member, rule).map(|url| (url, name)));
    let mut files = Vec::with_capacity(urls.len());
    for file in urls {
        let (url, name) = file?;
        let bytes = body(&http, &url, limits.file_bytes).await?;
        files.push(MapFile { name: named(&url).unwrap_or(name).to_owned(), bytes });
    }
    Ok(MapData { commit, source_url: redacted(api), files })
}

async fn body(http: &Client, url: &Url, cap_bytes: usize) -> Result<Vec<u8>, MapDataError> {
    match get(http, url, None, cap_bytes).await? {
        Fetched::Body(body) => Ok(body.bytes),
        // Only a conditional request is answered so.
        Fetched::NotModified => Ok(Vec::new()),
    }
}

/// What the address of a file calls it.
fn named(url: &Url) -> Option<&str> {
    url.path_segments()?.next_back().filter(|name| !name.is_empty())
}

/// Which addresses may be asked: those that nobody between can change the answers of.
#[derive(Debug, Clone, Copy)]
struct Rule {
    /// A server of the machine itself was named, such as a mirror, which may name others of the machine.
    is_local: bool,
}

impl Rule {
    fn of(api: &Url) -> Self {
        Self { is_local: is_loopback(api) }
    }

    fn check(self, url: &Url) -> Result<(), MapDataError> {
        let may_be_asked = match url.scheme() {
            "https" => self.is_local || !is_loopback(url),
            "http" => self.is_local && is_loopback(url),
            _ => false,
        };
        match may_be_asked {
            true => Ok(()),
            false => Err(MapDataError::Address { url: redacted(url) }),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// What the API says.
struct Answer {
    api: String,
    members: Value,
}

impl Answer {
    fn read(api: &Url, bytes: &[u8]) -> Result<Self, MapDataError> {
        let api = redacted(api);
        match serde_json::from_slice(without_mark(bytes)) {
            Ok(members @ Value::Object(_)) => Ok(Self { api, members }),
            Ok(_) => Err(MapDataError::NotObject { api }),
            Err(source) => Err(MapDataError::NotJson { api, source }),
        }
    }

    fn text(&self, member: &'static str) -> Result<&str, MapDataError> {
        let text = self.members.get(member).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| MapDataError::Missing { api: self.api.clone(), member })
    }

    fn commit(&self) -> Result<String, MapDataError> {
        let commit = self.text(COMMIT)?;
        // Of SHA-1 or SHA-256, or abbreviated.
        let is_hash =
            (7..=64).contains(&commit.len()) && commit.bytes().all(|it| it.is_ascii_hexdigit());
        match is_hash {
            true => Ok(commit.to_ascii_lowercase()),
            false => {
                let start: String = commit.chars().take(64).collect();
                Err(MapDataError::Commit { api: self.api.clone(), found: format!("{start:?}") })
            }
        }
    }

    fn url(&self, member: &'static str, rule: Rule) -> Result<Url, MapDataError> {
        let text = self.text(member)?;
        let url = Url::parse(text).map_err(|source| MapDataError::NotUrl {
            api: self.api.clone(),
            member,
            source,
        })?;
        rule.check(&url)?;
        Ok(url)
    }
}
