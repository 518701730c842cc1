//! The types of values that a setting can have: how each is parsed, bounded and displayed.

mod access;

use std::{
    fmt::Display, net::SocketAddr, ops::RangeInclusive, path::PathBuf, str::FromStr, time::Duration,
};

use globset::GlobBuilder;
use humantime::{format_duration, parse_duration};
use reqwest::header::HeaderValue;
use tracing_subscriber::EnvFilter;
use url::Url;

pub(super) use access::{at_least_one, networks, origins, rate, scopes};

use super::{machine::is_instance_char, redact};
use sectorwatch_core::{channel::Channel, contact::Caps};
use sectorwatch_feed::client::OptionalUrl;
use sectorwatch_store::{DatabaseUrl, LeakThresholds, Secret};

const DAY: Duration = Duration::from_hours(24);
/// A century: far beyond use, and within the range of dates.
const LONGEST_RETENTION: Duration = Duration::from_hours(24 * 36_525);

/// Parses a text; `None` when it is not allowed.
type Read<T> = Box<dyn Fn(&str) -> Option<T> + Send + Sync>;

/// How values of one type are parsed and described.
pub(super) struct ValueType<T> {
    /// The placeholder of the value in help, such as `URL`.
    pub placeholder: &'static str,
    /// The allowed values in words, derived from the bounds of `read`.
    pub allowed: String,
    /// How a given text is displayed.
    pub display: fn(&str) -> String,
    /// Whether the empty text is allowed, and means *off*.
    pub empty_is_off: bool,
    /// Parses a text.
    pub read: Read<T>,
    /// What would be allowed instead of a refused text, if that can be said more exactly.
    pub hint: fn(&str) -> Option<String>,
}

impl<T: 'static> ValueType<T> {
    fn new(
        placeholder: &'static str,
        allowed: impl Into<String>,
        read: impl Fn(&str) -> Option<T> + Send + Sync + 'static,
    ) -> Self {
        Self {
            placeholder,
            allowed: allowed.into(),
            display: redact::plain,
            empty_is_off: false,
            read: Box::new(read),
            hint: |_| None,
        }
    }

    fn displayed_by(self, display: fn(&str) -> String) -> Self {
        Self { display, ..self }
    }

    /// The same type for a setting that can be unset.
    pub fn optional(self) -> ValueType<Option<T>> {
        let read = self.read;
        ValueType {
            placeholder: self.placeholder,
            allowed: self.allowed,
            display: self.display,
            empty_is_off: self.empty_is_off,
            read: Box::new(move |text| read(text).map(Some)),
            hint: self.hint,
        }
    }
}

/// A whole number within bounds.
pub(super) fn whole<T>(bounds: RangeInclusive<T>) -> ValueType<T>
where
    T: FromStr + PartialOrd + Display + Send + Sync + 'static,
{
    let allowed = format!("a whole number, {} … {}", bounds.start(), bounds.end());
    ValueType::new("N", allowed, move |text| {
        text.parse().ok().filter(|number| bounds.contains(number))
    })
}

/// A number within bounds.
pub(super) fn decimal(bounds: RangeInclusive<f64>) -> ValueType<f64> {
    let allowed = format!("a number, {} … {}", bounds.start(), bounds.end());
    ValueType::new("X", allowed, move |text| {
        text.parse().ok().filter(|number| bounds.contains(number))
    })
}

/// A duration with its unit, within bounds.
pub(super) fn duration(bounds: RangeInclusive<Duration>) -> ValueType<Duration> {
    let allowed = format!(
        "a time with its unit, {} … {}",
        format_duration(*bounds.start()),
        format_duration(*bounds.end())
    );
    ValueType::new("TIME", allowed, move |text| {
        let time = parse_duration(text).ok()?;
        bounds.contains(&time).then_some(time)
    })
}

/// How long rows are kept; 0 keeps them without limit.
pub(super) fn retention() -> ValueType<Option<Duration>> {
    let allowed = "0 (keeps for ever), or a time of 1d … 36525d";
    ValueType::new("TIME", allowed, |text| match parse_duration(text).ok()? {
        Duration::ZERO => Some(None),
        time if (DAY..=LONGEST_RETENTION).contains(&time) => Some(Some(time)),
        _ => None,
    })
}

/// An HTTP URL.
pub(super) fn http_url() -> ValueType<Url> {
    ValueType::new("URL", "an http:// or https:// URL", read_http_url).displayed_by(redact::url)
}

/// An HTTP URL; the empty text switches it off.
pub(super) fn optional_url() -> ValueType<OptionalUrl> {
    let allowed = "an http:// or https:// URL, or the empty text (off)";
    let plain = ValueType::new("URL", allowed, |text| match text {
        "" => Some(OptionalUrl::Off),
        _ => read_http_url(text).map(OptionalUrl::Given),
    });
    ValueType { empty_is_off: true, ..plain.displayed_by(redact::url) }
}

fn read_http_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The URL of a PostgreSQL database.
pub(super) fn database_url() -> ValueType<Secret> {
    let allowed = "postgres://USER:PASSWORD@HOST:PORT/DATABASE";
    let plain = ValueType::new("URL", allowed, |text: &str| {
        DatabaseUrl::parse(text).is_ok().then(|| Secret::new(text))
    });
    let hint = |text: &str| DatabaseUrl::parse(text).err();
    ValueType { hint, ..plain.displayed_by(redact::database_url) }
}

/// A secret text.
pub(super) fn secret() -> ValueType<Secret> {
    let allowed = "16 … 256 visible ASCII characters, such as 64 random hex digits";
    let plain = ValueType::new("KEY", allowed, |text| {
        let fits = (16..=256).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| Secret::new(text))
    });
    plain.displayed_by(redact::whole)
}

/// A local socket address to listen on.
pub(super) fn address() -> ValueType<SocketAddr> {
    let allowed = "IP:PORT, such as 0.0.0.0:8080 or [::1]:8080; port 0 takes a free one";
    ValueType::new("IP:PORT", allowed, |text| text.parse().ok())
}

/// Host names without ports.
pub(super) fn hosts() -> ValueType<Vec<String>> {
    let allowed = "host names separated by commas, such as sectorwatch,status.example.org, or *";
    ValueType::new("HOSTS", allowed, |text| {
        let is_host_char = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let is_name = |name: &str| name.chars().all(is_host_char) && !name.starts_with('.');
        let names = text.split(',').map(str::trim).map(|given| {
            let name = given.strip_suffix('.').unwrap_or(given).to_ascii_lowercase();
            let fits = (1..=253).contains(&name.len()) && (is_name(&name) || name == "*");
            fits.then_some(name)
        });
        names.collect()
    })
}

/// `true` or `false`.
pub(super) fn boolean() -> ValueType<bool> {
    ValueType::new("BOOL", "true or false", |text| text.parse().ok())
}

/// `on` or `off`.
pub(super) fn on_off() -> ValueType<bool> {
    ValueType::new("on|off", "on or off", |text| match text {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    })
}

/// Reaches by type of position.
pub(super) fn radio_caps() -> ValueType<Caps> {
    let allowed = "TYPE=NM,… with DEL, GND, TWR, APP, CTR or FSS, and more than 0 up to 20000";
    ValueType::new("TYPE=NM,…", allowed, Caps::read)
}

/// Frequencies in MHz; the empty text is none.
pub(super) fn frequencies() -> ValueType<Vec<Channel>> {
    let allowed =
        "frequencies in MHz separated by commas, such as 126.7,123.45, or the empty text (none)";
    let plain = ValueType::new("MHZ,…", allowed, |text| {
        let given = text.split(',').map(str::trim).filter(|_| !text.is_empty());
        given.map(Channel::of_mhz).collect()
    });
    ValueType { empty_is_off: true, ..plain }
}

/// A file or folder. Whether it exists is checked when it is opened.
pub(super) fn path(placeholder: &'static str) -> ValueType<PathBuf> {
    ValueType::new(placeholder, "a path", |text| (!text.is_empty()).then(|| text.into()))
}

pub(super) fn paths(placeholder: &'static str) -> ValueType<Vec<PathBuf>> {
    ValueType::new(placeholder, "paths separated by commas", |text| {
        let paths = text.split(',').map(str::trim);
        paths.map(|path| (!path.is_empty()).then(|| path.into())).collect()
    })
}

/// The name of this instance.
pub(super) fn instance() -> ValueType<String> {
    let allowed = "1 … 32 characters of a-z, 0-9, '.' and '-'";
    ValueType::new("NAME", allowed, |text| {
        let fits = (1..=32).contains(&text.len()) && text.chars().all(is_instance_char);
        fits.then(|| text.to_owned())
    })
}

/// A text that is valid in an HTTP header.
pub(super) fn user_agent() -> ValueType<String> {
    let allowed = "a text of visible ASCII characters and spaces, at most 200";
    ValueType::new("TEXT", allowed, |text| {
        let fits = (1..=200).contains(&text.len()) && text.is_ascii();
        (fits && HeaderValue::from_str(text).is_ok()).then(|| text.to_owned())
    })
}

/// Durations by owner of a connection.
pub(super) fn leak_thresholds() -> ValueType<LeakThresholds> {
    ValueType::new("OWNER=TIME,…", LeakThresholds::allowed(), LeakThresholds::read)
}

/// A filter of the log.
pub(super) fn log_filter() -> ValueType<String> {
    let allowed = "directives such as info or warn,sectorwatch=debug";
    ValueType::new("FILTER", allowed, |text| EnvFilter::try_new(text).ok().map(|_| text.to_owned()))
}

/// Callsign globs.
pub(super) fn globs() -> ValueType<Vec<String>> {
    let allowed = "globs separated by commas, such as SY_*,ML-?*_CTR";
    ValueType::new("GLOBS", allowed, |text| {
        let globs = text.split(',').map(str::trim).map(|glob| {
            let is_valid = !glob.is_empty() && GlobBuilder::new(glob).build().is_ok();
            is_valid.then(|| glob.to_owned())
        });
        globs.collect()
    })
}
