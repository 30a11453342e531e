//! Reads every file under the folders given and says a line each: outcome, code, rows, seconds.
//! For a look at a whole corpus: `cargo run --example survey -- FOLDER… > survey.tsv`.
//! The reader it starts is itself, as the real binary does.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use matricule_ingest::{
    Event, Ingest, LedgerFile, Limits, Overrides, ReaderCommand, discover, serve_workbook,
};
use matricule_mapping::Files;

const SERVE: &str = "--read-workbook";

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match arguments.as_slice() {
        [first, path] if first.as_os_str() == SERVE => {
            ExitCode::from(serve_workbook(path, std::io::stdin(), std::io::stdout()))
        }
        folders => survey(folders).map_or(ExitCode::from(2), |()| ExitCode::SUCCESS),
    }
}

fn survey(folders: &[PathBuf]) -> Option<()> {
    let files = Files::shipped();
    let (headers, furniture) = (files.header_words().ok()?, files.vocabulary("furniture").ok()?);
    let ditto = files.vocabulary("ditto").ok()?;
    let reader = ReaderCommand { program: std::env::current_exe().ok()?, arguments: vec![SERVE.into()] };
    let (overrides, limits) = (Overrides::default(), Limits::default());
    let ingest = Ingest {
        headers: &headers,
        furniture: &furniture,
        ditto: &ditto,
        words: &[],
        profile: None,
        overrides,
        reader,
        limits,
    };
    let found = discover(folders, None);
    for (facts, finding) in &found.refused {
        println!("refused\t{}\t0\t0\t0.00\t{}\t{}", finding.code, facts.path, finding.message);
    }
    for file in &found.files {
        println!("{}", outcome(&ingest, file));
    }
    eprintln!(
        "{} read, {} refused, {} left aside",
        found.files.len(),
        found.refused.len(),
        found.left_aside.len()
    );
    Some(())
}

fn outcome(ingest: &Ingest<'_>, file: &LedgerFile) -> String {
    let since = Instant::now();
    let (mut rows, mut refused, mut end) = (0, 0, "unended\t-".to_owned());
    let mut message = String::new();
    ingest.read(file, &mut |event| {
        match event {
            Event::Row(_) => rows += 1,
            Event::Refused(_) => refused += 1,
            Event::EndFile => "read\t-".clone_into(&mut end),
            Event::Failed(_, finding) => {
                end = format!("failed\t{}", finding.code);
                message = finding.message;
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    let shown = Path::new(&*file.relative).display();
    format!("{end}\t{rows}\t{refused}\t{:.2}\t{shown}\t{message}", since.elapsed().as_secs_f64())
}
