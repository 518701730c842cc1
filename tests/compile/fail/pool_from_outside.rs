//! The pool without the store.

use sectorwatch_store::pool::Pool;

pub fn take(_pool: &Pool) {}

fn main() {}
