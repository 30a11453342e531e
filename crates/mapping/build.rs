//! Makes cargo embed `mappings/` again when a file in it is added, changed or removed.

fn main() {
    println!("cargo:rerun-if-changed=../../mappings");
}
