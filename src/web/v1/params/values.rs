//! Values of one word.

use chrono_tz::Tz;

use super::{
    known::{
        ARRIVAL, BY, CALLSIGN, CID, DEFAULT_LIMIT, DEPARTURE, Kind, LIMIT, PERSONAL, Parameter,
        SECTOR, TZ,
    },
    query::Query,
};
use crate::web::problem::{Code, Problem};
use sectorwatch_store::api::CoverageBy;

impl Parameter {
    /// The error for a value that is not allowed.
    pub fn refused(&self) -> Problem {
        Problem::new(self.code, format!("{} is {}.", self.name, self.allowed))
    }
}

impl Query {
    /// The most rows of a page.
    ///
    /// # Errors
    /// It is no such number.
    pub fn limit(&mut self) -> Result<u32, Problem> {
        let limit = self.whole_number(&LIMIT)?.unwrap_or(DEFAULT_LIMIT);
        u32::try_from(limit).map_err(|_| LIMIT.refused())
    }

    /// The member of VATSIM that is asked for.
    ///
    /// # Errors
    /// It is no number of a member.
    pub fn cid(&mut self) -> Result<Option<i32>, Problem> {
        let cid = self.whole_number(&CID)?;
        cid.map(|cid| i32::try_from(cid).map_err(|_| CID.refused())).transpose()
    }

    /// A callsign, in upper case.
    ///
    /// # Errors
    /// It cannot be a callsign.
    pub fn callsign(&mut self) -> Result<Option<String>, Problem> {
        self.text(&CALLSIGN, callsign)
    }

    /// The airport of departure, in upper case.
    ///
    /// # Errors
    /// It is no text of a plan.
    pub fn departure(&mut self) -> Result<Option<String>, Problem> {
        self.text(&DEPARTURE, |text| plain(&DEPARTURE, text).map(str::to_ascii_uppercase))
    }

    /// The airport of arrival, in upper case.
    ///
    /// # Errors
    /// It is no text of a plan.
    pub fn arrival(&mut self) -> Result<Option<String>, Problem> {
        self.text(&ARRIVAL, |text| plain(&ARRIVAL, text).map(str::to_ascii_uppercase))
    }

    /// The sector's id.
    ///
    /// # Errors
    /// It cannot be an id.
    pub fn sector(&mut self) -> Result<Option<String>, Problem> {
        self.text(&SECTOR, |text| plain(&SECTOR, text).map(str::to_owned))
    }

    /// The name of the time zone; `UTC` when it is absent.
    ///
    /// # Errors
    /// No time zone has this name.
    pub fn tz(&mut self) -> Result<String, Problem> {
        let name = self.text(&TZ, |text| Some(text.parse::<Tz>().ok()?.name().to_owned()))?;
        Ok(name.unwrap_or_else(|| "UTC".to_owned()))
    }

    /// What coverage is summed by.
    ///
    /// # Errors
    /// It is absent, or none of the words.
    pub fn by(&mut self) -> Result<CoverageBy, Problem> {
        match self.get(&BY) {
            Some("sector") => Ok(CoverageBy::Sector),
            Some("hour") => Ok(CoverageBy::Hour),
            Some("weekday_hour") => Ok(CoverageBy::WeekdayHour),
            Some("facility") => Ok(CoverageBy::Facility),
            _ => Err(BY.refused()),
        }
    }

    /// Whether personal members are asked for.
    ///
    /// # Errors
    /// The value is not 1.
    pub fn personal(&self) -> Result<bool, Problem> {
        match self.get(&PERSONAL) {
            None => Ok(false),
            Some("1") => Ok(true),
            Some(_) => Err(PERSONAL.refused()),
        }
    }

    fn whole_number(&mut self, parameter: &Parameter) -> Result<Option<i64>, Problem> {
        let Kind::Whole { from, to, .. } = parameter.kind else { return Ok(None) };
        let Some(text) = self.get(parameter) else { return Ok(None) };
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number: Option<i64> = if is_number { text.parse().ok() } else { None };
        let number = number.filter(|number| (from..=to).contains(number));
        let number = number.ok_or_else(|| parameter.refused())?;
        self.normalise(parameter, number.to_string());
        Ok(Some(number))
    }

    /// Reads a value, and keeps its normal form.
    fn text(
        &mut self,
        parameter: &Parameter,
        read: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Option<String>, Problem> {
        let Some(text) = self.get(parameter) else { return Ok(None) };
        let normal = read(text).ok_or_else(|| parameter.refused())?;
        self.normalise(parameter, normal.as_str());
        Ok(Some(normal))
    }
}

/// A callsign of a path or a query, in upper case; `None` when none can be like it.
pub fn callsign(text: &str) -> Option<String> {
    let is_possible = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    is_possible.then(|| text.to_ascii_uppercase())
}

/// The error for a callsign in a path.
pub fn bad_callsign() -> Problem {
    Problem::new(Code::BadCallsign, "A callsign has 1 to 16 visible ASCII characters.")
}

fn plain<'a>(parameter: &Parameter, text: &'a str) -> Option<&'a str> {
    let Kind::Text { longest } = parameter.kind else { return None };
    let is_short = (1..=longest).contains(&text.chars().count());
    (is_short && !text.contains(char::is_control)).then_some(text)
}
