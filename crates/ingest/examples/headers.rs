//! How often the shape of a table alone tells where its header stands. Reads labelled tables, one JSON
//! object a line (`{"file": …, "rows": [[…]], "lines": ["header", "data", …]}`), from standard input:
//! `zcat saus.jsonl.gz | cargo run --release --example headers`.

use std::io::BufRead;
use std::process::ExitCode;

use matricule_ingest::likely_header;
use matricule_record::Cells;
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    file: String,
    rows: Vec<Vec<String>>,
    lines: Vec<String>,
}

fn main() -> ExitCode {
    let (mut found, mut tables) = (0_usize, 0_usize);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(table) = serde_json::from_str::<Table>(&line) else { return ExitCode::from(2) };
        let rows: Vec<Cells> =
            table.rows.iter().map(|row| Cells::from_texts(row.iter().map(String::as_str))).collect();
        let header = likely_header(&rows);
        let label = header.and_then(|at| table.lines.get(at)).map_or("nothing", String::as_str);
        tables += 1;
        if label == "header" {
            found += 1;
        } else {
            println!("{}: row {:?} is {label}", table.file, header.map(|at| at + 1));
        }
    }
    println!("{found} of {tables}");
    ExitCode::SUCCESS
}
