//! A new migration is a change of this crate: the migrations are embedded.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
