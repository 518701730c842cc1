//! One record of `controllers`.

use super::{
    checks::{self, optional_text, optional_whole, required, whole},
    session::Session,
    tally::{Refusal, TEXT_BYTES, Tally, push_cut},
};
use crate::{
    domain::{
        Time,
        controller::Controller,
        snapshot::{Reason, Source},
    },
    feed::wire::{self, Integer, Text},
};

impl Session for Controller {
    const SOURCE: Source = Source::Controller;

    fn decode(record: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal> {
        let fed: wire::Controller = serde_json::from_str(record)?;
        tally.unknown("controllers.", fed.unknown);
        Ok(Controller {
            cid: checks::cid(fed.cid)?,
            callsign: checks::callsign(fed.callsign.as_ref())?,
            logon_time: checks::logon_time(fed.logon_time.as_ref(), published)?,
            facility: facility(required("facility", fed.facility)?)?,
            rating: whole("rating", required("rating", fed.rating)?)?,
            frequency: optional_text(fed.frequency.as_ref()).unwrap_or_default(),
            visual_range: optional_whole("visual_range", fed.visual_range)?,
            text_atis: fed.text_atis.as_deref().map(joined),
            server: optional_text(fed.server.as_ref()).unwrap_or_default(),
            last_updated: checks::last_updated(fed.last_updated.as_ref(), published)?,
            unreadable: Vec::new(),
        })
    }

    fn identity(&self) -> (i32, &str, Time) {
        (self.cid, &self.callsign, self.logon_time)
    }

    fn last_updated(&self) -> Time {
        self.last_updated
    }
}

/// A number of the feed's own table `facilities`.
fn facility(Integer(number): Integer) -> Result<i32, Refusal> {
    let facility = i32::try_from(number).ok().filter(|number| (0..=6).contains(number));
    facility.ok_or_else(|| {
        let detail = format!("facility: {number} is not within 0 to 6");
        Refusal::new(Reason::UnknownFacility, detail)
    })
}

/// Lines as one text.
fn joined(lines: &[Text<'_>]) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let newline = if index == 0 { "" } else { "\n" };
        if !push_cut(&mut text, newline, TEXT_BYTES)
            || !push_cut(&mut text, line.as_ref(), TEXT_BYTES)
        {
            break;
        }
    }
    text
}
