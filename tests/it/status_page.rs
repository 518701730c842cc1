//! The status as people see it: how fast it answers during a fault, and how a browser shows it.

mod airspaces;
mod alarm;
mod axe;
mod browser;
pub mod chromium;
mod tables;
mod windows;
mod without_parts;
