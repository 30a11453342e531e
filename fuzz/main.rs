//! `cargo run --release -p matricule-fuzz -- TARGET EXECUTIONS [SEED]`: runs a target, shortens what breaks
//! it, and keeps that under `fuzz/finds/TARGET/`, where an ordinary test replays it.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use matricule_fuzz::{Mutator, TARGETS, Target, World, run};

/// Inputs that broke something before a run is given up.
const FINDS: usize = 5;
/// Inputs kept to be mutated further.
const CORPUS: usize = 512;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, otherwise| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let name = arguments.first().map_or("", String::as_str);
    let (Some(target), Ok(mut world)) = (TARGETS.iter().find(|target| target.name == name), World::new())
    else {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("usage: matricule-fuzz TARGET EXECUTIONS [SEED]; targets: {}", names.join(", "));
        return ExitCode::from(2);
    };
    std::panic::set_hook(Box::new(|_| {}));
    let finds = fuzz(target, &mut world, number(1, 100_000), number(2, 1));
    ExitCode::from(u8::from(finds > 0))
}

fn fuzz(target: &Target, world: &mut World, executions: u64, seed: u64) -> usize {
    let since = Instant::now();
    let mut mutator = Mutator::new(seed);
    let mut corpus: Vec<Vec<u8>> = target.seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let originals = corpus.len();
    let mut finds = 0;
    for execution in 0..executions {
        let input = mutator.mutate(&corpus);
        if let Err(why) = run(target, world, &input) {
            finds += 1;
            keep(target, &shorten(target, world, input), &why);
            if finds == FINDS {
                break;
            }
        } else if execution % 16 == 0 {
            // A walk away from the seeds, which themselves stay.
            if corpus.len() < CORPUS {
                corpus.push(input);
            } else {
                let at = originals + (execution / 16) as usize % (CORPUS - originals);
                corpus[at] = input;
            }
        }
    }
    println!(
        "{}: {executions} executions, {finds} finds, {:.0} s",
        target.name,
        since.elapsed().as_secs_f64()
    );
    finds
}

/// Takes out what is not needed to break it.
fn shorten(target: &Target, world: &mut World, mut input: Vec<u8>) -> Vec<u8> {
    let mut part = input.len() / 2;
    while part > 0 {
        let mut at = 0;
        while at + part <= input.len() {
            let shorter = [&input[..at], &input[at + part..]].concat();
            if run(target, world, &shorter).is_err() {
                input = shorter;
            } else {
                at += part;
            }
        }
        part /= 2;
    }
    input
}

fn keep(target: &Target, input: &[u8], why: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds").join(target.name);
    let name = input.iter().fold(7_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let path = folder.join(format!("{name:016x}"));
    let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, input));
    eprintln!("{}: {why}: {} {kept:?}\n{:?}", target.name, path.display(), String::from_utf8_lossy(input));
}
