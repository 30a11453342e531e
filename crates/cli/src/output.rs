//! Standard output: results only, whole, and no complaint when a reader such as `head` has enough.

use std::io::{ErrorKind, Write};

use matricule_record::message;

/// Writes a result.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes what was done. That it cannot be told does not undo it.
pub(crate) fn print_done(text: &str) {
    if let Err(error) = print(text) {
        eprintln!("matricule: {}", message!("told-to-nobody", reason = error));
    }
}

/// Lines of cells with their columns aligned, two blanks apart. Widths count characters.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let all = || std::iter::once(&head).chain(rows);
    let widths: Vec<usize> =
        (0..header.len()).map(|at| all().map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    all().map(line).collect()
}

/// The text as it may stand on a terminal, cut to a width.
pub(crate) fn shown(text: &str, width: usize) -> String {
    let text = matricule_text::visible(text);
    if text.chars().count() <= width { text } else { text.chars().take(width - 1).chain(['…']).collect() }
}
