//! The parameters of the API: which exist, and what their values mean. Pure; each error names the parameter and
//! what is allowed.
//!
//! A parameter is one row of [`known`]. The parser and the OpenAPI document both read that row, so that they
//! agree. Add a parameter there, and a reader of its value beside [`Query`].

mod bbox;
pub mod known;
mod query;
mod span;
mod step;
#[cfg(test)]
mod tests;
mod values;

pub use bbox::bbox;
pub use known::{Kind, Parameter};
pub use query::Query;
pub use span::{asked, refused as span_refused};
pub use step::Step;
pub use values::{bad_callsign, callsign};
