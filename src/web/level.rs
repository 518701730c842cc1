//! The flight level of the query, `?fl=245`.

use actix_web::HttpRequest;

use super::form::parameter;
use sectorwatch_core::level::Level;

/// A flight level: hundreds of feet at standard pressure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlightLevel(u16);

/// An `fl` that is no flight level.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLevel;

impl FlightLevel {
    /// The highest one that can be requested.
    pub const HIGHEST: u16 = 999;

    /// The flight level of the query. An empty one is none, because that is what an empty field of a form
    /// sends.
    pub fn wanted(request: &HttpRequest) -> Result<Option<Self>, BadLevel> {
        match parameter(request, "fl").as_deref() {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some),
        }
    }

    /// The number, as in `245`.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The level in the terms of the airspace. At standard pressure, altitude and pressure level are equal.
    pub fn level(self) -> Level {
        Level::standard(i32::from(self.0) * 100)
    }
}

impl std::str::FromStr for FlightLevel {
    type Err = BadLevel;

    fn from_str(text: &str) -> Result<Self, BadLevel> {
        let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|_| is_number);
        number.map(Self).ok_or(BadLevel)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_flight_level_has_one_to_three_digits() {
        for (query, expected) in [
            ("", Ok(None)),
            ("?fl=", Ok(None)),
            ("?fl=245", Ok(Some(245))),
            ("?format=html&fl=0", Ok(Some(0))),
            ("?fl=095", Ok(Some(95))),
            ("?fl=999", Ok(Some(999))),
            ("?fl=1000", Err(BadLevel)),
            ("?fl=-1", Err(BadLevel)),
            ("?fl=+10", Err(BadLevel)),
            ("?fl=%2B10", Err(BadLevel)),
            ("?fl=24.5", Err(BadLevel)),
            ("?fl=FL245", Err(BadLevel)),
            ("?fl=%D9%A1", Err(BadLevel)),
            ("?fl=245&fl=x", Ok(Some(245))),
        ] {
            let request = TestRequest::with_uri(&format!("/{query}")).to_http_request();
            let wanted = FlightLevel::wanted(&request).map(|level| level.map(FlightLevel::number));
            assert_eq!(wanted, expected, "{query}");
        }
        assert_eq!(FlightLevel(245).level(), Level::standard(24_500));
    }
}
