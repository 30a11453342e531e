//! Texts inside .gz and .zip: which there are, what they will become, and how they are read.
//!
//! A packed text is read as a stream like any other, so its size costs time and no memory; the limit on
//! expansion is there because a few megabytes can become the work of days.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::GzDecoder;
use flate2::read::DeflateDecoder;
use matricule_record::{Code, Finding, message};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::format::Format;
use crate::limits::Limits;
use crate::sniff;

/// Bytes at the end of a zip in which its directory is named.
const ZIP_END: u64 = 66_000;

/// How a text lies in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As it is.
    None,
    /// The whole file is gzip.
    Gzip,
    /// A part of a zip.
    Zip {
        /// Where its bytes begin.
        start: u64,
        /// How many they are.
        bytes: u64,
        /// Whether they are deflated, or lie there as they are.
        deflated: bool,
    },
}

/// A ledger in a zip.
pub(crate) struct PackedText {
    /// Its path in the zip, with `/`.
    pub name: String,
    /// How it lies there, or why it cannot be read.
    pub packing: Result<Packing, Finding>,
}

/// Opens a text for reading from its beginning.
pub(crate) fn open(path: &Path, packing: &Packing) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    Ok(match *packing {
        Packing::None => Box::new(file),
        Packing::Gzip => Box::new(Gzip { member: Some(GzDecoder::new(BufReader::new(file))) }),
        Packing::Zip { start, bytes, deflated } => {
            file.seek(SeekFrom::Start(start))?;
            let packed = BufReader::new(file.take(bytes));
            if deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) }
        }
    })
}

/// The members of a gzip, one after the other. Zeros behind the last one fill the block of a tape and are no member.
struct Gzip<R> {
    /// The member that is read; none behind the last one.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(output)?;
            if read > 0 || output.is_empty() {
                return Ok(read);
            }
            self.member =
                self.member.take().map(|member| next_member(member.into_inner())).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// The member behind zeros, or none.
fn next_member<R: BufRead>(mut packed: R) -> io::Result<Option<GzDecoder<R>>> {
    loop {
        let bytes = packed.fill_buf()?;
        let (zeros, all) = (bytes.iter().take_while(|byte| **byte == 0).count(), bytes.len());
        packed.consume(zeros);
        if zeros == 0 {
            return Ok((all > 0).then(|| GzDecoder::new(packed)));
        }
    }
}

/// Whether a name is that of a packed ledger: `book.csv.gz`, or any zip.
pub(crate) fn is_named(path: &Path) -> bool {
    let ending =
        |path: &Path| path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending(path).as_deref() {
        Some("gz") => path.file_stem().is_some_and(|stem| is_text_name(Path::new(stem))),
        Some("zip") => true,
        _ => false,
    }
}

/// Whether a file begins as gzip does.
pub(crate) fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 8])
}

/// A text that becomes more than is allowed.
pub(crate) fn too_much(packed_bytes: u64, limits: &Limits) -> Finding {
    let (times, allowed) = (limits.expansion, limits.inflated(packed_bytes) >> 20);
    let message = message!("i107-expansion", packed_bytes = packed_bytes, allowed = allowed, times = times);
    Finding::new(Code::I107, message).suggest(message!("i107-expansion-repair"))
}

fn damaged(error: &dyn std::fmt::Display) -> Finding {
    Finding::new(Code::I101, message!("i101-archive", error = error)).suggest(message!("i101-archive-repair"))
}

/// The ledgers in a zip, by their names; what is not named like one, and what a system put there, is left
/// out. Only texts can be read there.
pub(crate) fn texts_in_zip(path: &Path, limits: &Limits) -> Result<Vec<PackedText>, Finding> {
    let most = limits.archive_entries;
    if u64::from(entries(path).map_err(|error| damaged(&error))?) > most {
        let finding = Finding::new(Code::I107, message!("i107-entries", most = most));
        return Err(finding.suggest(message!("i107-entries-repair")));
    }
    let file = File::open(path).map_err(|error| damaged(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    if archive.has_overlapping_files().map_err(|error| damaged(&error))? {
        return Err(Finding::new(Code::I107, message!("i107-overlap")));
    }
    if is_twice(path, &archive, within).map_err(|error| damaged(&error))? {
        let finding = Finding::new(Code::I101, message!("i101-archive-twice"));
        return Err(finding.suggest(message!("i101-archive-repair")));
    }
    let mut texts = Vec::new();
    for index in 0..archive.len() {
        texts.extend(text_in_zip(&mut archive, index, limits).map_err(|error| damaged(&error))?);
    }
    texts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(texts)
}

type Archive = ZipArchive<BufReader<File>>;

/// Whether two members of a zip have one name, as names are compared there. Of two with the very same name only one
/// can be asked for, so their number is compared with what the directory says.
pub(crate) fn is_twice(path: &Path, archive: &Archive, name_of: impl Fn(&str) -> String) -> io::Result<bool> {
    let said = entries(path)?;
    let mut names = HashSet::new();
    let is_alone = archive.file_names().flatten().all(|name| names.insert(name_of(&name)));
    Ok(!is_alone || (said < u16::MAX && usize::from(said) > archive.len()))
}

/// The path of a member within its zip.
fn within(name: &str) -> String {
    let name = name.replace('\\', "/");
    let parts: Vec<&str> = name.split('/').filter(|part| *part != ".").collect();
    parts.join("/")
}

fn text_in_zip(archive: &mut Archive, index: usize, limits: &Limits) -> Result<Option<PackedText>, ZipError> {
    let entry = archive.by_index_raw(index)?;
    let name = within(&entry.name()?);
    let is_outside = name.split('/').any(|part| part == "..");
    let is_system = |part: &str| (part.starts_with('.') && part != "..") || part.starts_with("~$");
    let is_system = name.split('/').any(|part| is_system(part) || part == "__MACOSX");
    let is_text = is_text_name(Path::new(&name));
    let is_ledger =
        is_text || is_named(Path::new(&name)) || Format::from_extension(Path::new(&name)).is_some();
    if !entry.is_file() || is_system || !is_ledger {
        return Ok(None);
    }
    let refused = |finding| Ok(Some(PackedText { name: name.clone(), packing: Err(finding) }));
    if is_outside {
        return refused(sniff::unknown(message!("i103-outside")));
    }
    if !is_text {
        return refused(sniff::unknown(message!("i103-nested")));
    }
    if entry.encrypted() {
        return refused(sniff::password());
    }
    let deflated = match entry.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        other => return refused(sniff::unknown(&message!("i103-packed-by", other = other))),
    };
    let (start, bytes) = (entry.data_start().ok_or(ZipError::FileNotFound)?, entry.compressed_size());
    let packing = Packing::Zip { start, bytes, deflated };
    drop(entry);
    // Reading it to its end checks its sum; damage costs this member alone.
    let member = archive.by_index(index)?.take(limits.inflated(bytes));
    match io::copy(&mut { member }, &mut io::sink()) {
        Ok(_) => Ok(Some(PackedText { name, packing: Ok(packing) })),
        Err(error) => refused(damaged(&error)),
    }
}

fn is_text_name(path: &Path) -> bool {
    let plain = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
    plain || Format::from_extension(path).is_some_and(Format::is_text)
}

/// How many entries a zip says that it has, before its directory is read.
fn entries(path: &Path) -> io::Result<u16> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    file.seek(SeekFrom::Start(bytes.saturating_sub(ZIP_END)))?;
    let mut end = Vec::new();
    file.take(ZIP_END).read_to_end(&mut end)?;
    let at = memchr::memmem::rfind(&end, b"PK\x05\x06");
    let count = at.and_then(|at| end.get(at + 10..at + 12));
    Ok(count.map_or(0, |count| u16::from_le_bytes([count[0], count[1]])))
}
