//! The text of a state, as it is stored: words between single spaces.
//!
//! ```text
//! 1 LAST                             neither ground nor air was seen yet
//! 1 LAST ground ICAO AT              the airport, and the last observation on its ground
//! 1 LAST air 0|1                     whether it was high since it is in the air
//! 1 LAST air 0|1 ICAO FEET FIX       … on an approach: the altitude, place and time of its lowest observation
//! 1 LAST air 0|1 ICAO FEET FIX FIX   … and its first observation at 150 ft or lower
//! ```
//!
//! `1` is the version. `LAST`, the observation before, is `AT PUBLISHED LATITUDE LONGITUDE`; `FIX` is `AT EARLIEST
//! LATITUDE LONGITUDE`, where an unknown `EARLIEST` is `-`. Times are microseconds since 1970, and numbers are
//! written so that they are read as what they were.

use std::{fmt, str::SplitAsciiWhitespace};

use super::{
    observed::{Fix, Last},
    state::{Air, AirportState, Approach, Place},
};
use crate::Time;

const VERSION: &str = "1";

impl AirportState {
    /// The text to store; `None` before the first observation with a groundspeed.
    pub fn to_text(&self) -> Option<String> {
        self.last.map(|last| format!("{VERSION} {last}{}", self.place))
    }

    /// Reads a stored text. An unreadable one is a state in which nothing was seen yet.
    pub fn from_text(text: &str) -> Self {
        Words(text.split_ascii_whitespace()).state().unwrap_or_default()
    }
}

impl fmt::Display for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [at, published] = [self.at, self.published].map(|time| time.timestamp_micros());
        write!(f, "{at} {published} {} {}", self.latitude, self.longitude)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Ground { icao, at } => write!(f, " ground {icao} {}", at.timestamp_micros()),
            Self::Air(Air { was_high, approach }) => {
                write!(f, " air {}", u8::from(*was_high))?;
                let Some(approach) = approach else { return Ok(()) };
                write!(f, " {} {} {}", approach.icao, approach.lowest_ft, approach.lowest)?;
                approach.touchdown.map_or(Ok(()), |touchdown| write!(f, " {touchdown}"))
            }
        }
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.at.timestamp_micros())?;
        match self.earliest_at {
            Some(earliest) => write!(f, "{}", earliest.timestamp_micros())?,
            None => write!(f, "-")?,
        }
        write!(f, " {} {}", self.latitude, self.longitude)
    }
}

struct Words<'t>(SplitAsciiWhitespace<'t>);

impl Words<'_> {
    fn state(mut self) -> Option<AirportState> {
        if self.0.next()? != VERSION {
            return None;
        }
        let last = Last {
            at: self.time()?,
            published: self.time()?,
            latitude: self.degrees()?,
            longitude: self.degrees()?,
        };
        let place = match self.0.next() {
            None => Place::Unknown,
            Some("ground") => Place::Ground { icao: self.0.next()?.into(), at: self.time()? },
            Some("air") => Place::Air(self.air()?),
            Some(_) => return None,
        };
        let is_read = self.0.next().is_none();
        is_read.then_some(AirportState { last: Some(last), place })
    }

    fn air(&mut self) -> Option<Air> {
        let was_high = match self.0.next()? {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        let approach = match self.0.next() {
            None => None,
            Some(icao) => Some(Approach {
                icao: icao.into(),
                lowest_ft: self.0.next()?.parse().ok()?,
                lowest: self.fix()?,
                touchdown: if self.is_empty() { None } else { Some(self.fix()?) },
            }),
        };
        Some(Air { was_high, approach })
    }

    fn fix(&mut self) -> Option<Fix> {
        Some(Fix {
            at: self.time()?,
            earliest_at: match self.0.next()? {
                "-" => None,
                earliest => Some(time(earliest)?),
            },
            latitude: self.degrees()?,
            longitude: self.degrees()?,
        })
    }

    fn time(&mut self) -> Option<Time> {
        time(self.0.next()?)
    }

    fn degrees(&mut self) -> Option<f64> {
        self.0.next()?.parse().ok().filter(|degrees: &f64| degrees.is_finite())
    }

    fn is_empty(&self) -> bool {
        self.0.clone().next().is_none()
    }
}

fn time(micros: &str) -> Option<Time> {
    Time::from_timestamp_micros(micros.parse().ok()?)
}
