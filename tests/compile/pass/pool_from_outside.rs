//! The pool without the store.

use sectorwatch_store::testing::Pool;

pub fn take(_pool: &Pool) {}

fn main() {}
