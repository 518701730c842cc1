//! A record of `pilots`.

use super::{
    checks::{Unreadable, optional_text, record, within},
    client_list::ClientRecord,
    plan::flight_plan,
    tally::{Refusal, Tally},
};
use crate::wire::{self, Rounded};
use sectorwatch_core::{
    Time,
    flight::{FlightKey, Pilot},
    snapshot::RecordType,
};

impl ClientRecord for Pilot {
    const RECORD_TYPE: RecordType = RecordType::Pilot;

    fn decode(json: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal> {
        let fed: wire::Pilot = record(json)?;
        tally.unknown("pilots.", fed.unknown);
        let mut lost = Unreadable(fed.unreadable);
        let key = FlightKey {
            cid: lost.cid(fed.cid)?,
            callsign: lost.callsign(fed.callsign.as_ref())?,
            logon_time: lost.logon_time(fed.logon_time.as_ref(), published)?,
        };
        let last_updated = lost.last_updated(fed.last_updated.as_ref(), published)?;
        let latitude = lost.required("latitude", fed.latitude)?;
        let longitude = lost.required("longitude", fed.longitude)?;
        let Rounded(altitude) = lost.required("altitude", fed.altitude)?;
        let groundspeed = lost.none_only_if_absent("groundspeed", fed.groundspeed)?;
        let groundspeed = groundspeed.map(|Rounded(kt)| within("groundspeed", kt, 0..=3_000));
        Ok(Pilot {
            key,
            server: optional_text(fed.server.as_ref()).unwrap_or_default(),
            pilot_rating: lost.whole("pilot_rating", fed.pilot_rating.map(|it| it.0)),
            military_rating: lost.whole("military_rating", fed.military_rating.map(|it| it.0)),
            latitude: within("latitude", latitude, -90.0..=90.0)?,
            longitude: within("longitude", longitude, -180.0..=180.0)?,
            altitude: within("altitude", altitude, -2_000..=100_000)? as i32,
            groundspeed: groundspeed.transpose()?.map(|kt| kt as i32),
            transponder: optional_text(fed.transponder.as_ref()),
            heading: fed.heading.map(|Rounded(degrees)| degrees.rem_euclid(360) as i16),
            // A nonsensical value does not reject the flight. It is clamped where it is used.
            qnh_mb: lost.whole("qnh_mb", fed.qnh_mb.map(|it| it.0)),
            flight_plan: fed.flight_plan.map(|plan| flight_plan(plan, &mut lost, tally)),
            last_updated,
            unreadable: lost.0,
        })
    }

    fn unreadable(&self) -> &[&'static str] {
        &self.unreadable
    }

    fn identity(&self) -> (i32, &str, Time) {
        (self.key.cid, &self.key.callsign, self.key.logon_time)
    }

    fn last_updated(&self) -> Time {
        self.last_updated
    }
}
