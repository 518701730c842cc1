//! The migrations are embedded, so that a new migration must rebuild this crate.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
