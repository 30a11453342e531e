//! Which files there are to read: the arguments, and what stands in the folders among them.
//!
//! Order and relative paths depend on nothing but names, because addresses are made of them.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use matricule_mapping::Profile;
use matricule_record::{Code, FileFacts, Finding, Text, message};
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use crate::format::Format;
use crate::limits::Limits;
use crate::packed::{self, Packing};
use crate::profile::{is_profile_name, limits_for, profiles_in};
use crate::sniff;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path relative to the argument it came from, with `/`.
    pub relative: Arc<str>,
    /// How it lies in the file.
    pub packing: Packing,
    /// Size of the file in bytes.
    pub on_disk: u64,
    /// Its own size in bytes, unpacked.
    pub bytes: u64,
    /// SHA-256 of its bytes, unpacked, hexadecimal.
    pub sha256: Text,
    /// Its format, by content.
    pub format: Format,
    /// When it was last changed, to notice a change while it is read.
    pub modified: Option<SystemTime>,
    /// The profiles in its folder.
    pub profiles: Arc<[PathBuf]>,
}

/// What is declared in a folder, or for all of them.
#[derive(Clone)]
struct Declarations<'a> {
    profiles: Arc<[PathBuf]>,
    given: Option<&'a Profile>,
}

impl Declarations<'_> {
    fn limits_for(&self, path: &Path) -> Limits {
        limits_for(path, &self.profiles, self.given)
    }
}

impl LedgerFile {
    /// The facts known before the file is read.
    pub fn facts(&self) -> FileFacts {
        FileFacts {
            path: self.relative.clone(),
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            format: self.format.name().into(),
            ..FileFacts::default()
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discovery {
    /// The files to read, by relative path.
    pub files: Vec<LedgerFile>,
    /// Files that cannot be read, and why.
    pub refused: Vec<(FileFacts, Finding)>,
    /// Other files in the folders, by relative path.
    pub left_aside: Vec<Arc<str>>,
    /// Refused rows that a report wrote into the folders: they are repaired and fed back, and are no ledgers.
    pub of_reports: Vec<Arc<str>>,
}

/// A path found, before it was opened.
struct Candidate {
    path: PathBuf,
    relative: String,
    argument: String,
    known: bool,
    /// Whether it is an argument itself.
    named: bool,
    /// Whether a report wrote it.
    of_report: bool,
}

/// Finds the ledgers among the arguments: files as given, folders with all below them. Hidden
/// files and `ledger.toml` are no ledgers; other files of a folder, and links to folders, are left
/// aside. What a packed file may become is declared by the profile given, or the one beside it.
pub fn discover(arguments: &[PathBuf], given: Option<&Profile>) -> Discovery {
    let mut discovery = Discovery::default();
    let mut candidates: Vec<Candidate> =
        arguments.iter().flat_map(|argument| candidates_of(argument, &mut discovery)).collect();
    drop_repeated(&mut candidates);
    make_distinct(&mut candidates);
    candidates.sort_by(|a, b| a.relative.cmp(&b.relative));
    let mut folders = HashMap::<PathBuf, Arc<[PathBuf]>>::new();
    for candidate in candidates {
        let folder = candidate.path.parent().unwrap_or(Path::new(""));
        let profiles = match folders.get(folder) {
            Some(known) => known.clone(),
            None => folders.entry(folder.to_owned()).or_insert_with(|| profiles_in(folder).into()).clone(),
        };
        take(&candidate, &Declarations { profiles, given }, &mut discovery);
    }
    discovery.left_aside.sort_unstable();
    discovery
}

fn take(candidate: &Candidate, declared: &Declarations<'_>, discovery: &mut Discovery) {
    let relative: Arc<str> = candidate.relative.as_str().into();
    if candidate.of_report {
        discovery.of_reports.push(relative);
        return;
    }
    if !candidate.known {
        discovery.left_aside.push(relative);
        return;
    }
    match open(&candidate.path, &relative, declared) {
        Ok(file) => discovery.files.push(file),
        Err(refused) if refused.1.code == Code::I103 && is_zip(&candidate.path) => {
            take_zip(candidate, *refused, declared, discovery);
        }
        Err(refused) => discovery.refused.push(*refused),
    }
}

/// Takes the texts in a zip that is no workbook. One without any is no ledger: named by somebody it is
/// refused, found in a folder it is left aside.
fn take_zip(
    candidate: &Candidate,
    refused: (FileFacts, Finding),
    declared: &Declarations<'_>,
    discovery: &mut Discovery,
) {
    let texts = match packed::texts_in_zip(&candidate.path, &declared.limits_for(&candidate.path)) {
        Ok(texts) => texts,
        Err(finding) => return discovery.refused.push((refused.0, finding)),
    };
    if texts.is_empty() {
        if candidate.named {
            discovery.refused.push(refused);
        } else {
            discovery.left_aside.push(candidate.relative.as_str().into());
        }
    }
    for text in texts {
        let relative: Arc<str> = format!("{}/{}", candidate.relative, text.name).into();
        let opened = match text.packing {
            Ok(packing) => open_packed(&candidate.path, &relative, packing, declared),
            Err(finding) => Err(Box::new((FileFacts { path: relative, ..FileFacts::default() }, finding))),
        };
        match opened {
            Ok(file) => discovery.files.push(file),
            Err(refused) => discovery.refused.push(*refused),
        }
    }
}

fn is_zip(path: &Path) -> bool {
    let mut head = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head == *b"PK"
}

fn candidates_of(argument: &Path, discovery: &mut Discovery) -> Vec<Candidate> {
    let name = argument.file_name().map_or_else(|| argument.to_string_lossy(), |name| name.to_string_lossy());
    if !argument.is_dir() || Format::from_extension(argument).is_some() {
        let relative = name.to_string();
        return vec![Candidate {
            path: argument.to_owned(),
            relative,
            argument: parent_name(argument),
            known: true,
            named: true,
            of_report: false,
        }];
    }
    let mut found = Vec::new();
    let mut walk = WalkDir::new(argument).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                discovery.refused.push(unwalkable(argument, &error));
                continue;
            }
        };
        if entry.depth() > 0 && is_hidden(&entry) {
            skip(&mut walk, &entry);
        } else if let Some(candidate) = candidate_in(argument, &name, &entry) {
            skip(&mut walk, &entry);
            found.push(candidate);
        }
    }
    found
}

/// A folder that is hidden, or named like a ledger, is not walked.
fn skip(walk: &mut walkdir::IntoIter, entry: &DirEntry) {
    if entry.file_type().is_dir() {
        walk.skip_current_dir();
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || name.starts_with("~$") || is_profile_name(&name)
}

fn candidate_in(argument: &Path, name: &str, entry: &DirEntry) -> Option<Candidate> {
    let ledger = Format::from_extension(entry.path()).is_some()
        || (packed::is_named(entry.path()) && !entry.file_type().is_dir());
    if entry.depth() == 0 || (entry.file_type().is_dir() && !ledger) {
        return None;
    }
    let below = entry.path().strip_prefix(argument).unwrap_or(entry.path());
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    Some(Candidate {
        path: entry.path().to_owned(),
        relative: parts.join("/"),
        argument: name.to_owned(),
        known: ledger,
        named: false,
        of_report: is_of_report(entry.path()),
    })
}

/// Whether a file is one of those in which a report shows refused rows, beside the others of that report.
fn is_of_report(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = name.split_once(" (kept ").map_or(&*name, |(name, _)| name);
    let is_further = |number: &str| number == "safe" || number.bytes().all(|b| b.is_ascii_digit());
    let is_named = name
        .strip_prefix("rejected")
        .is_some_and(|rest| rest.strip_prefix('-').map_or(rest.is_empty(), is_further));
    is_named
        && ["rejected.csv", "rejected.json", "report.html"]
            .iter()
            .all(|other| path.with_file_name(other).is_file())
}

fn parent_name(path: &Path) -> String {
    path.parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A file that two arguments reach is read once.
fn drop_repeated(candidates: &mut Vec<Candidate>) {
    let mut seen = HashSet::new();
    candidates.retain(|candidate| candidate.path.canonicalize().map_or(true, |path| seen.insert(path)));
}

/// Gives files of one relative path the name of their argument in front, and a number where even
/// that does not tell them apart.
fn make_distinct(candidates: &mut [Candidate]) {
    let mut count = HashMap::<String, usize>::new();
    for candidate in candidates.iter() {
        *count.entry(candidate.relative.clone()).or_default() += 1;
    }
    let mut taken = HashSet::new();
    for candidate in candidates {
        if count.get(&candidate.relative).is_some_and(|&n| n > 1) && !candidate.argument.is_empty() {
            candidate.relative = format!("{}/{}", candidate.argument, candidate.relative);
        }
        let wanted = candidate.relative.clone();
        let mut number = 1;
        while !taken.insert(candidate.relative.clone()) {
            number += 1;
            candidate.relative = format!("{wanted} ({number})");
        }
    }
}

fn unwalkable(argument: &Path, error: &walkdir::Error) -> (FileFacts, Finding) {
    let path = error.path().unwrap_or(argument);
    let below = path.strip_prefix(argument).unwrap_or(path);
    let facts = FileFacts { path: below.to_string_lossy().replace('\\', "/").into(), ..FileFacts::default() };
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    (facts, unreadable(&reason))
}

/// A file that the operating system does not let read.
pub(crate) fn unreadable(reason: &str) -> Finding {
    Finding::new(Code::I101, message!("i101-cannot-be-read", reason = reason))
        .suggest(message!("i101-cannot-be-read-repair"))
}

/// Reads a file once: size, digest and format.
fn open(
    path: &Path,
    relative: &Arc<str>,
    declared: &Declarations<'_>,
) -> Result<LedgerFile, Box<(FileFacts, Finding)>> {
    let packing = match begin(path) {
        Ok(head) if packed::is_gzip(&head) => Packing::Gzip,
        Ok(_) => Packing::None,
        Err(error) => {
            let facts = FileFacts { path: relative.clone(), ..FileFacts::default() };
            return Err(Box::new((facts, unreadable(&error.to_string()))));
        }
    };
    open_packed(path, relative, packing, declared)
}

fn begin(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut head)?;
    Ok(head)
}

fn open_packed(
    path: &Path,
    relative: &Arc<str>,
    packing: Packing,
    declared: &Declarations<'_>,
) -> Result<LedgerFile, Box<(FileFacts, Finding)>> {
    let mut facts = FileFacts { path: relative.clone(), ..FileFacts::default() };
    match examine(path, &packing, declared, &mut facts) {
        Ok(Ok(Examined { format, modified, on_disk })) => Ok(LedgerFile {
            path: path.to_owned(),
            relative: relative.clone(),
            packing,
            on_disk,
            bytes: facts.bytes,
            sha256: facts.sha256,
            format,
            modified,
            profiles: declared.profiles.clone(),
        }),
        Ok(Err(finding)) => Err(Box::new((facts, finding))),
        Err(error) => Err(Box::new((facts, unreadable(&error.to_string())))),
    }
}

/// What one look at a file tells.
struct Examined {
    format: Format,
    modified: Option<SystemTime>,
    on_disk: u64,
}

fn examine(
    path: &Path,
    packing: &Packing,
    declared: &Declarations<'_>,
    facts: &mut FileFacts,
) -> io::Result<Result<Examined, Finding>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Ok(Err(unreadable(message!("i101-no-file"))));
    }
    let on_disk = metadata.len();
    let limits = if *packing == Packing::None { None } else { Some(declared.limits_for(path)) };
    let allowed = limits.as_ref().map_or(u64::MAX, |limits| limits.inflated(on_disk));
    let digested = digest(&mut packed::open(path, packing)?.take(allowed.saturating_add(1)))?;
    (facts.bytes, facts.sha256) = digested;
    facts.format = Format::from_extension(path).map_or("", Format::name).into();
    if facts.bytes == 0 {
        return Ok(Err(Finding::new(Code::I101, message!("i101-empty"))));
    }
    if let Some(limits) = limits.filter(|_| facts.bytes > allowed) {
        return Ok(Err(packed::too_much(on_disk, &limits)));
    }
    let format = match packing {
        Packing::None => sniff::sniff(path, &mut File::open(path)?)?,
        packing => sniff::sniff_packed(&facts.path, packed::open(path, packing)?)?,
    };
    Ok(format.map(|format| {
        facts.format = format.name().into();
        Examined { format, modified: metadata.modified().ok(), on_disk }
    }))
}

fn digest(input: &mut impl Read) -> io::Result<(u64, Text)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        match input.read(&mut buffer)? {
            0 => break,
            read => {
                hasher.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    let hexadecimal =
        hasher.finalize().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    Ok((bytes, hexadecimal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn paths(discovery: &Discovery) -> Vec<&str> {
        discovery.files.iter().map(|file| &*file.relative).collect()
    }

    #[test]
    fn folders_are_walked_and_the_rest_left_aside() {
        let folder = folder(&[
            ("b.csv", b"x"),
            ("sub/a.CSV", b"x"),
            ("sub/ledger.toml", b""),
            ("sub/a.ledger.toml", b""),
            (".git/c.csv", b"x"),
            ("~$b.xlsx", b"x"),
            ("readme.txt", b"x"),
            ("empty.csv", b""),
            ("bundle.xlsx/inner.csv", b"x"),
        ]);
        let discovery = discover(&[folder.path().to_owned()], None);
        assert_eq!(paths(&discovery), ["b.csv", "sub/a.CSV"]);
        assert_eq!(discovery.left_aside, ["readme.txt".into()]);
        let refused: Vec<_> = discovery.refused.iter().map(|(facts, f)| (&*facts.path, f.code)).collect();
        assert_eq!(refused, [("bundle.xlsx", Code::I101), ("empty.csv", Code::I101)]);
    }

    #[test]
    fn refused_rows_that_a_report_wrote_are_no_ledgers() {
        let of_report = [
            "rejected (kept 2026-11-22 204500).xlsx",
            "rejected-2.xlsx",
            "rejected-safe.csv",
            "rejected.csv",
            "rejected.json",
            "rejected.xlsx",
        ];
        let mut files: Vec<(String, &[u8])> =
            of_report.iter().map(|name| (format!("r/{name}"), b"x".as_slice())).collect();
        // Beside no report such a name is that of a ledger, and so is another name beside one.
        for name in ["r/report.html", "r/rejected-police.csv", "a/rejected.csv"] {
            files.push((name.to_owned(), b"x"));
        }
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let folder = folder(&files);
        let discovery = discover(&[folder.path().to_owned()], None);
        assert_eq!(paths(&discovery), ["a/rejected.csv", "r/rejected-police.csv"]);
        assert_eq!(discovery.of_reports, of_report.map(|name| format!("r/{name}").into()));
        assert_eq!(discovery.left_aside, ["r/report.html".into()]);
        // What somebody names is read.
        assert_eq!(paths(&discover(&[folder.path().join("r/rejected.csv")], None)), ["rejected.csv"]);
    }

    #[test]
    fn two_arguments_keep_their_files_apart() {
        let folder = folder(&[("one/a.csv", b"1"), ("two/a.csv", b"2"), ("two/b.csv", b"3")]);
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        let discovery = discover(&[one, two.clone(), two.join("b.csv")], None);
        assert_eq!(paths(&discovery), ["b.csv", "one/a.csv", "two/a.csv"]);
    }

    #[test]
    fn a_named_file_is_read_by_its_content() {
        let folder = folder(&[
            ("ledger.txt", b"serial;make\n"),
            ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0"),
        ]);
        let names = ["ledger.txt", "photo.jpg", "gone.csv"].map(|name| folder.path().join(name));
        let discovery = discover(&names, None);
        assert_eq!(paths(&discovery), ["ledger.txt"]);
        let refused: Vec<_> = discovery.refused.iter().map(|(facts, f)| (&*facts.path, f.code)).collect();
        assert_eq!(refused, [("gone.csv", Code::I101), ("photo.jpg", Code::I103)]);
    }
}
