//! The pool without the store.

use sectorwatch::store::pool::Pool;

pub fn take(_pool: &Pool) {}

fn main() {}
