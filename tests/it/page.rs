//! The status as people see it: how fast it answers when something is broken, and what a browser
//! makes of it.

mod axe;
mod browser;
mod broken;
mod chromium;
