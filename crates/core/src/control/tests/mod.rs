//! Who controls a sector, by the examples of the rule, and its intervals, against a second way to find them.

mod intervals;
mod naive;
mod played;
mod verdicts;

use super::*;
use crate::sample;
