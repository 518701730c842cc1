//! Pages of what is stored: sectors, flights, controllers, airports and coverage. Each is one document that needs no
//! scripts and loads nothing else.
//!
//! A page shows what one or more answers of the API have. It links each as an alternate; a section names its answer in
//! `data-source`, and each value the place in that answer in `data-leaf`. A handler reads by the functions of the API,
//! and returns each connection before anything is drawn. Add a page as a row in [`ENDPOINTS`], with a file for what it
//! shows; a plot in `plot`.

mod airport;
mod controllers;
mod coverage;
mod document;
mod figure;
mod flight;
mod links;
mod map;
mod notes;
mod plot;
mod refusal;
mod sector;
mod sectors;
#[cfg(test)]
mod tests;
mod view;

pub use document::places;
pub use refusal::{OF_EVERY_PAGE, refusal, refuses_in_html};

use super::{
    access::Scope,
    endpoint::Endpoint,
    v1::params::known::{CURSOR, FROM, STEP, TO, TZ},
};
use view::SPAN;

const READ: &[Scope] = &[Scope::Read];

/// The roots of all pages.
const ROOTS: [&str; 5] = ["/sectors", "/flights", "/controllers", "/airports", "/coverage"];

/// The pages. They need what the answers need that they show.
pub static ENDPOINTS: [Endpoint; 6] = [
    Endpoint::guarded("/sectors", READ, "the load of sectors, for people", |route| {
        route.to(sectors::sectors)
    })
    .taking(&[FROM, TO, SPAN, STEP, TZ, CURSOR]),
    Endpoint::guarded("/sectors/{id}", READ, "the load of one sector, for people", |route| {
        route.to(sector::sector)
    })
    .taking(&[FROM, TO, SPAN, STEP, TZ]),
    Endpoint::guarded("/flights/{id}", READ, "one flight, for people", |route| {
        route.to(flight::flight)
    })
    .taking(&[TZ]),
    Endpoint::guarded("/controllers", READ, "controllers and their hours, for people", |route| {
        route.to(controllers::controllers)
    })
    .taking(&[FROM, TO, SPAN, TZ]),
    Endpoint::guarded("/airports/{icao}", READ, "movements by hour, for people", |route| {
        route.to(airport::airport)
    })
    .taking(&[FROM, TO, SPAN, TZ]),
    Endpoint::guarded("/coverage", READ, "radio contact by hour and sector, for people", |route| {
        route.to(coverage::coverage)
    })
    .taking(&[FROM, TO, SPAN, TZ]),
];

/// Whether this is the path or the pattern of a page.
pub fn is_page(path: &str) -> bool {
    let is_below = |root: &str| {
        path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ROOTS.into_iter().any(is_below)
}
