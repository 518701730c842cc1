//! The facts about the service before its first cycle.

use crate::{
    config::Settings,
    status::{Service, StatusSnapshot},
};
use sectorwatch_core::airspace::Airspace;
use sectorwatch_telemetry::process::ConfigInfo;

/// The settings that are labels of a metric.
pub fn config_info(airspace: &Airspace) -> ConfigInfo {
    ConfigInfo {
        recycling: "fast",
        queue_strategy: "fifo",
        airspace_revision: airspace.revision().to_owned(),
    }
}

/// The status before the first cycle.
pub fn first_status(settings: &Settings, airspace: &Airspace, simulated: bool) -> StatusSnapshot {
    let service = Service {
        version: super::BUILD.version,
        revision: super::BUILD.revision,
        started_at: chrono::Utc::now(),
        instance: settings.instance.clone(),
    };
    let mut status = StatusSnapshot::at_start(service, settings.poll_interval, simulated);
    status.airspace.changed(airspace);
    status.feed.url_host =
        settings.feed_url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
    status
}
