//! One record of `controllers`.

use super::{
    checks::{Unreadable, optional_text, record},
    client_list::ClientRecord,
    cut::{cut, push_cut},
    tally::{Refusal, TEXT_BYTES, Tally},
};
use crate::wire::{self, Text};
use sectorwatch_core::{
    Time,
    controller::{Controller, Facility},
    snapshot::RecordType,
};

impl ClientRecord for Controller {
    const RECORD_TYPE: RecordType = RecordType::Controller;

    fn decode(json: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal> {
        let fed: wire::Controller = record(json)?;
        tally.unknown("controllers.", fed.unknown);
        let mut lost = Unreadable(fed.unreadable);
        let callsign = lost.callsign(fed.callsign.as_ref())?;
        let facility = lost.whole("facility", fed.facility.map(|it| it.0));
        let of_suffix = || Facility::of_suffix(&callsign).map_or(0, Facility::number);
        Ok(Controller {
            cid: lost.cid(fed.cid)?,
            logon_time: lost.logon_time(fed.logon_time.as_ref(), published)?,
            facility: facility.unwrap_or_else(of_suffix),
            rating: lost.whole("rating", fed.rating.map(|it| it.0)).unwrap_or(0),
            frequency: fed.frequency.map_or_else(String::new, |it| cut(&it.0, TEXT_BYTES)),
            visual_range: lost.whole("visual_range", fed.visual_range.map(|it| it.0)),
            text_atis: fed.text_atis.as_deref().map(joined),
            server: optional_text(fed.server.as_ref()).unwrap_or_default(),
            last_updated: lost.last_updated(fed.last_updated.as_ref(), published)?,
            callsign,
            unreadable: lost.0,
        })
    }

    fn unreadable(&self) -> &[&'static str] {
        &self.unreadable
    }

    fn identity(&self) -> (i32, &str, Time) {
        (self.cid, &self.callsign, self.logon_time)
    }

    fn last_updated(&self) -> Time {
        self.last_updated
    }
}

/// Joins lines to one text.
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
