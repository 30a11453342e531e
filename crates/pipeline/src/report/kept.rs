//! What persons filled in is not lost: a file of repairs is only replaced while it holds the bytes that a report wrote.
//!
//! `SHA256SUMS` in the folder of a report has the digests of the files that are filled in, as `sha256sum --check` reads them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use matricule_record::message;

use super::{REJECTED_SAFE, private_new, workbook_name};
use crate::Error;
use crate::export::digest;

/// The file of the digests.
pub(super) const SUMS: &str = "SHA256SUMS";

/// A file that stands under another name, because somebody had written into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it stood.
    pub file: PathBuf,
    /// Where it stands.
    pub kept: PathBuf,
}

impl Kept {
    /// What is said of it.
    pub fn told(&self) -> String {
        message!("report-kept", file = self.file.display(), kept = self.kept.display())
    }
}

/// The digests of the files of a folder that persons fill in.
pub(super) fn sums(folder: &Path) -> io::Result<String> {
    let mut sums = String::new();
    for name in filled_in(folder) {
        let _ = writeln!(sums, "{}  {name}", digest(&folder.join(&name))?);
    }
    Ok(sums)
}

/// Renames the files of a folder that persons may have filled in and that are not as a report wrote them.
pub(super) fn keep(folder: &Path) -> Result<Vec<Kept>, Error> {
    let written = fs::read_to_string(folder.join(SUMS)).unwrap_or_default();
    let written: BTreeMap<&str, &str> =
        written.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name, sum)).collect();
    let mut kept = Vec::new();
    for name in filled_in(folder) {
        let file = folder.join(&name);
        let read = |error| Error::Read { path: file.clone(), error };
        if written.get(name.as_str()) == Some(&digest(&file).map_err(read)?.as_str()) {
            continue;
        }
        let renamed = rename(&file).map_err(|error| Error::Write { path: file.clone(), error })?;
        kept.push(Kept { file, kept: renamed });
    }
    Ok(kept)
}

/// The files of a folder that persons fill in.
fn filled_in(folder: &Path) -> impl Iterator<Item = String> {
    let is_there = |name: &String| folder.join(name).is_file();
    let first = [REJECTED_SAFE.to_owned(), workbook_name(1)].into_iter().filter(is_there);
    first.chain((2..).map(workbook_name).take_while(is_there))
}

/// Gives a file a name with the time in it that no other has.
fn rename(file: &Path) -> io::Result<PathBuf> {
    let [stem, ending] = [file.file_stem(), file.extension()].map(|part| part.unwrap_or_default().display());
    let time = Timestamp::now().strftime("%Y-%m-%d %H%M%S");
    let mut number = 1;
    loop {
        let further = if number == 1 { String::new() } else { format!(" {number}") };
        let kept = file.with_file_name(format!("{stem} (kept {time}{further}).{ending}"));
        match private_new(&kept) {
            // The name is taken by this empty file, which the other replaces.
            Ok(_) => return fs::rename(file, &kept).map(|()| kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}
