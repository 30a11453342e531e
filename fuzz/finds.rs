//! Every input that once broke a target is run again, and a little fuzzing with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::path::Path;

use matricule_fuzz::{Mutator, TARGETS, World, run};

#[test]
fn what_broke_once_does_not_break_again() {
    let mut world = World::new().unwrap();
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds").join(target.name);
        for find in std::fs::read_dir(folder).into_iter().flatten() {
            let path = find.unwrap().path();
            let input = std::fs::read(&path).unwrap();
            run(target, &mut world, &input).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        }
    }
}

#[test]
fn a_little_fuzzing_finds_nothing() {
    let mut world = World::new().unwrap();
    for target in TARGETS {
        let seeds: Vec<Vec<u8>> = target.seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
        let mut mutator = Mutator::new(42);
        for _ in 0..500 {
            let input = mutator.mutate(&seeds);
            let shown = String::from_utf8_lossy(&input).into_owned();
            run(target, &mut world, &input).unwrap_or_else(|why| panic!("{}: {why}: {shown:?}", target.name));
        }
    }
}
