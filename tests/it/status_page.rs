//! The status as people see it: how fast it answers during a fault, and how a browser shows it.

mod airspaces;
mod alarm;
pub mod axe;
pub mod browser;
pub mod chromium;
mod tables;
pub mod windows;
mod without_parts;
