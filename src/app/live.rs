//! Joins what the API and the live stream read from.

use std::{sync::Arc, time::Duration};

use super::wiring::Wired;
use crate::{
    collector::{publish::Published, setup::Setup},
    web::{AirspaceInForce, ApiReader, LiveMetrics, LiveRenderer, LiveStream},
};
use sectorwatch_store::api::Reader;

/// What the API reads from: the database, and the airspace that the poller uses.
pub fn api_reader(setup: &Setup) -> ApiReader {
    let store = &setup.writing.store;
    let movements = Arc::clone(&setup.selection.movements);
    ApiReader::new(store.reads(Reader::Api), store.seal_probe(), in_force(setup), movements)
}

/// What renders the live stream, for this many clients.
pub fn renderer(
    wired: &Wired,
    published: &Published,
    interval: Duration,
    clients: usize,
) -> anyhow::Result<LiveRenderer> {
    let stored = wired.setup.writing.stored.subscribe();
    let newest_stored = Arc::new(move || stored.borrow().map(|stored| stored.mark));
    let metrics = LiveMetrics::register(&wired.registry)?;
    let stream = LiveStream::new(clients, metrics, newest_stored);
    let published = Arc::clone(published);
    let fetched = Arc::new(move || published.load().feed.published_at);
    let reads = wired.setup.writing.store.reads(Reader::Live);
    Ok(LiveRenderer { stream, reads, airspace: in_force(&wired.setup), fetched, interval })
}

fn in_force(setup: &Setup) -> AirspaceInForce {
    let airspaces = setup.airspaces.clone();
    Arc::new(move || airspaces.in_force())
}
