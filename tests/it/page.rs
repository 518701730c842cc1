//! The status as people see it: how fast it answers when something is broken, and what a browser
//! makes of it.

mod alarm;
mod axe;
mod broken;
mod browser;
mod chromium;
mod looks;
mod stored;
