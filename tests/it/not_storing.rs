//! Nothing is stored, for any reason, and the service reports it as long as it lasts.

mod feed_answers;
mod mark_ahead;
mod old_publications;
mod reset_mark;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use crate::support::{
    documents::{Feed, Pilot},
    service::Service,
};

/// A publication with one flight, at this distance from now.
fn published(from_now: TimeDelta) -> Feed {
    Feed::at(&written(Utc::now() + from_now)).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120))
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The status's reason with this code, if there is one.
fn reason(service: &Service, code: &str) -> Option<Value> {
    let status = service.status();
    let reasons = status["reasons"].as_array().expect("reasons").clone();
    reasons.into_iter().find(|reason| reason["code"] == code)
}
