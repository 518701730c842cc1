//! The API, version 1: what is stored, as JSON, for everybody who may read it.
//!
//! `params` and `cursor` are pure: what a request asks for. `request` is that for a handler, `list` and `answer` send
//! what `sectorwatch_store::api` reads, and `caching` says what a client may keep. A connection is returned before the
//! first byte is sent. An endpoint is a row in `routes`, a handler in the file of what it shows, and its name in
//! `openapi`.

pub mod answer;
mod caching;
mod controllers;
mod coverage;
pub mod cursor;
mod export;
pub mod failure;
mod flights;
mod list;
mod live;
pub mod movements;
pub mod openapi;
pub mod params;
mod reader;
pub mod request;
pub mod routes;
pub mod sectors;
mod track;
mod visits;

pub use live::{Fetched, LiveMetrics, LiveRenderer, LiveStream};
pub use reader::{AirspaceInForce, ApiReader};
