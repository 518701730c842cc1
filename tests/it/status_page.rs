//! The status as people see it: how fast it answers when something is broken, and what a browser
//! makes of it.

mod alarm;
mod axe;
mod browser;
mod chromium;
mod tables;
mod windows;
mod without_parts;
