//! The simulated network, fast, for a while: nothing of it is taken for a leak.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    leaks::leaked,
    long_tests,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
